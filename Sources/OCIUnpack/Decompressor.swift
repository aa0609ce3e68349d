internal import OCIImage

/// Undoes a compression, piece by piece; no piece is longer than `pieceSize`, whatever the input.
final class Decompressor: PieceSource {
    /// The most bytes that `next` gives.
    static let pieceSize = 256 << 10

    /// What one step of an algorithm did.
    struct Step {
        /// How many input bytes it took.
        var consumed: Int
        /// What it gave.
        var output: [UInt8]
        /// Whether the stream may end here.
        var isAtEnd: Bool
    }

    let place: String
    private let source: any PieceSource
    /// The algorithm; `nil` where there is nothing to undo.
    private let algorithm: (any CompressedStream)?
    private var input: [UInt8] = []
    private var offset = 0
    private var isAtEnd = false

    init(_ source: any PieceSource, compression: LayerKind.Compression) throws(UnpackError) {
        self.source = source
        place = source.place
        algorithm =
            switch compression {
            case .none: nil
            case .gzip: try GzipStream(place: source.place)
            case .zstd: try ZstdStream(place: source.place)
            }
    }

    func next() throws(UnpackError) -> [UInt8]? {
        guard let algorithm else { return try source.next() }
        while true {
            if offset == input.count {
                guard let piece = try source.next() else {
                    guard isAtEnd else {
                        throw UnpackError(.corrupt(reason: "the compressed stream ends too early"), at: place)
                    }
                    return nil
                }
                input = piece
                offset = 0
            }
            let step = try algorithm.step(input, from: offset)
            offset += step.consumed
            isAtEnd = step.isAtEnd
            if !step.output.isEmpty { return step.output }
        }
    }
}

/// A decompression algorithm with its state.
protocol CompressedStream: AnyObject {
    /// Takes input from `offset` on, which must not be empty.
    func step(_ input: [UInt8], from offset: Int) throws(UnpackError) -> Decompressor.Step
}
