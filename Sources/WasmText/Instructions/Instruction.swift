/// One instruction as both formats know it.
struct Instruction {
    /// Its name in the text format.
    let name: String
    let code: InstructionCode
}

/// Rows of the table.
extension Instruction {
    /// Reads a row of the table; `nil` where it is not one.
    init?(row: Substring) {
        let words = row.split(separator: " ")
        guard words.count >= 2 else { return nil }
        let code = words[0].split(separator: ":")
        guard let opcode = UInt16(code[code.count - 1], radix: 16) else { return nil }
        guard let immediates = words.count > 2 ? Immediates(rawValue: String(words[2])) : Immediates.none else {
            return nil
        }
        self.name = String(words[1])
        self.code = InstructionCode(
            prefix: code.count == 2 ? UInt8(code[0], radix: 16) ?? 0 : 0, opcode: opcode, immediates: immediates,
            naturalAlignment: words.count > 3 ? UInt8(words[3]) ?? 0 : 0)
    }
}
