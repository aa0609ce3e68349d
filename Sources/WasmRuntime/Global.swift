internal import CWasmInterpreter
package import WasmModule

/// A global variable (core, 4.2.9).
// SAFETY: the record is allocated in `init` and freed in `deinit`, and is not handed out beyond the store's instances.
@safe package final class Global {
    let record: UnsafeMutablePointer<wasm_global>
    package let type: GlobalType

    package init(_ type: GlobalType, value: Value) {
        self.type = type
        unsafe record = .allocate(capacity: 1)
        unsafe record.initialize(to: wasm_global(value: (value.low, value.high)))
    }

    deinit { unsafe record.deallocate() }

    package var value: Value {
        let low = unsafe record.pointee.value.0
        // The guest may have left anything in the upper half of 32 bits.
        let bits = type.value == .i32 || type.value == .f32 ? low & 0xFFFF_FFFF : low
        return unsafe Value(bits, high: record.pointee.value.1)
    }
}
