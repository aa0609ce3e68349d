internal import CWasmInterpreter

/// Instructions of the threads proposal.
extension FunctionValidator {
    /// Opcodes with the prefix 0xFE.
    mutating func validateAtomic() throws(ModuleError) {
        let number = try reader.u32()
        if number == 3 {
            guard try reader.byte() == 0 else { throw ModuleError(.malformed, "zero byte expected", at: place) }
            return
        }
        let operation = number < 0x80 ? Operation.table[0x400 + Int(number)] : wasm_operation()
        guard operation.family != WASM_FAMILY_NONE else {
            throw ModuleError(.malformed, "illegal opcode 0xfe \(number)", at: place)
        }
        let address = try memoryArgument(log2: operation.log2, isAtomic: true)
        let operand = ValueType(code: operation.operand)
        switch operation.family {
        case WASM_FAMILY_ATOMIC_STORE: return try pop([address, operand])
        case WASM_FAMILY_ATOMIC_LOAD: try pop(address)
        case WASM_FAMILY_ATOMIC_CMPXCHG: try pop([address, operand, operand])
        case WASM_FAMILY_ATOMIC_WAIT: try pop([address, operand, .i64])
        default: try pop([address, operand])
        }
        push(ValueType(code: operation.result))
    }
}
