/// Beginnings of blocks, and hints before branches.
extension ModuleAssembler {
    /// Begins a block with its label and type.
    mutating func header(
        _ instruction: InstructionCode, kind: OpenInstruction.Kind
    ) throws(TextError) {
        let label = cursor.takeIdentifier()
        instruction.writeOpcode(to: &code)
        try blockType()
        begin(label)
        openInstructions.append(OpenInstruction(kind: kind))
    }

    /// Begins `try_table`, whose clauses' labels are those around it.
    mutating func tryTable(
        _ instruction: InstructionCode, kind: OpenInstruction.Kind
    ) throws(TextError) {
        let symbol = cursor.takeIdentifier()
        instruction.writeOpcode(to: &code)
        try blockType()
        let start = code.count
        var count = 0
        while cursor.token.kind == .open, let clause = Self.catchClause(cursor.following.word) {
            cursor.place += 2
            code.append(clause)
            if clause < 2 { code.appendUnsigned(try cursor.index(in: tags, "tag")) }
            try label()
            try cursor.close()
            count += 1
        }
        var countBytes: [UInt8] = []
        countBytes.appendCount(count)
        code.insert(contentsOf: countBytes, at: start)
        begin(symbol)
        openInstructions.append(OpenInstruction(kind: kind))
    }

    private static func catchClause(_ word: Word) -> UInt8? {
        switch word {
        case .catch: 0
        case .catchRef: 1
        case .catchAll: 2
        case .catchAllRef: 3
        default: nil
        }
    }

    /// Opens a label.
    mutating func begin(_ symbol: UInt32?) {
        if let symbol { labelNames.add(labels.total, text.symbols.spelling(of: symbol)) }
        labels.push(symbol)
    }

    /// A block's type: nothing, one result, or a type use.
    mutating func blockType() throws(TextError) {
        guard cursor.token.kind == .open else { return code.append(0x40) }
        let start = cursor.token
        let explicit = try explicitType()
        try signature(names: .forbidden)
        if explicit == nil, signature.parameterCount == 0, signature.resultCount < 2 {
            code += signature.resultCount == 0 ? [0x40] : signature.results
        } else {
            code.appendSigned(Int64(try typeIndex(explicit, at: start, names: .forbidden)))
        }
    }

    // MARK: Hints

    /// Writes that the instruction which begins here has a hint.
    mutating func hint(_ hint: UInt8?) {
        if let hint { self.hint(hint, at: code.count) }
    }

    /// Writes that the instruction at an offset has a hint.
    mutating func hint(_ hint: UInt8, at offset: Int) {
        hints.beginElement()
        hints.bytes.appendCount(offset)
        hints.bytes += [0x01, hint]
    }
}
