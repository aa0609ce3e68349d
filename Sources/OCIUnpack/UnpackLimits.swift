/// How much one image may unpack to, so that a small download cannot fill a disk.
package struct UnpackLimits: Equatable, Sendable {
    /// Bytes of one layer's tar stream.
    package var layerBytes: Int64 = 1 << 30
    /// Bytes of all files of an image.
    package var imageBytes: Int64 = 1 << 30
    /// Entries of all layers together.
    package var entries: Int64 = 100_000
    /// Bytes of an image archive, uncompressed.
    package var archiveBytes: Int64 = 4 << 30

    package init() {}

    /// Bytes of an entry's path.
    static let pathBytes = 4096
    /// Bytes of one component of a path.
    static let componentBytes = 255
    /// Components of a path.
    static let pathDepth = 512
    /// Bytes of an extended header.
    static let extendedHeaderBytes: Int64 = 1 << 20
}
