/// Instructions (core, 6.5), folded or not, with a stack of its own for what is nested.
extension ModuleAssembler {
    /// Reads instructions up to the parenthesis that closes what they are in, or one alone, and writes them to `code`.
    mutating func instructions(onlyOne: Bool = false) throws(TextError) {
        repeat {
            let token = cursor.token
            switch token.kind {
            case .keyword:
                guard openInstructions.last?.holdsInstructions ?? true, token.instruction != Token.noInstruction else {
                    throw cursor.unexpected()
                }
                try unfolded(codes[Int(token.instruction)])
            case .open: try folded()
            case .close:
                guard let top = openInstructions.popLast() else { return }
                try close(top)
            default: throw cursor.unexpected()
            }
        } while !(onlyOne && openInstructions.isEmpty)
    }

    // MARK: Unfolded

    @inline(__always)
    private mutating func unfolded(_ instruction: InstructionCode) throws(TextError) {
        if hasBranchHints { hint(try branchHint(before: instruction, at: cursor.place)) }
        let keyword = cursor.place
        cursor.advance()
        switch instruction.immediates {
        case .none: instruction.writeOpcode(to: &code)
        case .block:
            try header(instruction, kind: instruction.opcode == 0x04 ? .if : instruction.opcode == 0x06 ? .try : .block)
        case .tryTable: try tryTable(instruction, kind: .block)
        case .else, .catch, .catchAll, .delegate, .end:
            guard try clause(instruction) else {
                cursor.place = keyword
                throw cursor.unexpected()
            }
        default: try write(instruction)
        }
    }

    /// What goes on with an open block, or ends it; `false` where no such block is open.
    private mutating func clause(_ instruction: InstructionCode) throws(TextError) -> Bool {
        guard let top = openInstructions.last else { return false }
        let last = openInstructions.count - 1
        switch (instruction.immediates, top.kind) {
        case (.end, _) where top.isUnfolded:
            try repeatedLabel()
            instruction.writeOpcode(to: &code)
            labels.pop()
            openInstructions.removeLast()
        case (.else, .if):
            try repeatedLabel()
            instruction.writeOpcode(to: &code)
            openInstructions[last].kind = .else
        case (.catch, .try), (.catch, .catch):
            instruction.writeOpcode(to: &code)
            code.appendUnsigned(try cursor.index(in: tags, "tag"))
            openInstructions[last].kind = .catch
        case (.catchAll, .try), (.catchAll, .catch):
            instruction.writeOpcode(to: &code)
            openInstructions[last].kind = .catchAll
        case (.delegate, .try):
            instruction.writeOpcode(to: &code)
            labels.pop()
            try label()
            openInstructions.removeLast()
        default: return false
        }
        return true
    }

    /// The label of a block may stand behind its `else` and its `end` again.
    private mutating func repeatedLabel() throws(TextError) {
        let token = cursor.token
        guard let symbol = cursor.takeIdentifier(), symbol != labels.innermost else { return }
        throw cursor.error("mismatching label \(cursor.spelling(of: token)): it is not that of the block", at: token)
    }

    // MARK: Folded

