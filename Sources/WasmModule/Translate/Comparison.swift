internal import CWasmInterpreter

/// A comparison whose result is in the accumulator alone, read back from the code: what a branch can swallow.
struct Comparison {
    let operation: wasm_operation
    /// Where its operands are: `WASM_FORM_SS` and so on.
    let form: Int

    /// The comparison that an instruction number stands for, if it is one that writes no slot.
    init?(instruction: UInt64) {
        let opcode = Int(Self.opcodes[Int(instruction)])
        guard opcode != 0 else { return nil }
        operation = Operation.table[opcode]
        form = (Int(instruction) - Int(operation.first)) / 2
    }

    /// The same comparison with an immediate in the place of the right operand's slot.
    var withImmediate: Comparison? {
        let form = form == Int(WASM_FORM_SS) ? Int(WASM_FORM_SI) : Int(WASM_FORM_AI)
        return Comparison(instruction: UInt64(Int(operation.first) + form * 2))
    }

    /// By instruction, the opcode of the comparison that it is a form of; 0 for all others.
    private static let opcodes: [UInt16] = {
        var opcodes = [UInt16](repeating: 0, count: Int(WASM_INSTRUCTION_COUNT.rawValue))
        for (opcode, operation) in Operation.table.all.enumerated() where operation.family == WASM_FAMILY_COMPARE {
            for form in 0..<4 { opcodes[Int(operation.first) + form * 2] = UInt16(opcode) }
        }
        return opcodes
    }()
}
