/// The type of a value: WebAssembly core, 2.3.5. Two are the same type if and only if they are equal, since equal type
/// definitions of a module have one number.
package struct ValueType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The lowest byte is the type's in the binary format, for references that of the long form; above it, of a
    /// reference, the heap type.
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A number or vector type by its byte in the binary format.
    package init(code: UInt8) { rawValue = UInt32(code) }

    /// A reference type.
    package init(_ heapType: HeapType, isNullable: Bool) {
        rawValue = heapType.rawValue << 8 | (isNullable ? 0x63 : 0x64)
    }

    package static let i32 = ValueType(code: 0x7F)
    package static let i64 = ValueType(code: 0x7E)
    package static let f32 = ValueType(code: 0x7D)
    package static let f64 = ValueType(code: 0x7C)
    package static let v128 = ValueType(code: 0x7B)
    package static let funcref = ValueType(.function, isNullable: true)
    package static let externref = ValueType(.external, isNullable: true)
    package static let exnref = ValueType(.exception, isNullable: true)
    package static let anyref = ValueType(.any, isNullable: true)
    package static let eqref = ValueType(.eq, isNullable: true)
    package static let i31ref = ValueType(.i31, isNullable: true)
    package static let structref = ValueType(.structure, isNullable: true)
    package static let arrayref = ValueType(.array, isNullable: true)
    /// A type that fits any other: what an unreachable stack gives.
    package static let unknown = ValueType(rawValue: 0)

    /// Whether values of this type are references.
    package var isReference: Bool { rawValue & 0xFF == 0x63 || rawValue & 0xFF == 0x64 }

    /// Whether null is a value of this type.
    package var isNullable: Bool { rawValue & 0xFF == 0x63 }

    /// Whether a variable of this type has a value before it is given one (core, 3.2.4).
    package var isDefaultable: Bool { rawValue & 0xFF != 0x64 }

    /// What references of this type refer to. Of no meaning for other types.
    package var heapType: HeapType { HeapType(rawValue: rawValue >> 8) }

    /// The same reference type without null.
    package var withoutNull: ValueType { isReference ? ValueType(heapType, isNullable: false) : self }

    /// The same type with another heap type in the place of its own, if it is a reference.
    func mappingHeapType(_ map: (HeapType) -> HeapType) -> ValueType {
        isReference ? ValueType(map(heapType), isNullable: isNullable) : self
    }

    package var description: String {
        switch self {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .unknown: "unknown"
        case let type where type.isReference:
            if type.isNullable, heapType.code != nil {
                switch heapType {
                case .none, .noFunction, .noExternal, .noException:
                    heapType == .none ? "nullref" : "null\(abstractName)ref"
                default: "\(heapType)ref"
                }
            } else {
                "(ref \(isNullable ? "null " : "")\(heapType))"
            }
        default: "unknown"
        }
    }

    /// The hierarchy's name in the short form of its bottom type.
    private var abstractName: String { String(heapType.description.dropFirst(2)) }
}
