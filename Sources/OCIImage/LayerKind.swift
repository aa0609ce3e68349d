package import OCISpec

/// How a layer becomes content.
package enum LayerKind: Equatable, Sendable {
    /// How a tar layer is compressed.
    package enum Compression: Equatable, Sendable {
        case none, gzip, zstd
    }

    /// A change of the root file system.
    case tar(Compression)
    /// The module itself.
    case module

    /// From the media type; `nil` where it is none that we take.
    package init?(_ type: MediaType) {
        switch type.rawValue {
        case "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.docker.image.rootfs.diff.tar",
            "application/vnd.docker.image.rootfs.foreign.diff.tar":
            self = .tar(.none)
        case "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip":
            self = .tar(.gzip)
        case "application/vnd.oci.image.layer.v1.tar+zstd",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.diff.tar.zstd":
            self = .tar(.zstd)
        case "application/wasm",
            "application/vnd.wasm.content.layer.v1+wasm",
            "application/vnd.module.wasm.content.layer.v1+wasm",
            "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm":
            self = .module
        default:
            return nil
        }
    }
}
