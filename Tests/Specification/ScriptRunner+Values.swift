import WasmModule
import WasmRuntime
import WasmText

extension ScriptRunner {
    /// A value's bits.
    static func value(_ value: ScriptValue) -> Value {
        switch value {
        case .i32(let bits), .f32(let bits): Value(UInt64(bits))
        case .i64(let bits), .f64(let bits): Value(bits)
        case .v128(let bytes): Value(word(bytes[0..<8]), high: word(bytes[8..<16]))
        case .null: Value(0)
        case .extern(let number), .host(let number): Value(UInt64(number) << 2 | 2)
        }
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    static func matches(_ value: Value, _ pattern: ScriptPattern) -> Bool {
        let bits = value.low
        return switch pattern {
        case .i32(let wanted): UInt32(truncatingIfNeeded: bits) == wanted
        case .i64(let wanted): bits == wanted
        case .f32(let wanted): wanted.matches(bits & 0xFFFF_FFFF, isDouble: false)
        case .f64(let wanted): wanted.matches(bits, isDouble: true)
        case .v128(let lane, let wanted): matches(value, lane, wanted)
        case .null: bits == 0
        case .extern(let number), .host(let number): number.map { bits == UInt64($0) << 2 | 2 } ?? (bits != 0)
        case .function, .exception: bits != 0
        case .i31: bits & 1 == 1
        case .structure, .array: bits != 0 && bits & 3 == 0
        case .eq: bits != 0 && bits & 3 != 2
        case .any: bits != 0
        case .either(let patterns): patterns.contains { matches(value, $0) }
        }
    }

    private static func matches(_ value: Value, _ lane: ScriptPattern.Lane, _ wanted: [ScriptPattern.Number]) -> Bool {
        let width = 128 / wanted.count
        for (index, number) in wanted.enumerated() {
            let place = index * width
            let half = place < 64 ? value.low : value.high
            let bits = half >> UInt64(place % 64) & (width == 64 ? .max : (1 << UInt64(width)) - 1)
            let isDouble = lane == .f64
            switch lane {
            case .f32, .f64: guard number.matches(bits, isDouble: isDouble) else { return false }
            default:
                guard case .bits(let integer) = number else { return false }
                guard bits == integer & (width == 64 ? .max : (1 << UInt64(width)) - 1) else { return false }
            }
        }
        return true
    }
}
