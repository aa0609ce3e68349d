internal import Glibc
internal import LinuxSystem
internal import OCISpec

/// Reads a blob piece by piece and compares it with its descriptor on the way.
///
/// Only after `next` returned `nil` is it known that the bytes are the right ones: whatever was made of them before
/// has to be thrown away when `next` throws.
package struct BlobReader: ~Copyable {
    /// How many bytes are read at a time.
    private static let pieceSize = 256 << 10

    private let file: OwnedDescriptor
    private let descriptor: Descriptor
    /// What errors call the blob.
    package let place: String
    private var hasher: BlobHasher
    private var count: Int64 = 0
    private var isFinished = false

    /// Opens the blob in `folder`; throws when it is no regular file of the length that its descriptor says.
    init(
        _ descriptor: Descriptor, in folder: borrowing OwnedDescriptor, of layout: String
    ) throws(LayoutError) {
        let path = Layout.blobPath(of: descriptor.digest)
        let place = "\(layout)/\(path)"
        let file = try Layout.openFile(path, in: folder, of: layout, absent: .missingBlob)
        let size: Int64
        do throws(SystemCallError) {
            size = try file.status(name: path).size
        } catch {
            throw LayoutError(.system(error), at: place)
        }
        guard size == descriptor.size else {
            throw LayoutError(try BlobReader.difference(of: file, size: size, from: descriptor, place), at: place)
        }
        self.file = file
        self.descriptor = descriptor
        self.place = place
        hasher = BlobHasher(descriptor.digest.algorithm)
    }

    /// What is wrong with a file that is not as long as described. One that has another hash too is another blob, which
    /// says more than its length.
    private static func difference(
        of file: borrowing OwnedDescriptor, size: Int64, from descriptor: Descriptor, _ place: String
    ) throws(LayoutError) -> LayoutError.Problem {
        guard size <= Document.sizeLimit else { return .size(described: descriptor.size, found: size) }
        do throws(SystemCallError) {
            let bytes = try file.readAll(limit: Document.sizeLimit, name: place) ?? []
            let found = BlobHasher.digest(of: bytes, descriptor.digest.algorithm)
            return found == descriptor.digest
                ? .size(described: descriptor.size, found: size)
                : .digest(described: descriptor.digest, found: found)
        } catch {
            throw LayoutError(.system(error), at: place)
        }
    }

    /// The next bytes; `nil` when all were read and are what the descriptor says.
    package mutating func next() throws(LayoutError) -> [UInt8]? {
        if isFinished { return nil }
        let bytes: [UInt8]
        do throws(SystemCallError) {
            bytes = try file.readPiece(upTo: BlobReader.pieceSize, name: place)
        } catch {
            throw LayoutError(.system(error), at: place)
        }
        count += Int64(bytes.count)
        guard count <= descriptor.size, !bytes.isEmpty || count == descriptor.size else {
            throw LayoutError(.size(described: descriptor.size, found: count), at: place)
        }
        if !bytes.isEmpty {
            hasher.update(bytes)
            return bytes
        }
        isFinished = true
        let found = hasher.digest()
        guard found == descriptor.digest else {
            throw LayoutError(.digest(described: descriptor.digest, found: found), at: place)
        }
        return nil
    }
}
