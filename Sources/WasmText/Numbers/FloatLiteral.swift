/// A float of the text format, whose syntax is known to be right, as the nearest number of a format: never by way of
/// another format, which would round twice.
struct FloatLiteral {
    private let bytes: [UInt8]
    private let start: Int
    private let end: Int
    private let isNegative: Bool

    /// The float in a part of a text.
    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.end = end
        isNegative = bytes[start] == 0x2D
        self.start = isNegative || bytes[start] == 0x2B ? start + 1 : start
    }

    /// Its bits; `nil` where it rounds to infinity, or where a NaN's payload is too long or zero.
    func bits(_ format: FloatFormat) -> UInt64? {
        guard let magnitude = magnitude(format) else { return nil }
        return isNegative ? magnitude | format.signBit : magnitude
    }

    private func magnitude(_ format: FloatFormat) -> UInt64? {
        switch bytes[start] {
        case UInt8(ascii: "i"): return format.infinity
        case UInt8(ascii: "n"): return notANumber(format)
        default: break
        }
        if end - start > 2, bytes[start + 1] == UInt8(ascii: "x") { return hexadecimal(format) }
        return decimal(format)
    }

    private func notANumber(_ format: FloatFormat) -> UInt64? {
        guard end - start > 3 else { return format.infinity | format.quietBit }
        var payload: UInt64 = 0
        for index in start + 6..<end {
            guard let digit = Digits.hexadecimal(bytes[index]) else { continue }
            payload = payload << 4 | UInt64(digit)
            guard payload < format.hiddenBit else { return nil }
        }
        return payload == 0 ? nil : format.infinity | payload
    }

    /// The standard library's conversion rounds exactly, for each of the two formats.
    private func decimal(_ format: FloatFormat) -> UInt64? {
        var digits: [UInt8] = []
        digits.reserveCapacity(end - start + 1)
        for index in start..<end where bytes[index] != 0x5F {
            digits.append(bytes[index])
            // Swift wants a digit behind the point.
            if bytes[index] == 0x2E, index + 1 == end || bytes[index + 1] | 0x20 == UInt8(ascii: "e") {
                digits.append(0x30)
            }
        }
        let text = String(decoding: digits, as: UTF8.self)
        let bits = format == .single ? Float(text).map { UInt64($0.bitPattern) } : Double(text)?.bitPattern
        return bits == format.infinity ? nil : bits
    }

    private func hexadecimal(_ format: FloatFormat) -> UInt64? {
        var significand: UInt64 = 0
        // The value is significand × 2^exponent; what of it did not fit is only known to be there.
        var exponent = 0
        var isInexact = false
        var isFraction = false
        var offset = start + 2
        while offset < end, bytes[offset] | 0x20 != UInt8(ascii: "p") {
            if bytes[offset] == 0x2E {
                isFraction = true
            } else if let digit = Digits.hexadecimal(bytes[offset]) {
                if significand >> 60 == 0 {
                    significand = significand << 4 | UInt64(digit)
                    if isFraction { exponent -= 4 }
                } else {
                    isInexact = isInexact || digit != 0
                    if !isFraction { exponent += 4 }
                }
            }
            offset += 1
        }
        if offset < end { exponent += power(from: offset + 1) }
        return format.rounded(significand, exponent: exponent, isInexact: isInexact)
    }

    /// A power of two, kept within what can be added to without overflow.
    private func power(from start: Int) -> Int {
        var power = 0
        for index in start..<end {
            guard let digit = Digits.hexadecimal(bytes[index]) else { continue }
            power = min(power * 10 + Int(digit), 1 << 40)
        }
        return bytes[start] == 0x2D ? -power : power
    }
}
