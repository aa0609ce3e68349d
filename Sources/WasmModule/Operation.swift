internal import CWasmInterpreter

/// The table of operations that C holds (`operations.def`), as Swift reads it.
enum Operation {
    /// By opcode; those with the prefix 0xFC at 0x100 + their number.
    static let table: [wasm_operation] = {
        // SAFETY: the C array has WASM_OPERATION_COUNT elements and is constant.
        unsafe withUnsafeBytes(of: wasm_operations) { raw in
            unsafe Array(raw.bindMemory(to: wasm_operation.self))
        }
    }()
}
