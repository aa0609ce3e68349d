import FoundationEssentials
import TestSupport
import Testing

@testable import WasmText

struct InstructionTableTests {
    @Test("TEXT-17: each opcode is in the table once, and only casts have two of one name")
    func noOpcodeTwice() {
        var opcodes: Set<UInt32> = []
        var names: [String: Int] = [:]
        for instruction in InstructionTable.shared.instructions {
            let code = instruction.code
            #expect(opcodes.insert(UInt32(code.prefix) << 16 | UInt32(code.opcode)).inserted, "\(instruction.name)")
            names[instruction.name, default: 0] += 1
        }
        #expect(names.filter { $0.value > 1 } == ["ref.test": 2, "ref.cast": 2])
        #expect(InstructionTable.shared.instructions.count == 574)
    }

    @Test("TEXT-17: the interpreter's operations have the same names and opcodes here")
    func sameAsInterpreter() throws {
        let path = "\(SharedFolder.packageRoot)/Sources/CWasmInterpreter/include/operations.def"
        let rows = try String(contentsOfFile: path, encoding: .utf8)
        var byName: [String: InstructionCode] = [:]
        for instruction in InstructionTable.shared.instructions { byName[instruction.name] = instruction.code }
        var compared = 0
        for row in rows.split(separator: "\n") where row.hasPrefix("WASM_") && row.contains("(0x") {
            let columns = row.split(separator: "(", maxSplits: 1)[1].split(separator: ",", maxSplits: 3)
            guard columns.count > 2, let opcode = UInt32(columns[0].dropFirst(2), radix: 16) else { continue }
            let name = columns[2].filter { $0 != "\"" && $0 != " " }
            let code = try #require(byName[name], "\(name) is in operations.def only")
            // Those of the prefix FC stand at 0x100.
            if opcode < 0x100 { #expect(code.prefix == 0 && code.opcode == opcode, "\(name)") }
            if code.prefix == 0xFC { #expect(UInt32(code.opcode) + 0x100 == opcode, "\(name)") }
            if let log2 = columns.last?.split(separator: ",").last,
                row.hasPrefix("WASM_LOAD") || row.hasPrefix("WASM_STORE")
            {
                #expect(UInt8(log2.filter(\.isNumber)) == code.naturalAlignment, "\(name)")
            }
            compared += 1
        }
        #expect(compared > 130)
    }
}
