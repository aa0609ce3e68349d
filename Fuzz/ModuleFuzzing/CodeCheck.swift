internal import CWasmInterpreter
internal import WasmModule

/// Looks over the code that a function was translated to, as far as it can be judged without running it.
struct CodeCheck {
    private let code: FunctionCode
    /// Where instructions start.
    private var starts: Set<Int> = []
    private var targets: [Int] = []

    /// What is wrong with some code, if anything is.
    static func problem(of code: FunctionCode) -> String? {
        var check = CodeCheck(code: code)
        return check.problem()
    }

    private init(code: FunctionCode) { self.code = code }

    private mutating func problem() -> String? {
        let words = code.words
        var word = 0
        while word < words.count {
            guard words[word] < UInt64(WASM_INSTRUCTION_COUNT.rawValue) else { return "no instruction at word \(word)" }
            let kind = Self.kinds[Int(words[word])]
            guard let length = length(at: word, kind), length > 0, word + length <= words.count else {
                return "the instruction at word \(word) ends behind the code"
            }
            starts.insert(word)
            noteTargets(of: kind, at: word)
            word += length
        }
        for target in targets where !starts.contains(target) { return "a branch to word \(target)" }
        for clause in code.clauses {
            guard clause.words.upperBound <= words.count else { return "a clause for \(clause.words)" }
            let isThere =
                clause.catches == .delegated
                ? (0...code.clauses.count).contains(clause.target) : starts.contains(clause.target)
            guard isThere else { return "a clause to \(clause.target)" }
            guard clause.baseSlot <= code.frameSlots, clause.referenceSlot ?? 0 < code.frameSlots else {
                return "a clause to slot \(clause.baseSlot)"
            }
        }
        return nil
    }

    private func length(at word: Int, _ kind: Kind) -> Int? {
        // A table says how long it is in the word behind.
        if kind == .table, word + 1 >= code.words.count { return nil }
        // SAFETY: the instruction's number is in range, and so is the one word more that a table's length needs.
        return unsafe code.words[word...].withUnsafeBufferPointer { part in
            unsafe part.baseAddress.map { unsafe wasm_instruction_length($0) }
        }
    }

    private mutating func noteTargets(of kind: Kind, at word: Int) {
        switch kind {
        case .plain: break
        case .branch: note(code.words[word + 1] >> 32, at: word)
        case .sumBranch: note(code.words[word + 2], at: word)
        case .table:
            for entry in 0...Int(code.words[word + 1] >> 32) {
                note(code.words[word + 2 + entry / 2] >> (entry % 2 == 0 ? 0 : 32), at: word)
            }
        }
    }

    private mutating func note(_ distance: UInt64, at word: Int) {
        targets.append(word + Int(Int32(truncatingIfNeeded: Int64(truncatingIfNeeded: distance))))
    }

    /// Where an instruction says how far it goes.
    private enum Kind { case plain, branch, sumBranch, table }

    private static let kinds: [Kind] = (0..<WASM_INSTRUCTION_COUNT.rawValue).map { number in
        // SAFETY: the name is a constant of the C table.
        let name = unsafe String(cString: wasm_instruction_name(number))
        if name.hasPrefix("br_table") { return .table }
        if name.hasPrefix("i32_add_br") { return .sumBranch }
        return name.hasPrefix("br") || name == "copy_br" ? .branch : .plain
    }
}
