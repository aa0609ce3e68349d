/// A string of the text format (core, 6.3.3).
enum StringLiteral {
    /// What can be wrong with one.
    enum Problem {
        case unclosed
        case illegalCharacter
        case illegalEscape
    }

    /// Where the string that begins at the quotation mark at `start` ends, or what is wrong and where.
    static func end(_ bytes: [UInt8], from start: Int) -> (end: Int, problem: Problem?) {
        var offset = start + 1
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x22: return (offset + 1, nil)
            case 0x0A, 0x0D: return (offset, .unclosed)
            case 0x00..<0x20, 0x7F: return (offset, .illegalCharacter)
            case 0x5C:
                guard let escape = escape(bytes, at: offset) else { return (offset, .illegalEscape) }
                offset = escape.end
            default: offset += 1
            }
        }
        return (offset, .unclosed)
    }

    /// Appends the bytes that a well-formed string between `start` and `end` stands for.
    static func decode(_ bytes: [UInt8], from start: Int, to end: Int, into result: inout [UInt8]) {
        var offset = start + 1
        while offset < end - 1 {
            let byte = bytes[offset]
            if byte == 0x5C, let escape = escape(bytes, at: offset) {
                if escape.isByte {
                    result.append(UInt8(truncatingIfNeeded: escape.value))
                } else if let scalar = Unicode.Scalar(escape.value) {
                    result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                }
                offset = escape.end
            } else {
                result.append(byte)
                offset += 1
            }
        }
    }

    private static func escape(_ bytes: [UInt8], at start: Int) -> (value: UInt32, isByte: Bool, end: Int)? {
        guard start + 1 < bytes.count else { return nil }
        switch bytes[start + 1] {
        case UInt8(ascii: "t"): return (0x09, true, start + 2)
        case UInt8(ascii: "n"): return (0x0A, true, start + 2)
        case UInt8(ascii: "r"): return (0x0D, true, start + 2)
        case 0x22, 0x27, 0x5C: return (UInt32(bytes[start + 1]), true, start + 2)
        case UInt8(ascii: "u"): return unicodeEscape(bytes, at: start)
        case let first:
            guard start + 2 < bytes.count, let high = Digits.hexadecimal(first),
                let low = Digits.hexadecimal(bytes[start + 2])
            else { return nil }
            return (UInt32(high) << 4 | UInt32(low), true, start + 3)
        }
    }

    /// `\u{…}`, which stands for a character.
    private static func unicodeEscape(_ bytes: [UInt8], at start: Int) -> (value: UInt32, isByte: Bool, end: Int)? {
        guard start + 2 < bytes.count, bytes[start + 2] == UInt8(ascii: "{") else { return nil }
        var offset = start + 3
        var value: UInt32 = 0
        guard let end = Digits.run(bytes, from: offset, hexadecimal: true) else { return nil }
        while offset < end {
            if let digit = Digits.hexadecimal(bytes[offset]) {
                value = value << 4 | UInt32(digit)
                guard value < 0x11_0000 else { return nil }
            }
            offset += 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "}"), Unicode.Scalar(value) != nil else { return nil }
        return (value, false, end + 1)
    }
}
