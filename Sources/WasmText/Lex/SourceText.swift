/// The bytes of a text, known to be UTF-8, and where its lines begin.
struct SourceText {
    let bytes: [UInt8]
    private let lineStarts: [UInt32]

    /// Checks the encoding of the whole text (core, 6.3.1).
    init(_ bytes: [UInt8]) throws(TextError) {
        var lineStarts: [UInt32] = [0]
        guard bytes.count < Int(UInt32.max) else {
            throw TextError("the text is over 4 GiB; split it", at: TextPosition(line: 1, column: 1))
        }
        var offset = 0
        let count = bytes.count
        while offset < count {
            let byte = bytes[offset]
            if byte < 0x80 {
                offset += 1
                if byte == 0x0A {
                    lineStarts.append(UInt32(truncatingIfNeeded: offset))
                } else if byte == 0x0D, offset == count || bytes[offset] != 0x0A {
                    lineStarts.append(UInt32(truncatingIfNeeded: offset))
                }
            } else if let length = UTF8Check.length(of: bytes, at: offset) {
                offset += length
            } else {
                let start = Int(lineStarts[lineStarts.count - 1])
                throw TextError(
                    "malformed UTF-8 encoding",
                    at: TextPosition(line: lineStarts.count, column: offset - start + 1))
            }
        }
        self.bytes = bytes
        self.lineStarts = lineStarts
    }

    /// The line and column of a byte.
    func position(of offset: Int) -> TextPosition {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        return TextPosition(line: low + 1, column: offset - Int(lineStarts[low]) + 1)
    }

    /// An error at a byte.
    func error(_ reason: String, at offset: Int) -> TextError {
        TextError(reason, at: position(of: offset))
    }
}
