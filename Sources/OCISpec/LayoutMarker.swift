/// The file `oci-layout`, by which a folder says that it is an image layout (image-spec, image-layout.md).
package struct LayoutMarker: Equatable, Sendable, Codable {
    /// The one version there is.
    package static let currentVersion = "1.0.0"

    /// The version of the layout.
    package var imageLayoutVersion: String

    package init(imageLayoutVersion: String = currentVersion) { self.imageLayoutVersion = imageLayoutVersion }
}
