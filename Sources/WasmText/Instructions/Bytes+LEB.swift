/// The binary format's numbers (core, 5.2.2), as short as they can be.
extension [UInt8] {
    /// Appends an unsigned LEB128 number.
    @inline(__always)
    mutating func appendUnsigned(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends an unsigned LEB128 number.
    @inline(__always)
    mutating func appendUnsigned(_ number: UInt32) { appendUnsigned(UInt64(number)) }

    /// Appends an unsigned LEB128 number; a count is never negative.
    @inline(__always)
    mutating func appendCount(_ count: Int) { appendUnsigned(UInt64(truncatingIfNeeded: count)) }

    /// Appends a signed LEB128 number.
    mutating func appendSigned(_ number: Int64) {
        var rest = number
        while rest < -64 || rest >= 64 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest) & 0x7F)
    }

    /// Appends the lowest `count` bytes of a number, the lowest first.
    mutating func appendLittleEndian(_ number: UInt64, count: Int) {
        for byte in 0..<count { append(UInt8(truncatingIfNeeded: number >> UInt64(8 * byte))) }
    }

    /// Appends a vector of bytes: how many, and they.
    mutating func appendVector(_ bytes: [UInt8]) {
        appendCount(bytes.count)
        append(contentsOf: bytes)
    }
}
