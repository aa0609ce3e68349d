/// The type of a value: WebAssembly core, 2.3.5. Its raw value is the type's byte in the binary format.
package struct ValueType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let i32 = ValueType(rawValue: 0x7F)
    package static let i64 = ValueType(rawValue: 0x7E)
    package static let f32 = ValueType(rawValue: 0x7D)
    package static let f64 = ValueType(rawValue: 0x7C)
    package static let v128 = ValueType(rawValue: 0x7B)
    package static let funcref = ValueType(rawValue: 0x70)
    package static let externref = ValueType(rawValue: 0x6F)
    package static let exnref = ValueType(rawValue: 0x69)

    /// Whether values of this type are references.
    package var isReference: Bool { self == .funcref || self == .externref || self == .exnref }

    package var description: String {
        switch self {
        case .i32: "i32"
        case .i64: "i64"
        case .f32: "f32"
        case .f64: "f64"
        case .v128: "v128"
        case .funcref: "funcref"
        case .externref: "externref"
        case .exnref: "exnref"
        default: "unknown"
        }
    }
}
