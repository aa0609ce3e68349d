internal import OCIImage
internal import OCILayout
internal import OCISpec

/// The tar stream of a layer: decompressed, hashed, limited and screened before a parser sees it.
///
/// It is read ahead, so that most layers are known to be whole, right and within the limits before their first entry
/// is applied; a hundred thousand empty files are noticed before the first of them is made.
final class TarStream: PieceSource {
    /// How many bytes are read ahead: more than the headers of as many entries as a layer may have.
    private static let aheadBytes = 64 << 20

    let place: String
    private let source: Decompressor
    private let byteLimit: Int64
    private let entryLimit: Int64
    private var hasher: BlobHasher?
    private var screen: TarScreen
    private var count: Int64 = 0
    /// What was read ahead, in reverse.
    private var ahead: [[UInt8]] = []
    private var isFinished = false

    /// `algorithm` is how the stream is hashed, where that is wanted.
    init(
        _ source: any PieceSource, compression: LayerKind.Compression, bytes byteLimit: Int64,
        entries entryLimit: Int64, hashing algorithm: Digest.Algorithm?
    ) throws(UnpackError) {
        place = source.place
        self.source = try Decompressor(source, compression: compression)
        self.byteLimit = byteLimit
        self.entryLimit = entryLimit
        hasher = algorithm.map(BlobHasher.init)
        screen = TarScreen(place: source.place)
    }

    func next() throws(UnpackError) -> [UInt8]? {
        if ahead.isEmpty { try readAhead() }
        return ahead.popLast()
    }

    /// Reads what the parser left, and gives the digest of all.
    func finish() throws(UnpackError) -> Digest? {
        while try next() != nil {}
        return hasher?.digest()
    }

    private func readAhead() throws(UnpackError) {
        var pieces: [[UInt8]] = []
        var size = 0
        while size < TarStream.aheadBytes, let piece = try screened() {
            pieces.append(piece)
            size += piece.count
        }
        ahead = pieces.reversed()
    }

    private func screened() throws(UnpackError) -> [UInt8]? {
        if isFinished { return nil }
        guard let piece = try source.next() else {
            isFinished = true
            // Not hashed: the layer does not have these bytes, but the parser wants whole blocks.
            let missing = try screen.finish()
            return missing == 0 ? nil : [UInt8](repeating: 0, count: missing)
        }
        count += Int64(piece.count)
        guard count <= byteLimit else {
            throw UnpackError(.tooLarge(what: "unpacked bytes", limit: byteLimit), at: place)
        }
        hasher?.update(piece)
        try screen.check(piece)
        guard screen.entries <= entryLimit else {
            throw UnpackError(.tooLarge(what: "entries", limit: entryLimit), at: place)
        }
        return piece
    }
}
