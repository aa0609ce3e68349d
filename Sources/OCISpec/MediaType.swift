/// What a blob holds, as its descriptor says.
package struct MediaType: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The type as written.
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }

    package init(from decoder: any Decoder) throws {
        rawValue = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    package var description: String { rawValue }
}

extension MediaType {
    /// image-spec, image-index.md.
    package static let imageIndex = MediaType("application/vnd.oci.image.index.v1+json")
    /// image-spec, manifest.md.
    package static let imageManifest = MediaType("application/vnd.oci.image.manifest.v1+json")
    /// image-spec, config.md.
    package static let imageConfig = MediaType("application/vnd.oci.image.config.v1+json")
    /// image-spec, layer.md: not compressed.
    package static let tarLayer = MediaType("application/vnd.oci.image.layer.v1.tar")
    /// image-spec, layer.md: gzip.
    package static let gzipLayer = MediaType("application/vnd.oci.image.layer.v1.tar+gzip")
    /// image-spec, layer.md: zstd.
    package static let zstdLayer = MediaType("application/vnd.oci.image.layer.v1.tar+zstd")
    /// The config of a wasm artifact (CNCF TAG Runtime, "Wasm OCI Artifact Layout").
    package static let wasmConfig = MediaType("application/vnd.wasm.config.v0+json")
    /// The module of a wasm artifact.
    package static let wasmModule = MediaType("application/wasm")
    /// The config of a Spin application.
    package static let spinConfig = MediaType("application/vnd.fermyon.spin.application.v1+config")

    /// Whether the blob is a list of manifests, in OCI's or Docker's words.
    package var isIndex: Bool {
        self == .imageIndex || rawValue == "application/vnd.docker.distribution.manifest.list.v2+json"
    }

    /// Whether the blob is one image's manifest, in OCI's or Docker's words.
    package var isManifest: Bool {
        self == .imageManifest || rawValue == "application/vnd.docker.distribution.manifest.v2+json"
    }

    /// Whether the blob is the config of an image with a root file system, in OCI's or Docker's words.
    package var isImageConfig: Bool {
        self == .imageConfig || rawValue == "application/vnd.docker.container.image.v1+json"
    }
}
