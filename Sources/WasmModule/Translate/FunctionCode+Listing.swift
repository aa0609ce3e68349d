internal import CWasmInterpreter

extension FunctionCode {
    /// The code as text, an instruction a line: the word it starts at, its name, its operand words in hexadecimal.
    package var listing: String {
        var lines: [String] = []
        var word = 0
        while word < words.count {
            // SAFETY: an instruction lies whole inside the words, as the translator wrote it; for one without
            // operands no more than its number is read.
            let length = unsafe words[word...].withUnsafeBufferPointer { part in
                unsafe part.baseAddress.map { unsafe wasm_instruction_length($0) } ?? 1
            }
            // SAFETY: the name is a constant of the C table.
            let name = unsafe String(cString: wasm_instruction_name(UInt32(truncatingIfNeeded: words[word])))
            let operands = words[(word + 1)..<(word + length)].map { " 0x" + String($0, radix: 16) }
            lines.append("\(word) \(name)\(operands.joined())")
            word += length
        }
        return lines.joined(separator: "\n")
    }
}
