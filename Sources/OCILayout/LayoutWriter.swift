internal import Glibc
internal import LinuxSystem
package import OCISpec

/// Writes blobs into a layout folder, and at last the entry documents that make them an image.
///
/// Every file gets its name when it is whole, so a reader sees the layout as it was or as it shall be.
package struct LayoutWriter: ~Copyable {
    private let folder: OwnedDescriptor
    private let path: String

    /// Writes a new layout, or adds to the one that is at `path`. `body` adds blobs and gives what `index.json` shall
    /// list; entries there with the same reference name make place for it.
    package static func write(
        to path: String, _ body: (borrowing LayoutWriter) throws(LayoutError) -> [Descriptor]
    ) throws(LayoutError) {
        let signs = try LayoutSigns(at: path)
        if signs.areOfLayout {
            let index = try Layout(at: path).index
            let writer = try LayoutWriter(in: path)
            return try writer.publish(try body(writer), over: index)
        }
        let partial = "\(path).partial-\(randomName())"
        try LayoutWriter.system(path) { () throws(SystemCallError) in
            // A folder can only be renamed over an empty one, so nothing of anybody's is lost.
            try makeFolder(at: partial, mode: 0o755)
        }
        do throws(LayoutError) {
            let writer = try LayoutWriter(in: partial)
            try writer.publish(try body(writer), over: nil)
            do throws(SystemCallError) {
                try renamePath(partial, to: path)
            } catch {
                let isOccupied = [ENOTEMPTY, EEXIST, ENOTDIR].contains(error.code)
                throw LayoutError(isOccupied ? .occupied : .system(error), at: path)
            }
        } catch {
            try? removeFolder(at: partial)
            throw error
        }
    }

    /// Writes into a folder that is there.
    package init(in path: String) throws(LayoutError) {
        self.path = path
        folder = try LayoutWriter.system(path) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        }
    }

    /// Adds a blob.
    package borrowing func add(
        _ bytes: [UInt8], as mediaType: MediaType, annotations: [String: String]? = nil
    ) throws(LayoutError) -> Descriptor {
        var rest: [UInt8]? = bytes
        return try add(as: mediaType, annotations: annotations) { () throws(LayoutError) in
            defer { rest = nil }
            return rest
        }
    }

    /// Adds a blob that comes in pieces; `next` gives `nil` after the last.
    package borrowing func add(
        as mediaType: MediaType, annotations: [String: String]? = nil, _ next: () throws(LayoutError) -> [UInt8]?
    ) throws(LayoutError) -> Descriptor {
        var hasher = BlobHasher(.sha256)
        var size: Int64 = 0
        let name = ".blob-\(LayoutWriter.randomName())"
        let file = try LayoutWriter.system(path) { () throws(SystemCallError) in
            try folder.makeFile(name, mode: 0o644)
        }
        do throws(LayoutError) {
            while let piece = try next() {
                hasher.update(piece)
                size += Int64(piece.count)
                try LayoutWriter.system("\(path)/\(name)") { () throws(SystemCallError) in
                    try file.writeAll(piece, name: name)
                }
            }
            let digest = hasher.digest()
            try LayoutWriter.system(path) { () throws(SystemCallError) in
                for part in ["blobs", "blobs/\(digest.algorithm.rawValue)"] {
                    try folder.makeFolderUnlessThere(part)
                }
                try folder.rename(name, to: Layout.blobPath(of: digest))
            }
            return Descriptor(mediaType: mediaType, digest: digest, size: size, annotations: annotations)
        } catch {
            try? folder.removeFile(name)
            throw error
        }
    }

    /// Adds a document as a blob.
    package borrowing func add(
        document: some Encodable, as mediaType: MediaType
    ) throws(LayoutError) -> Descriptor {
        try add(try encoded(document), as: mediaType)
    }

    /// Writes the entry documents: `manifests` after those entries of `index` that have no name of theirs.
    package borrowing func publish(_ manifests: [Descriptor], over index: Index?) throws(LayoutError) {
        let names = Set(manifests.compactMap { $0.annotations?[Annotation.referenceName] })
        let digests = Set(manifests.map(\.digest))
        var index = index ?? Index(manifests: [])
        index.manifests.removeAll { entry in
            let name = entry.annotations?[Annotation.referenceName]
            return name.map(names.contains) ?? digests.contains(entry.digest)
        }
        index.manifests += manifests
        try replace("oci-layout", with: try encoded(LayoutMarker()))
        try replace("index.json", with: try encoded(index))
    }

    private borrowing func encoded(_ document: some Encodable) throws(LayoutError) -> [UInt8] {
        do throws(SpecError) {
            return try Document.encode(document)
        } catch {
            throw LayoutError(.document(error), at: path)
        }
    }

    private borrowing func replace(_ name: String, with bytes: [UInt8]) throws(LayoutError) {
        let partial = ".\(name)-\(LayoutWriter.randomName())"
        try LayoutWriter.system("\(path)/\(name)") { () throws(SystemCallError) in
            try folder.makeFile(partial, mode: 0o644).writeAll(bytes, name: name)
            do throws(SystemCallError) {
                try folder.rename(partial, to: name)
            } catch {
                try? folder.removeFile(partial)
                throw error
            }
        }
    }

    private static func randomName() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next(), radix: 36)
    }

    /// Puts the kernel's refusal of `body` in our terms.
    private static func system<Value: ~Copyable>(
        _ place: String, _ body: () throws(SystemCallError) -> Value
    ) throws(LayoutError) -> Value {
        do throws(SystemCallError) {
            return try body()
        } catch {
            throw LayoutError(.system(error), at: place)
        }
    }
}

extension OwnedDescriptor {
    /// Makes a folder; that it is there already is no error.
    fileprivate borrowing func makeFolderUnlessThere(_ path: String) throws(SystemCallError) {
        do throws(SystemCallError) {
            try makeFolder(path, mode: 0o755)
        } catch {
            if error.code != EEXIST { throw error }
        }
    }
}
