/// Reads the binary format's smallest parts (core, 5.2), each checked against the end of what may be read.
package struct ByteReader {
    package let bytes: [UInt8]
    /// The next byte to read.
    package var offset: Int
    /// Where reading must stop: the end of the file, a section, or a function body.
    package var end: Int

    package init(_ bytes: [UInt8], from offset: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.offset = offset
        self.end = min(end ?? bytes.count, bytes.count)
    }

    package var isAtEnd: Bool { offset >= end }

    func malformed(_ reason: String, at place: Int? = nil) -> ModuleError {
        ModuleError(.malformed, reason, at: place ?? offset)
    }

    @inline(__always)
    package mutating func byte() throws(ModuleError) -> UInt8 {
        guard offset < end else { throw malformed("unexpected end") }
        let value = bytes[offset]
        offset += 1
        return value
    }

    /// The next byte, not consumed.
    package func peek() throws(ModuleError) -> UInt8 {
        guard offset < end else { throw malformed("unexpected end") }
        return bytes[offset]
    }

    /// An unsigned LEB128 number of at most 32 bits (core, 5.2.2).
    @inline(__always)
    package mutating func u32() throws(ModuleError) -> UInt32 {
        guard offset < end else { throw malformed("unexpected end") }
        let first = bytes[offset]
        if first < 0x80 {
            offset += 1
            return UInt32(first)
        }
        return try u32Slow()
    }

    private mutating func u32Slow() throws(ModuleError) -> UInt32 {
        UInt32(truncatingIfNeeded: try unsigned(bits: 32))
    }

    package mutating func u64() throws(ModuleError) -> UInt64 { try unsigned(bits: 64) }

    private mutating func unsigned(bits: Int) throws(ModuleError) -> UInt64 {
        let start = offset
        var result: UInt64 = 0
        var shift = 0
        while true {
            let next = try byte()
            let payload = UInt64(next & 0x7F)
            let left = bits - shift
            if left < 7 {
                guard next & 0x80 == 0 else {
                    throw malformed("integer representation too long", at: start)
                }
                guard payload >> UInt64(left) == 0 else { throw malformed("integer too large", at: start) }
            }
            result |= payload << UInt64(shift)
            if next & 0x80 == 0 { return result }
            shift += 7
        }
    }

    /// A memory access's offset (core, 5.4.6): written with up to 64 bits, of which memory addresses have 32.
    @inline(__always)
    mutating func memoryOffset() throws(ModuleError) -> UInt32 {
        if offset < end, bytes[offset] < 0x80 {
            offset += 1
            return UInt32(bytes[offset - 1])
        }
        let start = offset
        let value = try u64()
        guard let narrow = UInt32(exactly: value) else {
            throw ModuleError(.invalid, "offset out of range: \(value)", at: start)
        }
        return narrow
    }

    package mutating func s32() throws(ModuleError) -> Int32 {
        guard offset < end else { throw malformed("unexpected end") }
        let first = bytes[offset]
        if first < 0x80 {
            offset += 1
            return Int32(Int8(bitPattern: first << 1) >> 1)
        }
        return Int32(truncatingIfNeeded: try signed(bits: 32))
    }

    package mutating func s64() throws(ModuleError) -> Int64 { try signed(bits: 64) }

    /// A signed 33-bit number: a block type.
    package mutating func s33() throws(ModuleError) -> Int64 { try signed(bits: 33) }

    private mutating func signed(bits: Int) throws(ModuleError) -> Int64 {
        let start = offset
        var result: Int64 = 0
        var shift = 0
        while true {
            let next = try byte()
            let payload = Int64(next & 0x7F)
            let left = bits - shift
            if left < 7 {
                guard next & 0x80 == 0 else {
                    throw malformed("integer representation too long", at: start)
                }
                // The bits beyond the number's width must all be copies of its sign.
                let sign = Int64(Int8(bitPattern: next << 1) >> 1) >> Int64(left - 1)
                guard sign == 0 || sign == -1 else { throw malformed("integer too large", at: start) }
            }
            result |= payload << Int64(shift)
            shift += 7
            if next & 0x80 == 0 {
                return shift < 64 && next & 0x40 != 0 ? result | (-1 << Int64(shift)) : result
            }
        }
    }

    /// Four bytes, little-endian.
    package mutating func bits32() throws(ModuleError) -> UInt32 {
        guard end - offset >= 4 else { throw malformed("unexpected end", at: end) }
        var value: UInt32 = 0
        for i in 0..<4 { value |= UInt32(bytes[offset + i]) << UInt32(8 * i) }
        offset += 4
        return value
    }

    /// Eight bytes, little-endian.
    package mutating func bits64() throws(ModuleError) -> UInt64 {
        let low = try bits32()
        return UInt64(low) | UInt64(try bits32()) << 32
    }

    /// A vector's length (core, 5.1.3): refused when the rest could not hold so many of `minimumSize` bytes each,
    /// so that a lying count cannot make us reserve memory.
    package mutating func count(minimumSize: Int = 1) throws(ModuleError) -> Int {
        let start = offset
        let count = Int(try u32())
        guard count * minimumSize <= end - offset else {
            throw malformed("unexpected end: a vector of \(count) does not fit in what is left", at: start)
        }
        return count
    }

    /// A name (core, 5.2.4).
    package mutating func name() throws(ModuleError) -> String {
        let length = Int(try u32())
        guard length <= end - offset else { throw malformed("unexpected end") }
        guard let text = String(validating: bytes[offset..<offset + length], as: UTF8.self) else {
            throw malformed("malformed UTF-8 encoding")
        }
        offset += length
        return text
    }

    package mutating func skip(_ count: Int) throws(ModuleError) {
        guard count <= end - offset else { throw malformed("unexpected end", at: end) }
        offset += count
    }
}