    private mutating func folded() throws(TextError) {
        let start = cursor.place
        let keyword = cursor.following
        let kind = openInstructions.last?.kind ?? .clause
        cursor.advance()
        switch kind {
        case .foldedIf where keyword.word == .then: return beginThen()
        case .foldedThen where keyword.word == .else:
            cursor.advance()
            openInstructions[openInstructions.count - 1].kind = .foldedElse
            code.append(0x05)
            return openInstructions.append(OpenInstruction(kind: .clause))
        case .foldedThen, .foldedElse, .foldedCatchAll, .foldedDelegate: throw cursor.unexpected()
        case .foldedTry, .foldedDo: return try foldedTryPart()
        default: break
        }
        guard keyword.kind == .keyword, keyword.instruction != Token.noInstruction else { throw cursor.unexpected() }
        let instruction = codes[Int(keyword.instruction)]
        let hint = hasBranchHints ? try branchHint(before: instruction, at: start) : nil
        switch instruction.immediates {
        case .else, .catch, .catchAll, .delegate, .end: throw cursor.unexpected()
        case .block where instruction.opcode == 0x04:
            cursor.advance()
            try beginIf(instruction, hint: hint)
        case .block:
            cursor.advance()
            try header(instruction, kind: instruction.opcode == 0x06 ? .foldedTry : .foldedBlock)
        case .tryTable:
            cursor.advance()
            try tryTable(instruction, kind: .foldedBlock)
        default:
            cursor.advance()
            let codeStart = code.count
            try write(instruction)
            if cursor.token.kind == .close {
                if let hint { self.hint(hint, at: codeStart) }
                cursor.advance()
            } else {
                wait(kind: .operands, codeStart: codeStart, label: nil, hint: hint)
            }
        }
    }

    /// Moves what was written of an instruction to where it waits for its operands.
    private mutating func wait(kind: OpenInstruction.Kind, codeStart: Int, label: UInt32?, hint: UInt8?) {
        let start = pending.count
        pending += code[codeStart...]
        code.removeLast(code.count - codeStart)
        openInstructions.append(
            OpenInstruction(kind: kind, pendingStart: start, label: label, branchHint: hint))
    }

    /// Writes what waited.
    private mutating func resume(_ instruction: OpenInstruction) {
        hint(instruction.branchHint)
        code += pending[instruction.pendingStart...]
        pending.removeLast(pending.count - instruction.pendingStart)
    }

    private mutating func beginIf(_ instruction: InstructionCode, hint: UInt8?) throws(TextError) {
        let label = cursor.takeIdentifier()
        let codeStart = code.count
        instruction.writeOpcode(to: &code)
        try blockType()
        wait(kind: .foldedIf, codeStart: codeStart, label: label, hint: hint)
    }

    private mutating func beginThen() {
        cursor.advance()
        let last = openInstructions.count - 1
        resume(openInstructions[last])
        openInstructions[last].kind = .foldedThen
        begin(openInstructions[last].label)
        openInstructions.append(OpenInstruction(kind: .clause))
    }

    /// A part of a folded `try`; the cursor is behind its parenthesis.
    private mutating func foldedTryPart() throws(TextError) {
        let last = openInstructions.count - 1
        let isBeforeBody = openInstructions[last].kind == .foldedTry
        switch cursor.token.word {
        case .do where isBeforeBody:
            cursor.advance()
            openInstructions[last].kind = .foldedDo
        case .catch where !isBeforeBody:
            cursor.advance()
            code.append(0x07)
            code.appendUnsigned(try cursor.index(in: tags, "tag"))
        case .catchAll where !isBeforeBody:
            cursor.advance()
            code.append(0x19)
            openInstructions[last].kind = .foldedCatchAll
        case .delegate where !isBeforeBody && openInstructions[last].clauses == 0:
            cursor.advance()
            openInstructions[last].kind = .foldedDelegate
            code.append(0x18)
            labels.pop()
            try label()
            return try cursor.close()
        default: throw cursor.unexpected()
        }
        if !isBeforeBody { openInstructions[last].clauses += 1 }
        openInstructions.append(OpenInstruction(kind: .clause))
    }

    /// Ends the innermost folded instruction, which is not among the open ones any more.
    private mutating func close(_ instruction: OpenInstruction) throws(TextError) {
        switch instruction.kind {
        case .clause, .foldedDelegate: break
        case .operands: resume(instruction)
        case .foldedBlock, .foldedThen, .foldedElse, .foldedDo, .foldedCatchAll:
            code.append(0x0B)
            labels.pop()
        case .foldedIf, .foldedTry, .block, .if, .else, .try, .catch, .catchAll: throw cursor.unexpected()
        }
        cursor.advance()
    }
}
