/// Digits, with the underscores that may stand between two of them (core, 6.3.1).
enum Digits {
    /// The value of a digit of either kind of number; `nil` for any other character.
    @inline(__always)
    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// The end of the digits that begin at `start`; `nil` where none does.
    static func run(_ bytes: [UInt8], from start: Int, to end: Int? = nil, hexadecimal: Bool) -> Int? {
        let limit = end ?? bytes.count
        var offset = start
        var afterDigit = false
        while offset < limit {
            if let digit = Self.hexadecimal(bytes[offset]), hexadecimal || digit < 10 {
                afterDigit = true
            } else if bytes[offset] == 0x5F, afterDigit {
                afterDigit = false
            } else {
                break
            }
            offset += 1
        }
        return afterDigit ? offset : nil
    }
}
