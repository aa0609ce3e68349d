internal import Glibc
internal import WasmModule
internal import WasmRuntime

/// JavaScript's `Math` (ECMA-262, 21.3), all of it on numbers of 64 bits but for `fround`'s result.
extension AssemblyScriptHost {
    func mathematics(_ name: String) -> Import? {
        if let constant = Self.constants[name] {
            return .constant(GlobalType(value: .f64, isMutable: false), Value(constant.bitPattern))
        }
        if let function = Self.unary[name] {
            return .function(
                HostFunction(FunctionType([.f64], [.f64])) { call in
                    call.setResult(function(Double(bitPattern: call.i64(0))).bitPattern)
                    return .returned
                })
        }
        if let function = Self.binary[name] {
            return .function(
                HostFunction(FunctionType([.f64, .f64], [.f64])) { call in
                    let result = function(Double(bitPattern: call.i64(0)), Double(bitPattern: call.i64(1)))
                    call.setResult(result.bitPattern)
                    return .returned
                })
        }
        return switch name {
        case "fround":
            .function(
                HostFunction(FunctionType([.f64], [.f32])) { call in
                    call.setResult(UInt64(Float(Double(bitPattern: call.i64(0))).bitPattern))
                    return .returned
                })
        case "random":
            .function(
                HostFunction(FunctionType([], [.f64])) { call in
                    call.setResult(Self.random().bitPattern)
                    return .returned
                })
        default: nil
        }
    }

    private static let constants: [String: Double] = [
        "E": M_E, "LN2": M_LN2, "LN10": M_LN10, "LOG2E": M_LOG2E, "LOG10E": M_LOG10E, "PI": Double.pi,
        "SQRT1_2": 0.5.squareRoot(), "SQRT2": 2.0.squareRoot(),
    ]

    private static let unary: [String: @Sendable (Double) -> Double] = [
        "abs": { abs($0) }, "acos": acos, "acosh": acosh, "asin": asin, "asinh": asinh, "atan": atan, "atanh": atanh,
        "cbrt": cbrt, "ceil": { $0.rounded(.up) }, "clz32": { Double(integer($0).leadingZeroBitCount) }, "cos": cos,
        "cosh": cosh, "exp": exp, "expm1": expm1, "floor": { $0.rounded(.down) }, "log": log, "log10": log10,
        "log1p": log1p, "log2": log2, "round": round, "sign": { $0 == 0 || $0.isNaN ? $0 : $0 < 0 ? -1 : 1 },
        "sin": sin,
        "sinh": sinh, "sqrt": { $0.squareRoot() }, "tan": tan, "tanh": tanh, "trunc": { $0.rounded(.towardZero) },
    ]

    private static let binary: [String: @Sendable (Double, Double) -> Double] = [
        "atan2": atan2, "hypot": hypot, "imul": { Double(Int32(bitPattern: integer($0) &* integer($1))) },
        "max": { $0.isNaN || $1.isNaN ? .nan : $0 == $1 ? ($0.sign == .minus ? $1 : $0) : Swift.max($0, $1) },
        "min": { $0.isNaN || $1.isNaN ? .nan : $0 == $1 ? ($0.sign == .minus ? $0 : $1) : Swift.min($0, $1) },
        // 1 to the power of something infinite is no number here, other than in C.
        "pow": { abs($0) == 1 && !$1.isFinite ? .nan : pow($0, $1) },
    ]

    /// A number modulo 2^32 (ECMA-262, 7.1.7).
    private static func integer(_ number: Double) -> UInt32 {
        guard number.isFinite else { return 0 }
        let rest = fmod(number.rounded(.towardZero), 4_294_967_296)
        return UInt32(truncatingIfNeeded: Int64(rest))
    }

    /// Halves go up, also below zero (ECMA-262, 21.3.2.28).
    private static func round(_ number: Double) -> Double {
        let down = number.rounded(.down)
        let rounded = number - down >= 0.5 ? down + 1 : down
        return rounded == 0 && (number.sign == .minus) ? -0.0 : rounded
    }
}
