/// What a reference refers to: WebAssembly core, 2.3.4. An abstract type, or a type that the module defines.
package struct HeapType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// 24 bits: an abstract type's byte in the binary format with `abstractBit`; or a type's number; or, within a
    /// recursive group under comparison, a member's position with `memberBit`.
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    private static let abstractBit: UInt32 = 1 << 23
    private static let memberBit: UInt32 = 1 << 22

    private init(abstract code: UInt8) { rawValue = Self.abstractBit | UInt32(code) }

    /// The type with this number.
    package static func defined(_ number: Int) -> HeapType { HeapType(rawValue: UInt32(number)) }

    /// The member at this position of the recursive group that the type itself belongs to.
    package static func member(_ position: Int) -> HeapType { HeapType(rawValue: memberBit | UInt32(position)) }

    package static let any = HeapType(abstract: 0x6E)
    package static let eq = HeapType(abstract: 0x6D)
    package static let i31 = HeapType(abstract: 0x6C)
    package static let structure = HeapType(abstract: 0x6B)
    package static let array = HeapType(abstract: 0x6A)
    package static let none = HeapType(abstract: 0x71)
    package static let function = HeapType(abstract: 0x70)
    package static let noFunction = HeapType(abstract: 0x73)
    package static let external = HeapType(abstract: 0x6F)
    package static let noExternal = HeapType(abstract: 0x72)
    package static let exception = HeapType(abstract: 0x69)
    package static let noException = HeapType(abstract: 0x74)
    /// Below all others: what a reference is made of that unreachable code takes from nowhere.
    package static let bottom = HeapType(abstract: 0)

    /// The abstract type that the binary format writes as this byte.
    package init?(code: UInt8) {
        guard case 0x69...0x74 = code else { return nil }
        self.init(abstract: code)
    }

    /// The type's number, if it is one that the module defines.
    package var number: Int? { rawValue < Self.memberBit ? Int(rawValue) : nil }

    /// The position in its recursive group, for a type written relative to that.
    package var memberPosition: Int? {
        rawValue & Self.abstractBit == 0 && rawValue & Self.memberBit != 0 ? Int(rawValue & ~Self.memberBit) : nil
    }

    /// The byte of the binary format, for an abstract type.
    package var code: UInt8? { rawValue & Self.abstractBit != 0 ? UInt8(truncatingIfNeeded: rawValue) : nil }

    package var description: String {
        if let number { return "\(number)" }
        if let memberPosition { return "rec.\(memberPosition)" }
        return switch self {
        case .any: "any"
        case .eq: "eq"
        case .i31: "i31"
        case .structure: "struct"
        case .array: "array"
        case .none: "none"
        case .function: "func"
        case .noFunction: "nofunc"
        case .external: "extern"
        case .noExternal: "noextern"
        case .exception: "exn"
        case .noException: "noexn"
        default: "bot"
        }
    }
}
