/// Tells integers and floats from what only looks like them (core, 6.3.1 and 6.3.2).
enum NumberSyntax {
    /// What the token from `start` to `end` is; `nil` for neither.
    static func kind(_ bytes: [UInt8], from start: Int, to end: Int) -> Token.Kind? {
        var offset = start
        if bytes[offset] == 0x2B || bytes[offset] == 0x2D { offset += 1 }
        guard offset < end else { return nil }
        if bytes[offset] == UInt8(ascii: "i") || bytes[offset] == UInt8(ascii: "n") {
            return isSpecial(bytes, from: offset, to: end) ? .float : nil
        }
        let isHexadecimal = bytes[offset] == 0x30 && offset + 1 < end && bytes[offset + 1] == UInt8(ascii: "x")
        if isHexadecimal { offset += 2 }
        guard let whole = Digits.run(bytes, from: offset, to: end, hexadecimal: isHexadecimal) else { return nil }
        if whole == end { return .integer }
        offset = whole
        if bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            if let fraction = Digits.run(bytes, from: offset, to: end, hexadecimal: isHexadecimal) { offset = fraction }
        }
        if offset == end { return .float }
        let mark = bytes[offset] | 0x20
        guard mark == (isHexadecimal ? UInt8(ascii: "p") : UInt8(ascii: "e")) else { return nil }
        offset += 1
        if offset < end, bytes[offset] == 0x2B || bytes[offset] == 0x2D { offset += 1 }
        return Digits.run(bytes, from: offset, to: end, hexadecimal: false) == end ? .float : nil
    }

    /// `inf`, `nan`, or `nan:` and a payload.
    private static func isSpecial(_ bytes: [UInt8], from start: Int, to end: Int) -> Bool {
        let spelling = bytes[start..<end]
        if spelling.elementsEqual("inf".utf8) || spelling.elementsEqual("nan".utf8) { return true }
        guard spelling.starts(with: "nan:0x".utf8) else { return false }
        return Digits.run(bytes, from: start + 6, to: end, hexadecimal: true) == end
    }
}
