package import WasmModule

/// How a host function's call ends.
package enum HostOutcome {
    /// Results, if any, are in place.
    case returned
    /// The whole program ends with this exit code: unwinds every guest frame.
    case exits(UInt32)
    /// The guest traps, for the reason given.
    case traps(String)
}

/// A function that the host lends to a guest.
package struct HostFunction {
    package let type: FunctionType

    /// What a call does. It must not keep the call or its memory beyond its return.
    package let body: (HostCall) -> HostOutcome

    package init(_ type: FunctionType, _ body: @escaping (HostCall) -> HostOutcome) {
        self.type = type
        self.body = body
    }
}

/// One call of a host function: its arguments, the caller's memory, and where results go.
///
/// Valid only during the call.
@safe public struct HostCall {
    @usableFromInline let slots: UnsafeMutablePointer<UInt64>

    /// Memory 0 of the calling instance, or an empty one where it has none.
    public let memory: GuestMemory

    @inlinable public init(slots: UnsafeMutablePointer<UInt64>, memory: GuestMemory) {
        unsafe self.slots = slots
        self.memory = memory
    }

    /// The argument at `index`, as an i32's bits. `index` must be inside the function's own type.
    @inlinable @inline(__always) public func i32(_ index: Int) -> UInt32 {
        // SAFETY: the runtime gives a slot for each parameter of the function's type.
        unsafe UInt32(truncatingIfNeeded: slots[index])
    }

    /// The argument at `index`, as an i64's bits.
    @inlinable @inline(__always) public func i64(_ index: Int) -> UInt64 {
        // SAFETY: as in `i32`.
        unsafe slots[index]
    }

    /// Sets the result at `index`.
    @inlinable @inline(__always) public func setResult(_ bits: UInt64, at index: Int = 0) {
        // SAFETY: the frame has a slot for each result of the function's type.
        unsafe slots[index] = bits
    }
}
