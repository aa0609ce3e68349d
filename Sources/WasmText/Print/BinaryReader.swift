/// A place in a binary module, and what can be read there (core, 5.1 and 5.2).
struct BinaryReader {
    let bytes: [UInt8]
    var offset: Int
    let end: Int

    /// A reader of a part of some bytes.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset >= end }

    /// An error at the next byte.
    func error(_ reason: String) -> BinaryError { BinaryError(reason, at: offset) }

    /// The next byte.
    @inline(__always)
    mutating func byte() throws(BinaryError) -> UInt8 {
        guard offset < end else { throw error("unexpected end") }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// The next byte, which stays.
    func peek() -> UInt8? { offset < end ? bytes[offset] : nil }

    /// An unsigned LEB128 number of 64 bits.
    mutating func u64() throws(BinaryError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            if shift == 63, byte > 1 { throw error("integer too large") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { throw error("integer representation too long") }
        }
    }

    /// An unsigned LEB128 number of 32 bits.
    mutating func u32() throws(BinaryError) -> UInt32 {
        let start = offset
        let value = try u64()
        guard value <= UInt64(UInt32.max), offset - start <= 5 else { throw error("integer too large") }
        return UInt32(value)
    }

    /// A signed LEB128 number of up to 64 bits.
    mutating func signed() throws(BinaryError) -> Int64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try byte()
            value |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 {
                if shift < 64, byte & 0x40 != 0 { value |= .max << shift }
                return Int64(bitPattern: value)
            }
            if shift > 63 { throw error("integer representation too long") }
        }
    }

    /// How many elements follow; each has a byte at least.
    mutating func count() throws(BinaryError) -> Int {
        let count = Int(try u32())
        guard count <= end - offset else { throw error("unexpected end: \(count) elements in \(end - offset) bytes") }
        return count
    }

    /// The next bytes.
    mutating func take(_ count: Int) throws(BinaryError) -> ArraySlice<UInt8> {
        guard count <= end - offset else { throw error("unexpected end") }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    /// A vector of bytes.
    mutating func vector() throws(BinaryError) -> ArraySlice<UInt8> { try take(try count()) }

    /// A vector of bytes that is UTF-8.
    mutating func name() throws(BinaryError) -> [UInt8] {
        let name = Array(try vector())
        guard UTF8Check.isValid(name) else { throw error("malformed UTF-8 encoding") }
        return name
    }

    /// The lowest byte first.
    mutating func littleEndian(_ count: Int) throws(BinaryError) -> UInt64 {
        try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// What a length stands before.
    mutating func part() throws(BinaryError) -> BinaryReader {
        let length = try count()
        defer { offset += length }
        return BinaryReader(bytes, offset..<offset + length)
    }
}
