/// Every instruction, once: the assembler finds them by name, the printer by opcode.
struct InstructionTable {
    /// In the order of the rows; a token of the text holds a place in it.
    let instructions: [Instruction]
    /// Places in `instructions` by prefix and opcode.
    private let places: [UInt32: UInt16]

    static let shared = InstructionTable()

    private init() {
        var instructions: [Instruction] = []
        for rows in [Self.control, Self.memory, Self.numeric, Self.aggregate, Self.extended, Self.vector, Self.atomic] {
            instructions += rows.split(separator: "\n").compactMap { Instruction(row: $0) }
        }
        self.instructions = instructions
        var places: [UInt32: UInt16] = [:]
        for (place, instruction) in instructions.enumerated() {
            places[UInt32(instruction.code.prefix) << 16 | UInt32(instruction.code.opcode)] = UInt16(place)
        }
        // Another opcode of the same name: select with types.
        places[0x1C] = places[0x1B]
        self.places = places
    }

    /// The instruction with this opcode behind this prefix.
    func instruction(prefix: UInt8, opcode: UInt32) -> Instruction? {
        guard opcode <= 0xFFFF, let place = places[UInt32(prefix) << 16 | opcode] else { return nil }
        return instructions[Int(place)]
    }
}
