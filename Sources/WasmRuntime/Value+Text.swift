package import WasmModule

/// Values as people write them on a command line, and as they are shown.
extension Value {
    /// Reads a value of a type: an integer in decimal or after `0x`, with a sign or as large as the bits allow; a float as C
    /// has it; a vector as up to 32 digits after `0x`; `null` for a reference that may be. `nil` for anything else.
    package init?(_ text: String, of type: ValueType) {
        switch type {
        case .i32:
            guard let number = Self.integer(text),
                let value = Int32(exactly: number).map(UInt32.init(bitPattern:))
                    ?? UInt32(exactly: number)
            else { return nil }
            self.init(UInt64(value))
        case .i64:
            guard let number = Self.integer(text),
                let value = Int64(exactly: number).map(UInt64.init(bitPattern:))
                    ?? UInt64(exactly: number)
            else { return nil }
            self.init(value)
        case .f32:
            guard let value = Float(text) else { return nil }
            self.init(UInt64(value.bitPattern))
        case .f64:
            guard let value = Double(text) else { return nil }
            self.init(value.bitPattern)
        case .v128:
            guard text.hasPrefix("0x"), !text.dropFirst(2).hasPrefix("+"), !text.dropFirst(2).hasPrefix("-"),
                let value = UInt128(text.dropFirst(2), radix: 16)
            else { return nil }
            self.init(UInt64(truncatingIfNeeded: value), high: UInt64(truncatingIfNeeded: value >> 64))
        default:
            guard type.isNullable, text == "null" else { return nil }
            self.init(0)
        }
    }

    /// What a value of a type is written as, for messages.
    package static func form(of type: ValueType) -> String {
        switch type {
        case .i32, .i64: "an integer, such as -1 or 0xff"
        case .f32, .f64: "a number, such as 1.5, -inf or nan"
        case .v128: "its bits, such as 0x0000000400000003"
        default: type.isNullable ? "null, the only one that can be written" : "another function: none can be written"
        }
    }

    /// The value as it is shown, one of type `type`: integers with a sign, a vector as its bits, and of references only
    /// whether there is one.
    package func text(of type: ValueType) -> String {
        switch type {
        case .i32: return "\(Int32(truncatingIfNeeded: low))"
        case .i64: return "\(Int64(bitPattern: low))"
        case .f32: return Self.text(Float(bitPattern: UInt32(truncatingIfNeeded: low)))
        case .f64: return Self.text(Double(bitPattern: low))
        case .v128:
            let digits = String(UInt128(high) << 64 | UInt128(low), radix: 16)
            return "0x" + String(repeating: "0", count: 32 - digits.count) + digits
        default: return low == 0 ? "null" : "not null"
        }
    }

    /// A float; of a NaN its sign, and its payload if that is not the canonical one (text format, 6.3.2).
    private static func text<Number: BinaryFloatingPoint>(_ value: Number) -> String {
        guard value.isNaN else { return "\(value)" }
        let isCanonical = value.significandBitPattern == 1 << (Number.significandBitCount - 1)
        let payload = isCanonical ? "" : ":0x" + String(value.significandBitPattern, radix: 16)
        return (value.sign == .minus ? "-nan" : "nan") + payload
    }

    private static func integer(_ text: String) -> Int128? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isNumber else { return nil }
        let magnitude = digits.hasPrefix("0x") ? Int128(digits.dropFirst(2), radix: 16) : Int128(digits)
        return magnitude.map { isNegative ? -$0 : $0 }
    }
}
