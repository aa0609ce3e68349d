internal import OCIImage
internal import OCILayout
internal import OCISpec

/// The tar stream of a layer: decompressed, hashed, limited in length and screened before a parser sees it.
final class TarStream: PieceSource {
    let place: String
    private let source: Decompressor
    private let limit: Int64
    private var hasher: BlobHasher?
    private var screen: TarScreen
    private var count: Int64 = 0
    private var isFinished = false

    /// `algorithm` is how the stream is hashed, where that is wanted.
    init(
        _ source: any PieceSource, compression: LayerKind.Compression, limit: Int64,
        hashing algorithm: Digest.Algorithm?
    ) throws(UnpackError) {
        place = source.place
        self.source = try Decompressor(source, compression: compression)
        self.limit = limit
        hasher = algorithm.map(BlobHasher.init)
        screen = TarScreen(place: source.place)
    }

    func next() throws(UnpackError) -> [UInt8]? {
        if isFinished { return nil }
        guard let piece = try source.next() else {
            isFinished = true
            try screen.finish()
            return nil
        }
        count += Int64(piece.count)
        guard count <= limit else {
            throw UnpackError(.tooLarge(what: "unpacked bytes", limit: limit), at: place)
        }
        hasher?.update(piece)
        try screen.check(piece)
        return piece
    }

    /// Reads what the parser left, and gives the digest of all.
    func finish() throws(UnpackError) -> Digest? {
        while try next() != nil {}
        return hasher?.digest()
    }
}
