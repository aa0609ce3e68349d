/// What a script expects of a result.
package enum ScriptPattern: Sendable, Equatable {
    /// A number, or one of the values that are called NaN.
    package enum Number: Sendable, Equatable {
        /// Exactly these bits.
        case bits(UInt64)
        /// The payload is only its highest bit; either sign.
        case canonicalNaN
        /// The payload's highest bit is set.
        case arithmeticNaN
    }

    /// The type of a vector's lanes.
    package enum Lane: Sendable {
        case i8, i16, i32, i64, f32, f64
    }

    case i32(UInt32)
    case i64(UInt64)
    case f32(Number)
    case f64(Number)
    case v128(Lane, [Number])
    /// Null; of which type is not checked where none is given.
    case null(ScriptHeapType?)
    /// A reference from the host: this one, or any.
    case extern(UInt32?)
    case host(UInt32?)
    /// Any reference that is not null, of a kind.
    case function, structure, array, eq, i31, any, exception
    /// One of several.
    case either([ScriptPattern])
}

/// Comparing.
extension ScriptPattern.Number {
    /// Whether these bits of a float fit, or of an integer.
    package func matches(_ bits: UInt64, isDouble: Bool) -> Bool {
        let format = isDouble ? FloatFormat.double : .single
        switch self {
        case .bits(let expected): return bits == expected
        case .canonicalNaN: return bits & ~format.signBit == format.infinity | format.quietBit
        case .arithmeticNaN:
            let nan = format.infinity | format.quietBit
            return bits & nan == nan
        }
    }
}
