package import LinuxSystem

/// The module of a bundle, opened, with its first bytes looked at.
package struct BundleModule: ~Copyable {
    /// The file, open for reading from its start.
    package let descriptor: OwnedDescriptor
    /// Where it lies in the root file system.
    package let path: String

    /// Gives up the descriptor, for a guest to inherit.
    package consuming func release() -> Int32 { descriptor.release() }
}
