package import OCILayout
package import OCISpec

/// One image, chosen and checked as far as its documents go; its layers are not read yet.
package struct Image: Sendable {
    /// A layer that changes the root file system.
    package struct TarLayer: Equatable, Sendable {
        /// Refers to the blob.
        package let descriptor: Descriptor
        /// How the blob is compressed.
        package let compression: LayerKind.Compression
        /// What the tar stream hashes to.
        package let diffID: Digest
    }

    /// How many layers an image may have.
    package static let layerLimit = 128
    /// How many bytes a layer may have that is a module.
    package static let moduleSizeLimit: Int64 = 256 << 20

    /// Where the blobs are.
    package let layout: Layout
    /// Which manifest this is, and why.
    package let choice: ManifestChoice
    /// The manifest.
    package let manifest: Manifest
    /// How to run it; empty for artifacts that do not say.
    package let config: ImageConfig
    /// What the root file system is made of, lowest layer first; empty for artifacts.
    package let tarLayers: [TarLayer]
    /// The layer that is the module; `nil` where the entrypoint names a file of the root file system.
    package let moduleLayer: Descriptor?

    /// Reads the chosen manifest and its config.
    init(_ choice: ManifestChoice, in layout: Layout, passedOver available: [String]) throws(ImageError) {
        let place = layout.place(of: choice.candidate.descriptor)
        let manifest: Manifest
        let config: ImageConfig
        do throws(LayoutError) {
            manifest = try layout.manifest(of: choice.candidate.descriptor)
            config = try Image.config(of: manifest, in: layout)
        } catch {
            throw ImageError(error)
        }
        guard manifest.config.mediaType != .spinConfig else { throw ImageError(.spinApplication, at: place) }
        guard !manifest.layers.isEmpty else { throw ImageError(.noLayers, at: place) }
        guard manifest.layers.count <= Image.layerLimit else {
            throw ImageError(.layerCount(manifest.layers.count, limit: Image.layerLimit), at: place)
        }
        var modules: [Descriptor] = []
        var tars: [(position: Int, layer: Descriptor, compression: LayerKind.Compression)] = []
        for (position, layer) in manifest.layers.enumerated() {
            switch LayerKind(layer.mediaType) {
            case .module: modules.append(layer)
            case .tar(let compression): tars.append((position, layer, compression))
            case nil: throw ImageError(.mediaType(layer.mediaType, of: "layer \(layer.digest.short)"), at: place)
            }
        }
        guard modules.count <= 1 else { throw ImageError(.severalModules(modules.count), at: place) }
        if let listed = config.layerDigests, manifest.config.mediaType == .wasmConfig, let module = modules.first {
            guard listed == [module.digest] else {
                throw ImageError(
                    .differentLayers(reason: "the config's layerDigests are not the manifest's layers"), at: place)
            }
        }
        var layers: [TarLayer] = []
        if !tars.isEmpty {
            let diffIDs = try Image.diffIDs(of: manifest, config, at: place)
            layers = tars.map {
                TarLayer(descriptor: $0.layer, compression: $0.compression, diffID: diffIDs[$0.position])
            }
        }
        self.layout = layout
        self.choice = choice
        self.manifest = manifest
        self.config = config
        tarLayers = layers
        moduleLayer = modules.first
        guard choice.reason != .lastResort || looksLikeWebAssembly else {
            throw ImageError(.platform(wanted: nil, available: available), at: layout.name)
        }
    }

    /// The module of an image whose layer it is, verified.
    package func moduleBytes() throws(ImageError) -> [UInt8]? {
        guard let moduleLayer else { return nil }
        do throws(LayoutError) {
            return try layout.bytes(of: moduleLayer, limit: Image.moduleSizeLimit)
        } catch {
            throw ImageError(error)
        }
    }

    /// Where the manifest is, for errors.
    package var place: String { layout.place(of: choice.candidate.descriptor) }

    /// Artifacts may have any config; only those whose form is known are read. All are verified.
    private static func config(of manifest: Manifest, in layout: Layout) throws(LayoutError) -> ImageConfig {
        let type = manifest.config.mediaType
        let hasRootFileSystem = manifest.layers.contains { LayerKind($0.mediaType) != .module }
        if type.isImageConfig || type == .wasmConfig || hasRootFileSystem && type != .spinConfig {
            return try layout.config(of: manifest.config)
        }
        _ = try layout.bytes(of: manifest.config, limit: Int64(Document.sizeLimit))
        return ImageConfig(platform: .wasip1)
    }

    private static func diffIDs(
        of manifest: Manifest, _ config: ImageConfig, at place: String
    ) throws(ImageError) -> [Digest] {
        guard let rootfs = config.rootfs else {
            throw ImageError(.differentLayers(reason: "the config has no rootfs"), at: place)
        }
        guard rootfs.type == "layers" else {
            throw ImageError(
                .differentLayers(reason: "the config's rootfs.type is \(rootfs.type.debugDescription)"), at: place)
        }
        guard rootfs.diffIDs.count == manifest.layers.count else {
            let counts = "\(rootfs.diffIDs.count) diff_ids for \(manifest.layers.count) layers"
            throw ImageError(.differentLayers(reason: "the config has \(counts)"), at: place)
        }
        return rootfs.diffIDs
    }

    /// Whether an image that is made for Linux says in another way that it is WebAssembly.
    private var looksLikeWebAssembly: Bool {
        if moduleLayer != nil { return true }
        let annotations = (manifest.annotations ?? [:]).merging(choice.candidate.descriptor.annotations ?? [:]) { $1 }
        if annotations[Annotation.moduleVariant] != nil { return true }
        if annotations[Annotation.runHandler]?.hasPrefix("wasm") == true { return true }
        let program = (config.config?.entrypoint ?? []) + (config.config?.command ?? [])
        return program.first.map { Entrypoint($0).path.hasSuffix(".wasm") } ?? false
    }
}
