internal import Glibc
internal import LinuxSystem
internal import OCILayout
internal import OCISpec

/// What `docker save` wrote before version 25: `manifest.json`, which names a config and layer archives by their paths.
struct DockerArchive: ~Copyable {
    /// One image of `manifest.json`.
    private struct Entry: Decodable {
        var config: String
        var names: [String]?
        var layers: [String]

        enum CodingKeys: String, CodingKey {
            case config = "Config"
            case names = "RepoTags"
            case layers = "Layers"
        }
    }

    private static let list = "manifest.json"

    private let folder: OwnedDescriptor
    private let path: String
    private let archive: String

    /// `path` is the folder that the archive was unpacked into.
    init(in path: String, of archive: String) throws(LayoutError) {
        self.archive = archive
        self.path = path
        do throws(SystemCallError) {
            folder = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            throw LayoutError(.system(error), at: path)
        }
    }

    /// Whether the folder holds such an archive.
    var isPresent: Bool {
        get throws(LayoutError) {
            do throws(SystemCallError) {
                return try folder.status(ofEntry: DockerArchive.list)?.kind == .regularFile
            } catch {
                throw LayoutError(.system(error), at: archive)
            }
        }
    }

    /// Adds blobs, manifests and entry documents, so that the folder is a layout too.
    borrowing func becomeLayout() throws(LayoutError) {
        let entries: [Entry]
        let bytes = try document(DockerArchive.list)
        do throws(SpecError) {
            entries = try Document.decode(from: bytes)
        } catch {
            throw LayoutError(.document(error), at: place(of: DockerArchive.list))
        }
        let writer = try LayoutWriter(in: path)
        var manifests: [Descriptor] = []
        for entry in entries {
            let manifest = try add(entry, with: writer)
            let names = entry.names ?? []
            manifests += names.isEmpty ? [manifest] : names.map { DockerArchive.named(manifest, $0) }
        }
        try writer.publish(manifests, over: nil)
    }

    private borrowing func add(_ entry: Entry, with writer: borrowing LayoutWriter) throws(LayoutError) -> Descriptor {
        let config = try writer.add(try document(entry.config), as: .imageConfig)
        var layers: [Descriptor] = []
        for layer in entry.layers {
            let file = try open(layer)
            let place = place(of: layer)
            let isGzip = try read(place) { () throws(SystemCallError) in
                try file.firstBytes(2, name: place) == [0x1F, 0x8B]
            }
            layers.append(
                try writer.add(as: isGzip ? .gzipLayer : .tarLayer) { () throws(LayoutError) in
                    let piece = try read(place) { () throws(SystemCallError) in
                        try file.readPiece(upTo: 256 << 10, name: place)
                    }
                    return piece.isEmpty ? nil : piece
                })
        }
        return try writer.add(document: Manifest(config: config, layers: layers), as: .imageManifest)
    }

    /// The names that `docker save` writes since version 25.
    private static func named(_ manifest: Descriptor, _ name: String) -> Descriptor {
        var manifest = manifest
        let last = name.split(separator: "/").last ?? ""
        let tag = last.split(separator: ":", maxSplits: 1).dropFirst().first.map(String.init)
        manifest.annotations = [Annotation.containerdImageName: name, Annotation.referenceName: tag ?? name]
        return manifest
    }

    private borrowing func document(_ name: String) throws(LayoutError) -> [UInt8] {
        let file = try open(name)
        let place = place(of: name)
        let bytes = try read(place) { () throws(SystemCallError) in
            try file.readAll(limit: Document.sizeLimit, name: place)
        }
        guard let bytes else {
            throw LayoutError(.document(SpecError(.tooLarge(limit: Document.sizeLimit))), at: place)
        }
        return bytes
    }

    /// Opens a regular file. Links are followed inside the folder: equal layers are links in old archives.
    private borrowing func open(_ name: String) throws(LayoutError) -> OwnedDescriptor {
        let place = place(of: name)
        let file = try beneath(name)
        let kind = try read(place) { () throws(SystemCallError) in try file.fileKind(name: place) }
        guard kind == .regularFile else { throw LayoutError(.notARegularFile, at: place) }
        return file
    }

    private borrowing func beneath(_ name: String) throws(LayoutError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try OwnedDescriptor(opening: name, beneath: folder, flags: O_RDONLY | O_NONBLOCK)
        } catch {
            switch error.code {
            case ENOENT, ENOTDIR: throw LayoutError(.missingBlob, at: place(of: name))
            case ELOOP, EXDEV: throw LayoutError(.notARegularFile, at: place(of: name))
            default: throw LayoutError(.system(error), at: place(of: name))
            }
        }
    }

    private func read<Value>(
        _ place: String, _ body: () throws(SystemCallError) -> Value
    ) throws(LayoutError) -> Value {
        do throws(SystemCallError) {
            return try body()
        } catch {
            throw LayoutError(.system(error), at: place)
        }
    }

    private func place(of name: String) -> String { "\(archive): \(name.debugDescription)" }
}
