internal import Glibc
internal import LinuxSystem
package import OCISpec

/// An image layout: a folder with `oci-layout`, `index.json` and blobs named by their digest (image-spec,
/// image-layout.md).
///
/// Everything in it is read through the folder's descriptor, from regular files only, and no bytes leave this
/// target unverified.
package final class Layout: Sendable {
    /// What errors call the layout: its folder, or the archive that it was unpacked from.
    package let name: String

    /// The entry document: what images there are.
    package let index: Index

    private let folder: OwnedDescriptor

    /// Opens the layout in a folder and reads its entry documents. Errors call it `name`, or by its folder.
    package init(at path: String, called name: String? = nil) throws(LayoutError) {
        let name = name ?? path
        self.name = name
        do throws(SystemCallError) {
            folder = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            let isAbsent = error.code == ENOENT || error.code == ENOTDIR
            throw LayoutError(isAbsent ? .noFolder : .system(error), at: name)
        }
        let marker: LayoutMarker = try Layout.document("oci-layout", in: folder, of: name)
        guard marker.imageLayoutVersion == LayoutMarker.currentVersion else {
            throw LayoutError(.unknownVersion(marker.imageLayoutVersion), at: "\(name)/oci-layout")
        }
        index = try Layout.document("index.json", in: folder, of: name)
    }

    /// Opens a blob for reading.
    package func reader(of descriptor: Descriptor) throws(LayoutError) -> BlobReader {
        try BlobReader(descriptor, in: folder, of: name)
    }

    /// All bytes of a blob, verified; throws when it is longer than `limit`, before reading it.
    package func bytes(of descriptor: Descriptor, limit: Int64) throws(LayoutError) -> [UInt8] {
        guard descriptor.size <= limit else {
            throw LayoutError(.tooLarge(size: descriptor.size, limit: limit), at: place(of: descriptor))
        }
        var reader = try reader(of: descriptor)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(descriptor.size))
        while let piece = try reader.next() { bytes.append(contentsOf: piece) }
        return bytes
    }

    /// The index that a descriptor refers to.
    package func index(of descriptor: Descriptor) throws(LayoutError) -> Index {
        let index: Index = try document(of: descriptor)
        try expect(index.mediaType, descriptor)
        return index
    }

    /// The manifest that a descriptor refers to.
    package func manifest(of descriptor: Descriptor) throws(LayoutError) -> Manifest {
        let manifest: Manifest = try document(of: descriptor)
        try expect(manifest.mediaType, descriptor)
        return manifest
    }

    /// The image config that a descriptor refers to.
    package func config(of descriptor: Descriptor) throws(LayoutError) -> ImageConfig {
        try document(of: descriptor)
    }

    /// Where a blob is, for errors.
    package func place(of descriptor: Descriptor) -> String { "\(name)/\(Layout.blobPath(of: descriptor.digest))" }

    private func document<Value: Decodable>(of descriptor: Descriptor) throws(LayoutError) -> Value {
        let bytes = try bytes(of: descriptor, limit: Int64(Document.sizeLimit))
        do throws(SpecError) {
            return try Document.decode(from: bytes)
        } catch {
            throw LayoutError(.document(error), at: place(of: descriptor))
        }
    }

    /// A document that names its own type must name the one by which it was found.
    private func expect(_ found: MediaType?, _ descriptor: Descriptor) throws(LayoutError) {
        guard let found, found != descriptor.mediaType else { return }
        throw LayoutError(.mediaType(described: descriptor.mediaType, found: found), at: place(of: descriptor))
    }
}

extension Layout {
    /// Where a layout keeps a blob.
    static func blobPath(of digest: Digest) -> String { "blobs/\(digest.algorithm.rawValue)/\(digest.encoded)" }

    /// Opens a regular file of a layout; what is not there is the problem `absent`.
    static func openFile(
        _ name: String, in folder: borrowing OwnedDescriptor, of layout: String, absent: LayoutError.Problem
    ) throws(LayoutError) -> OwnedDescriptor {
        let file: OwnedDescriptor
        do throws(SystemCallError) {
            // Not blocking, so that a pipe does not hold us up before we see that it is one.
            file = try OwnedDescriptor(
                opening: name, withoutLinksBeneath: folder, flags: O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
        } catch {
            let problem: LayoutError.Problem =
                switch error.code {
                case ENOENT: absent
                case ELOOP, ENXIO, ENOTDIR, EXDEV: .notARegularFile
                default: .system(error)
                }
            throw LayoutError(problem, at: "\(layout)/\(name)")
        }
        let kind: FileKind
        do throws(SystemCallError) {
            kind = try file.fileKind(name: name)
        } catch {
            throw LayoutError(.system(error), at: "\(layout)/\(name)")
        }
        guard kind == .regularFile else { throw LayoutError(.notARegularFile, at: "\(layout)/\(name)") }
        return file
    }

    /// Reads a document that has no descriptor.
    static func document<Value: Decodable>(
        _ name: String, in folder: borrowing OwnedDescriptor, of layout: String
    ) throws(LayoutError) -> Value {
        let file = try openFile(name, in: folder, of: layout, absent: .notALayout(missing: name))
        let place = "\(layout)/\(name)"
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            bytes = try file.readAll(limit: Document.sizeLimit, name: place)
        } catch {
            throw LayoutError(.system(error), at: place)
        }
        do throws(SpecError) {
            guard let bytes else { throw SpecError(.tooLarge(limit: Document.sizeLimit)) }
            return try Document.decode(from: bytes)
        } catch {
            throw LayoutError(.document(error), at: place)
        }
    }
}
