internal import CWasmInterpreter

/// The table of operations that C holds (`operations.def`), as Swift reads it.
enum Operation {
    static let table = Table()

    struct Table {
        /// By opcode; those with the prefix 0xFC at 0x100 + their number.
        @inline(__always)
        subscript(opcode: Int) -> wasm_operation { wasm_operation_at(opcode) }

        /// All of them, by opcode.
        var all: [wasm_operation] { (0..<Int(WASM_OPERATION_COUNT)).map { self[$0] } }
    }
}
