extension ByteReader {
    /// A value type (core, 5.3.5).
    package mutating func valueType() throws(ModuleError) -> ValueType {
        let place = offset
        let code = try byte()
        switch code {
        case 0x7C...0x7F, 0x70, 0x6F, 0x69: return ValueType(rawValue: code)
        case 0x63: return try nullableReference(at: place)
        default: throw Self.refused(type: code, at: place)
        }
    }

    /// The long form of a reference type that may be null, for the heap types that have a short one too.
    private mutating func nullableReference(at place: Int) throws(ModuleError) -> ValueType {
        switch try s33() {
        case -0x10: return .funcref
        case -0x11: return .externref
        case -0x17: return .exnref
        default: throw Self.refused(type: 0x63, at: place)
        }
    }

    /// A reference type (core, 5.3.4).
    package mutating func referenceType() throws(ModuleError) -> ValueType {
        let place = offset
        let code = try byte()
        switch code {
        case 0x70, 0x6F, 0x69: return ValueType(rawValue: code)
        case 0x63: return try nullableReference(at: place)
        case 0x7B...0x7F: throw ModuleError(.malformed, "malformed reference type", at: place)
        default: throw Self.refused(type: code, at: place)
        }
    }

    /// Why a type's first byte is refused: a feature by name, or no type at all.
    static func refused(type code: UInt8, at place: Int) -> ModuleError {
        switch code {
        case 0x7B: ModuleError(.unsupported("simd"), "it uses the type v128", at: place)
        case 0x63, 0x64:
            ModuleError(.unsupported("function-references"), "it uses typed function references", at: place)
        case 0x6A...0x6E, 0x71...0x74:
            ModuleError(.unsupported("gc"), "it uses a reference type of garbage collection", at: place)
        default: ModuleError(.malformed, "malformed value type 0x\(String(code, radix: 16))", at: place)
        }
    }
}
