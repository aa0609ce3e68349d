package import OCILayout
package import OCISpec

/// Makes image layouts for tests, piece by piece; every document can be made wrong.
package final class LayoutBuilder: Sendable {
    /// A module with nothing in it.
    package static let module: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]

    /// A layer and what its tar stream hashes to.
    package struct Layer: Sendable {
        package var descriptor: Descriptor
        package var diffID: Digest

        package init(descriptor: Descriptor, diffID: Digest) {
            self.descriptor = descriptor
            self.diffID = diffID
        }
    }

    /// Where the layout is.
    package let folder: TestFolder

    /// Makes an empty layout.
    package init() throws {
        folder = try TestFolder()
        try folder.write(#"{"imageLayoutVersion":"1.0.0"}"#, to: "oci-layout")
        try folder.makeFolder("blobs/sha256")
        try index([])
    }

    /// The layout's path.
    package var path: String { folder.path }

    /// Writes a blob.
    package func blob(_ bytes: [UInt8], _ mediaType: MediaType) throws -> Descriptor {
        let digest = BlobHasher.digest(of: bytes)
        try folder.write(bytes, to: "blobs/sha256/\(digest.encoded)")
        return Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count))
    }

    /// Writes a document as a blob.
    package func blob(_ document: String, _ mediaType: MediaType) throws -> Descriptor {
        try blob(Array(document.utf8), mediaType)
    }

    /// Writes a tar layer, not compressed.
    package func layer(_ tar: TarBuilder) throws -> Layer {
        let descriptor = try blob(tar.archive, .tarLayer)
        return Layer(descriptor: descriptor, diffID: descriptor.digest)
    }

    /// Writes a config and a manifest.
    package func image(
        _ layers: [Layer], platform: Platform = .wasi,
        config: ImageConfig.Execution = ImageConfig.Execution(entrypoint: ["/app.wasm"]),
        annotations: [String: String]? = nil
    ) throws -> Descriptor {
        let document = ImageConfig(
            platform: platform, config: config, rootfs: ImageConfig.RootFileSystem(diffIDs: layers.map(\.diffID)))
        return try manifest(
            config: try blob(try Document.encode(document), .imageConfig), layers.map(\.descriptor), annotations)
    }

    /// Writes an artifact's config and manifest.
    package func artifact(_ layers: [Descriptor], config: String, _ type: MediaType) throws -> Descriptor {
        try manifest(config: try blob(config, type), layers, nil)
    }

    /// Writes a manifest.
    package func manifest(
        config: Descriptor, _ layers: [Descriptor], _ annotations: [String: String]? = nil
    ) throws -> Descriptor {
        let document = Manifest(config: config, layers: layers, annotations: annotations)
        return try blob(try Document.encode(document), .imageManifest)
    }

    /// Writes an index as a blob.
    package func nested(_ manifests: [Descriptor]) throws -> Descriptor {
        try blob(try Document.encode(Index(manifests: manifests)), .imageIndex)
    }

    /// Writes `index.json`.
    package func index(_ manifests: [Descriptor]) throws {
        try folder.write(try Document.encode(Index(manifests: manifests)), to: "index.json")
    }

    /// A layout with one image of one layer that holds `/app.wasm` and what `tar` adds.
    package convenience init(_ tar: TarBuilder...) throws {
        try self.init()
        let first = try layer(TarBuilder().file("app.wasm", LayoutBuilder.module))
        try index([try image([first] + tar.map(layer))])
    }

    /// Opens the layout.
    package func layout() throws -> Layout { try Layout(at: path) }
}

extension Descriptor {
    /// The same, with a platform.
    package func on(_ platform: Platform) -> Descriptor {
        var copy = self
        copy.platform = platform
        return copy
    }

    /// The same, with a reference name.
    package func called(_ name: String) -> Descriptor {
        var copy = self
        copy.annotations = [Annotation.referenceName: name]
        return copy
    }
}
