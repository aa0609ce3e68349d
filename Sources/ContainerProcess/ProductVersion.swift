/// The version of the product: of all programs of one installation, which are made and used together.
package enum ProductVersion {
    /// As in semantic versioning 2.0.
    package static let current = "0.2.0"
}
