import CWasmInterpreter
import Testing

@testable import WasmText

/// The text format's table beside the engine's one table of operations.
@Suite struct OperationTableTests {
    /// Where the table of operations has the opcodes behind each prefix.
    private static let bases: [(prefix: UInt8, base: Int, count: Int)] = [
        (0, 0, 0x100), (0xFC, 0x100, 0x100), (0xFD, 0x200, 0x200), (0xFE, 0x400, 0x80),
    ]

    @Test("TEXT-26: each operation has one name, and each access one natural alignment", arguments: bases.indices)
    func names(index: Int) {
        let (prefix, base, count) = Self.bases[index]
        var compared = 0
        for number in 0..<count {
            // SAFETY: the name is a constant of the C table.
            let name = unsafe String(cString: wasm_operation_name(UInt32(base + number)))
            guard !name.isEmpty else { continue }
            compared += 1
            let instruction = InstructionTable.shared.instruction(prefix: prefix, opcode: UInt32(number))
            #expect(instruction?.name == name)
            let operation = wasm_operation_at(base + number)
            guard let instruction, instruction.code.immediates == .memory else { continue }
            #expect(instruction.code.naturalAlignment == operation.log2, "\(name)")
        }
        #expect(compared > [100, 10, 230, 60][index])
    }
}
