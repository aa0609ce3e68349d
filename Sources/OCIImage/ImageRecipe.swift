package import OCILayout
package import OCISpec

/// How to make an image of one module.
package struct ImageRecipe: Equatable, Sendable {
    /// What kind of image.
    package enum Form: Equatable, Sendable {
        /// An image with a root file system that holds the module, as Docker and containerd run it.
        case rootFileSystem(Platform)
        /// A wasm artifact: the module is the layer (CNCF TAG Runtime, "Wasm OCI Artifact Layout").
        case artifact
    }

    /// The module's file name in the image.
    package var name: String
    /// The module.
    package var module: [UInt8]
    /// What kind of image.
    package var form: Form
    /// What to run in place of the module's name: `/app.wasm#function`, and its fixed arguments.
    package var entrypoint: [String]?
    /// When the image says it was made, RFC 3339. Constant, so that equal input gives equal digests.
    package var created = "1970-01-01T00:00:00Z"

    package init(
        name: String, module: [UInt8], form: Form = .rootFileSystem(.wasi), entrypoint: [String]? = nil
    ) {
        self.name = name
        self.module = module
        self.form = form
        self.entrypoint = entrypoint
    }

    /// Whether the module is a component (component-model, Binary.md: layer 1 in the preamble).
    package var isComponent: Bool { module.count >= 8 && module[6] == 1 }

    /// Writes the image to a new layout, or into the one at `path`, under the name `reference`; what had that name
    /// there loses it. Returns what refers to the manifest.
    @discardableResult
    package func write(to path: String, reference: String? = nil) throws(LayoutError) -> Descriptor {
        var written: Descriptor?
        try LayoutWriter.write(to: path) { (writer: borrowing LayoutWriter) throws(LayoutError) in
            var manifest =
                switch form {
                case .rootFileSystem(let platform): try writeImage(for: platform, with: writer)
                case .artifact: try writeArtifact(with: writer)
                }
            manifest.annotations = reference.map { [Annotation.referenceName: $0] }
            written = manifest
            return [manifest]
        }
        guard let written else { throw LayoutError(.missingBlob, at: path) }
        return written
    }

    private func writeImage(
        for platform: Platform, with writer: borrowing LayoutWriter
    ) throws(LayoutError) -> Descriptor {
        let layer = try writer.add(LayerArchive.bytes(name: name, content: module), as: .tarLayer)
        let config = ImageConfig(
            platform: platform, created: created,
            config: ImageConfig.Execution(entrypoint: entrypoint ?? ["/\(name)"], workingFolder: "/"),
            rootfs: ImageConfig.RootFileSystem(diffIDs: [layer.digest]))
        let manifest = Manifest(config: try writer.add(document: config, as: .imageConfig), layers: [layer])
        var descriptor = try writer.add(document: manifest, as: .imageManifest)
        descriptor.platform = platform
        return descriptor
    }

    private func writeArtifact(with writer: borrowing LayoutWriter) throws(LayoutError) -> Descriptor {
        let layer = try writer.add(module, as: .wasmModule, annotations: [Annotation.title: name])
        let platform = isComponent ? Platform.wasip2 : .wasip1
        let config = ImageConfig(platform: platform, created: created, layerDigests: [layer.digest])
        let manifest = Manifest(config: try writer.add(document: config, as: .wasmConfig), layers: [layer])
        var descriptor = try writer.add(document: manifest, as: .imageManifest)
        descriptor.platform = platform
        return descriptor
    }
}
