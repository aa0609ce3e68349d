internal import ContainerProcess
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem
internal import OCIImage
internal import OCILayout
internal import OCISpec

/// Makes an image of one module: a layer with the module in a root file system, or the module as the only layer.
struct ImageBuilder: Equatable, Sendable {
    /// The module's file.
    let file: String
    /// Whether the module itself is the layer (CNCF, wasm-oci-artifact.md).
    let isArtifact: Bool
    var tag: String?
    var platform: Platform
    /// Where the module lies in the root file system, relative to it.
    private var path: String
    private var function: String?

    init(file: String, isArtifact: Bool) {
        self.file = file
        self.isArtifact = isArtifact
        platform = isArtifact ? .wasip1 : .wasi
        path = file.split(separator: "/").last.map(String.init) ?? "module.wasm"
    }

    /// Takes `PATH`, `PATH#FUNCTION` or `#FUNCTION`.
    mutating func setEntrypoint(_ text: String) throws(Failure) {
        let entrypoint = Entrypoint(text)
        if !entrypoint.path.isEmpty {
            let parts = entrypoint.path.split(separator: "/")
            guard entrypoint.path.hasPrefix("/"), !parts.isEmpty, !parts.contains("."), !parts.contains("..") else {
                throw .usage(.entrypoint(text, reason: "not an absolute path without . and ..; give /NAME.wasm"))
            }
            path = parts.joined(separator: "/")
        }
        function = entrypoint.function == Entrypoint.defaultFunction ? nil : entrypoint.function
    }

    /// Writes the image; gives its manifest's descriptor.
    func write(to output: String) throws(Failure) -> Descriptor {
        guard path.utf8.count <= TarWriter.pathLimit else {
            throw .usage(
                .entrypoint("/\(path)", reason: "longer than \(TarWriter.pathLimit) bytes; give a shorter one"))
        }
        let module = try Failure.wrapping { () throws(BuildError) in try moduleBytes() }
        var written: Descriptor?
        try Failure.wrapping { () throws(LayoutError) in
            try LayoutWriter.write(to: output) { writer throws(LayoutError) in
                var descriptor = try isArtifact ? writeArtifact(module, writer) : writeImage(module, writer)
                descriptor.platform = platform
                if let tag { descriptor.annotations = [Annotation.referenceName: tag] }
                written = descriptor
                return [descriptor]
            }
        }
        guard let written else { throw .layout(LayoutError(.occupied, at: output)) }
        return written
    }

    private func writeImage(
        _ module: [UInt8], _ writer: borrowing LayoutWriter
    ) throws(LayoutError) -> Descriptor {
        var tar = TarWriter()
        let folders = path.split(separator: "/").dropLast()
        for count in folders.indices { tar.addFolder(folders[...count].joined(separator: "/")) }
        tar.addFile(path, module)
        let layer = try writer.add(tar.stream, as: .tarLayer)
        let entrypoint = "/\(path)" + (function.map { "#\($0)" } ?? "")
        let config = ImageConfig(
            platform: platform, config: .init(entrypoint: [entrypoint], workingFolder: "/"),
            // The layer is not compressed, so it is its own tar stream.
            rootfs: .init(diffIDs: [layer.digest]))
        let described = try writer.add(document: config, as: .imageConfig)
        return try writer.add(document: Manifest(config: described, layers: [layer]), as: .imageManifest)
    }

    private func writeArtifact(
        _ module: [UInt8], _ writer: borrowing LayoutWriter
    ) throws(LayoutError) -> Descriptor {
        let layer = try writer.add(module, as: .wasmModule, annotations: [Annotation.title: path])
        let config = ImageConfig(platform: platform, layerDigests: [layer.digest])
        let described = try writer.add(document: config, as: .wasmConfig)
        return try writer.add(document: Manifest(config: described, layers: [layer]), as: .imageManifest)
    }

    private func moduleBytes() throws(BuildError) -> [UInt8] {
        let kind: ModuleKind?
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            let opened = try OwnedDescriptor(opening: file, flags: O_RDONLY | O_NONBLOCK)
            kind = try ModuleKind(of: opened, at: file)
            bytes = kind == .module ? try opened.readAll(limit: Int(Image.moduleSizeLimit), name: file) : []
        } catch {
            throw BuildError(error.code == ENOENT ? .noFile : .system(error), at: file)
        }
        guard kind == .module else { throw BuildError(.notAModule(kind ?? .unknown), at: file) }
        guard let bytes else { throw BuildError(.tooLong(limit: Image.moduleSizeLimit), at: file) }
        return bytes
    }
}
