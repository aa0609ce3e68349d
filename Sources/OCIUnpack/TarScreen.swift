/// Refuses tar streams whose framing different readers would understand differently, before any reader sees them.
///
/// libarchive is lenient: it takes sizes with letters in them, ignores malformed extended headers, and skips garbage.
/// What is checked here is the framing only (POSIX pax, "ustar Interchange Format" and "pax Extended Header"):
/// checksums, sizes, kinds and extended records. Names are judged where entries are applied.
struct TarScreen {
    /// Where in the stream the next byte is.
    private enum Position {
        /// In a header, of which `buffer` has the beginning.
        case header
        /// In the content of an entry, with so many bytes to pass; so many of them only fill up its last block.
        case content(Int64, padding: Int64)
        /// In the content of a pax header of `length` bytes, with padding after it.
        case records(length: Int, padded: Int)
        /// After the zero block that ends an archive.
        case end
    }

    private static let blockSize = 512

    private let place: String
    /// How many entries there were.
    private(set) var entries: Int64 = 0
    private var position = Position.header
    private var buffer: [UInt8] = []
    /// The extended headers that wait for their entry, by type.
    private var pending: Set<UInt8> = []
    /// The size that a pax header gives to the next entry.
    private var overridingSize: Int64?

    init(place: String) { self.place = place }

    /// Takes the next bytes.
    mutating func check(_ piece: [UInt8]) throws(UnpackError) {
        var offset = 0
        while offset < piece.count {
            switch position {
            case .end:
                return
            case .content(let remaining, let padding):
                let step = min(remaining, Int64(piece.count - offset))
                offset += Int(step)
                position = remaining == step ? .header : .content(remaining - step, padding: padding)
            case .header:
                guard fill(to: TarScreen.blockSize, from: piece, &offset) else { return }
                try header(TarHeader(block: buffer))
                buffer = []
            case .records(let length, let padded):
                guard fill(to: padded, from: piece, &offset) else { return }
                let records = try PaxRecords(buffer.prefix(length), place: place)
                if let size = records.size { overridingSize = size }
                buffer = []
                position = .header
            }
        }
    }

    /// Says that the stream ended. Gives the number of bytes by which its last block is short: some writers leave out
    /// what fills it up, and the entry is whole without.
    func finish() throws(UnpackError) -> Int {
        switch position {
        case .end: return 0
        case .content(let remaining, let padding) where remaining <= padding: return Int(remaining)
        case .content, .records: throw corrupt("the tar stream ends in the middle of an entry")
        case .header:
            guard buffer.isEmpty else { throw corrupt("the tar stream ends in the middle of a header") }
            guard pending.isEmpty else { throw corrupt("an extended header without an entry") }
            return 0
        }
    }

    /// Moves bytes into `buffer` until it has `count`; `false` where there are too few.
    private mutating func fill(to count: Int, from piece: [UInt8], _ offset: inout Int) -> Bool {
        let step = min(count - buffer.count, piece.count - offset)
        buffer.append(contentsOf: piece[offset..<offset + step])
        offset += step
        return buffer.count == count
    }

    private mutating func header(_ header: TarHeader) throws(UnpackError) {
        if header.isZero {
            guard pending.isEmpty else { throw corrupt("an extended header without an entry") }
            position = .end
            return
        }
        guard header.isChecksumRight else { throw corrupt("a tar header has a wrong checksum") }
        guard let written = header.size else { throw corrupt("a tar header has no valid size") }
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "g"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            try extendedHeader(header.type, size: written)
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"):
            pass(overridingSize ?? written)
        case UInt8(ascii: "1")...UInt8(ascii: "6"):
            guard overridingSize ?? written == 0, written == 0 else {
                throw corrupt("a link, folder or special file with content")
            }
            pass(0)
        default:
            let kind = Unicode.Scalar(header.type)
            throw UnpackError(
                .unsupportedEntry(entry: header.name, kind: "of the unknown type \("\(kind)".debugDescription)"),
                at: place)
        }
    }

    private mutating func extendedHeader(_ type: UInt8, size: Int64) throws(UnpackError) {
        guard size <= UnpackLimits.extendedHeaderBytes else {
            throw UnpackError(
                .tooLarge(what: "bytes of an extended header", limit: UnpackLimits.extendedHeaderBytes), at: place)
        }
        let padded = TarScreen.padded(size)
        if type == UInt8(ascii: "g") {
            // Applies to the archive, not to one entry; its records must be well formed all the same.
            position = size == 0 ? .header : .records(length: Int(size), padded: Int(padded))
            return
        }
        guard pending.insert(type).inserted else { throw corrupt("two extended headers for one entry") }
        if type == UInt8(ascii: "x") {
            position = size == 0 ? .header : .records(length: Int(size), padded: Int(padded))
        } else {
            position = size == 0 ? .header : .content(padded, padding: 0)
        }
    }

    /// Passes an entry's content.
    private mutating func pass(_ size: Int64) {
        entries += 1
        pending = []
        overridingSize = nil
        let padded = TarScreen.padded(size)
        position = padded == 0 ? .header : .content(padded, padding: padded - size)
    }

    /// The length with the padding to whole blocks; the largest sizes are as good as any that cannot be read.
    private static func padded(_ size: Int64) -> Int64 {
        let (sum, isOverflow) = size.addingReportingOverflow(Int64(blockSize) - 1)
        return isOverflow ? .max : sum / Int64(blockSize) * Int64(blockSize)
    }

    private func corrupt(_ reason: String) -> UnpackError { UnpackError(.corrupt(reason: reason), at: place) }
}
