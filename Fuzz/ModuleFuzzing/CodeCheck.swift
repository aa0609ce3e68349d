internal import CWasmInterpreter
internal import WasmModule

/// What the interpreter relies on, and can be seen in a function's code alone.
enum CodeCheck {
    /// What is wrong with the code; nothing if every instruction is one, and every branch leads to one.
    static func problem(of code: FunctionCode) -> String? {
        var starts: Set<Int> = []
        var targets = code.clauses.filter { $0.catches != .delegated }.map(\.target)
        var word = 0
        while word < code.words.count {
            guard code.words[word] < UInt64(WASM_INSTRUCTION_COUNT.rawValue) else {
                return "no instruction at word \(word)"
            }
            starts.insert(word)
            let rest = code.words[word...]
            guard rest.count > 1 || !isTable(code.words[word]) else { return "the table at word \(word) is cut off" }
            // SAFETY: the number is an instruction's, and no more than the two words of a table that are there are read.
            let length = unsafe rest.withUnsafeBufferPointer { part in
                unsafe part.baseAddress.map { unsafe wasm_instruction_length($0) } ?? 1
            }
            guard length <= code.words.count - word else { return "the instruction at word \(word) is cut off" }
            targets += distances(Array(code.words[word..<(word + length)])).map { word + $0 }
            word += length
        }
        return targets.first { !starts.contains($0) }.map { "a branch leads to word \($0), which begins nothing" }
    }

    private static func isTable(_ instruction: UInt64) -> Bool { name(instruction).hasPrefix("br_table") }

    private static func name(_ instruction: UInt64) -> String {
        // SAFETY: the name is a constant of the C table.
        unsafe String(cString: wasm_instruction_name(UInt32(truncatingIfNeeded: instruction)))
    }

    /// How far an instruction branches, in words.
    private static func distances(_ words: [UInt64]) -> [Int] {
        let name = name(words[0])
        if name.hasPrefix("br_table") {
            let halves = words[2...].flatMap { [half($0), half($0 >> 32)] }
            return Array(halves.prefix(Int(words[1] >> 32) + 1))
        }
        if name.hasPrefix("i32_add_br") { return [half(words[2])] }
        if name == "br" || name == "copy_br" || name.hasPrefix("br_if_") || name.hasPrefix("br_unless_") {
            return [half(words[1] >> 32)]
        }
        return []
    }

    private static func half(_ word: UInt64) -> Int { Int(Int32(truncatingIfNeeded: word)) }
}
