/// An integer of the text format, whose syntax is known to be right.
struct IntegerLiteral {
    let isNegative: Bool
    /// Whether it has a sign at all.
    let isSigned: Bool
    /// `nil` where it is 2^64 or more.
    let magnitude: UInt64?

    /// The integer in a part of a text.
    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        var offset = start
        isNegative = bytes[offset] == 0x2D
        isSigned = isNegative || bytes[offset] == 0x2B
        if isSigned { offset += 1 }
        let isHexadecimal = end - offset > 2 && bytes[offset + 1] == UInt8(ascii: "x")
        if isHexadecimal { offset += 2 }
        var value: UInt64 = 0
        var overflows = false
        while offset < end {
            if let digit = Digits.hexadecimal(bytes[offset]) {
                let (high, over) = value.multipliedReportingOverflow(by: isHexadecimal ? 16 : 10)
                let (sum, carry) = high.addingReportingOverflow(UInt64(digit))
                overflows = overflows || over || carry
                value = sum
            }
            offset += 1
        }
        magnitude = overflows ? nil : value
    }

    /// The number in so many bits, whether it was written as signed or as unsigned; `nil` where it does not fit.
    func wrapped(bits: Int) -> UInt64? {
        guard let magnitude else { return nil }
        let limit: UInt64 = isNegative ? 1 << UInt64(bits - 1) : bits == 64 ? .max : (1 << UInt64(bits)) - 1
        guard magnitude <= limit else { return nil }
        let value = isNegative ? 0 &- magnitude : magnitude
        return bits == 64 ? value : value & ((1 << UInt64(bits)) - 1)
    }
}
