internal import LinuxSystem
internal import OCILayout

/// Gives bytes piece by piece.
protocol PieceSource: AnyObject {
    /// What errors call the bytes.
    var place: String { get }

    /// The next bytes; `nil` at the end, where they are known to be the right ones.
    func next() throws(UnpackError) -> [UInt8]?
}

/// The bytes of a blob, verified.
final class BlobSource: PieceSource {
    let place: String
    private var reader: BlobReader

    init(_ reader: consuming BlobReader) {
        place = reader.place
        self.reader = reader
    }

    func next() throws(UnpackError) -> [UInt8]? {
        do throws(LayoutError) {
            return try reader.next()
        } catch {
            throw UnpackError(error)
        }
    }
}

/// The bytes of a file that nothing describes.
final class FileSource: PieceSource {
    let place: String
    private let file: OwnedDescriptor

    init(_ file: consuming OwnedDescriptor, at place: String) {
        self.file = file
        self.place = place
    }

    func next() throws(UnpackError) -> [UInt8]? {
        let bytes = try unpacking(place) { () throws(SystemCallError) in
            try file.readPiece(upTo: 256 << 10, name: place)
        }
        return bytes.isEmpty ? nil : bytes
    }
}
