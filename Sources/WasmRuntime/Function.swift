internal import CWasmInterpreter
package import WasmModule

/// A function that can be called or imported: a guest's, or one of the host.
// SAFETY: a host function's record is its own; a guest function's belongs to an instance, which the store keeps.
@safe package final class Function {
    let record: UnsafeMutablePointer<wasm_function>
    package let type: FunctionType
    unowned let store: Store
    /// What a call does, if the function is the host's.
    private let body: (HostCall) -> HostOutcome
    private let isHost: Bool

    /// A function of an instance.
    init(_ record: UnsafeMutablePointer<wasm_function>, _ type: FunctionType, of instance: Instance) {
        unsafe self.record = record
        self.type = type
        store = instance.store
        body = { _ in .traps("not a host function") }
        isHost = false
    }

    /// Makes a host function callable in `store`.
    package init(_ host: HostFunction, in store: Store) {
        type = host.type
        self.store = store
        body = host.body
        isHost = true
        let shape = FrameShape(host.type)
        unsafe record = .allocate(capacity: 1)
        unsafe record.initialize(to: wasm_function())
        unsafe record.pointee.header_slot = UInt16(shape.headerSlot)
        unsafe record.pointee.parameter_slots = UInt16(shape.parameterSlots)
        unsafe record.pointee.result_slots = UInt16(shape.resultSlots)
        unsafe record.pointee.type_id = store.number(of: host.type)
        unsafe record.pointee.host = callHost
        unsafe record.pointee.host_data = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        // SAFETY: a guest function's record belongs to its instance.
        if isHost { unsafe record.deallocate() }
    }

    /// Calls the function with its arguments; gives its results.
    ///
    /// Throws `CallEnd` when the program traps or ends meanwhile. The arguments must be as many as the type says.
    package func call(_ arguments: [Value]) throws(CallEnd) -> [Value] {
        var slots: [UInt64] = []
        for (argument, type) in zip(arguments, type.parameters) {
            slots.append(argument.low)
            if type == .v128 { slots.append(argument.high) }
        }
        let results = try call(slots: slots)
        var slot = 0
        return type.results.map { type in
            defer { slot += type.slotCount }
            // The upper half of a slot that holds 32 bits means nothing.
            let low = type == .i32 || type == .f32 ? results[slot] & 0xFFFF_FFFF : results[slot]
            return Value(low, high: type == .v128 ? results[slot + 1] : 0)
        }
    }

    /// The same for a function whose arguments and results are numbers or references: their bits.
    package func call(_ arguments: [UInt64] = []) throws(CallEnd) -> [UInt64] {
        try call(arguments.map { Value($0) }).map(\.low)
    }

    /// Calls the function with its parameters' slots; gives those of its results.
    private func call(slots arguments: [UInt64]) throws(CallEnd) -> [UInt64] {
        var slots = arguments
        let shape = FrameShape(type)
        while slots.count < max(shape.parameterSlots, shape.resultSlots) { slots.append(0) }
        // SAFETY: the slots have room for the parameters and for the results.
        let status = unsafe slots.withUnsafeMutableBufferPointer { buffer in
            var none: UInt64 = 0
            if let base = buffer.baseAddress { return unsafe wasm_call(store.context, record, base) }
            return unsafe wasm_call(store.context, record, &none)
        }
        if status == WASM_RETURNED { return Array(slots.prefix(shape.resultSlots)) }
        throw store.end(status)
    }

    @inline(__always)
    fileprivate func run(_ call: HostCall) -> HostOutcome { body(call) }
}

/// How a call ends that does not return.
package enum CallEnd: Error {
    case exited(UInt32)
    case trapped(Trap)
}

/// What the interpreter calls for a host function.
// SAFETY: the record's data is the Function that owns the record, and whoever calls holds that; the context is that of
// the running call.
private let callHost: wasm_host_call = { context, function, slots in
    guard let data = unsafe function.pointee.host_data else { return WASM_TRAP_HOST }
    // SAFETY: an instance that runs is kept by its store.
    let caller = unsafe context.pointee.caller
    let memory = unsafe caller?.pointee.memories?[0].map { unsafe GuestMemory(UnsafePointer($0)) }
    // Not retained for the call: whoever can make it holds the function.
    return unsafe Unmanaged<Function>.fromOpaque(data)._withUnsafeGuaranteedRef { owner in
        let call = unsafe HostCall(slots: slots, memory: memory ?? owner.store.noMemory)
        switch owner.run(call) {
        case .returned: return WASM_RETURNED
        case .exits(let code):
            unsafe context.pointee.exit_code = code
            return WASM_EXITED
        case .traps(let reason):
            owner.store.hostReason = reason
            return WASM_TRAP_HOST
        }
    }
}
