/// A value in a script; floats by their bits.
package enum ScriptValue: Sendable, Equatable {
    case i32(UInt32)
    case i64(UInt64)
    case f32(UInt32)
    case f64(UInt64)
    /// Sixteen bytes, the lowest first.
    case v128([UInt8])
    /// The null of a type.
    case null(ScriptHeapType?)
    /// A reference from the host, told apart by a number; outside of the `any` hierarchy.
    case extern(UInt32)
    /// A reference from the host within the `any` hierarchy.
    case host(UInt32)
}
