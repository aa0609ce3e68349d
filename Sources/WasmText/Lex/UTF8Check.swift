/// Unicode's encoding, as strict as its table of well-formed sequences: no overlong forms, no surrogates.
enum UTF8Check {
    /// How many bytes the character at `offset` takes; `nil` where there is none. The first byte is over 0x7F.
    static func length(of bytes: [UInt8], at offset: Int) -> Int? {
        let first = bytes[offset]
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0:
            length = 3
            lowest = 0xA0
        case 0xED:
            length = 3
            highest = 0x9F
        case 0xE1...0xEF: length = 3
        case 0xF0:
            length = 4
            lowest = 0x90
        case 0xF4:
            length = 4
            highest = 0x8F
        case 0xF1...0xF3: length = 4
        default: return nil
        }
        guard offset + length <= bytes.count, bytes[offset + 1] >= lowest, bytes[offset + 1] <= highest else {
            return nil
        }
        for index in offset + 2..<max(offset + 2, offset + length) where bytes[index] & 0xC0 != 0x80 { return nil }
        return length
    }

    /// Whether all of it is well-formed.
    static func isValid(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] < 0x80 {
                offset += 1
            } else if let length = length(of: bytes, at: offset) {
                offset += length
            } else {
                return false
            }
        }
        return true
    }
}
