/// Functions and expressions (core, 5.4 and 5.5.13).
extension ModulePrinter {
    /// Writes the functions that the module defines.
    mutating func codeSection(_ section: inout BinaryReader) throws(BinaryError) {
        guard try section.count() == functionTypes.count else {
            throw section.error("function and code section have inconsistent lengths")
        }
        for type in functionTypes {
            var body = try section.part()
            try function(type, &body)
            guard body.isAtEnd else { throw body.error("section size mismatch") }
        }
        functionTypes = []
    }

    private mutating func function(_ type: UInt32, _ body: inout BinaryReader) throws(BinaryError) {
        let index = met.functions
        met.functions += 1
        let start = body.offset
        field("(func\(functions.definition(index)) (type\(types.use(type)))")
        let signature = Int(type) < signatures.count ? signatures[Int(type)] : nil
        let groups = try localDeclarations(&body)
        let parameterCount = signature?.parameters.count ?? 0
        let locals = Identifiers(
            names.locals[index] ?? [:], count: UInt32(groups.reduce(parameterCount) { $0 + $1.count }))
        var local: UInt32 = 0
        if let signature {
            named("param", signature.parameters, from: &local, locals)
            list("result", signature.results)
        }
        if !groups.isEmpty { write("\n   ") }
        for group in groups { named("local", repeatElement(group.type, count: group.count), from: &local, locals) }
        try instructions(
            &body, locals: locals, hints: hints.byFunction[index] ?? [:], labelNames: names.labels[index] ?? [:],
            start: start, isInline: false)
        write("\n  )")
    }

    /// Writes parameters or locals: those with a name each in its own parentheses.
    private mutating func named(
        _ word: String, _ types: some Sequence<String>, from index: inout UInt32, _ locals: Identifiers
    ) {
        var isOpen = false
        for type in types {
            if let name = locals.name(index) {
                write("\(isOpen ? ")" : "") (\(word)\(name) \(type))")
                isOpen = false
            } else {
                write(isOpen ? " \(type)" : " (\(word) \(type)")
                isOpen = true
            }
            index &+= 1
        }
        if isOpen { write(")") }
    }

    private func localDeclarations(
        _ body: inout BinaryReader
    ) throws(BinaryError) -> [(count: Int, type: String)] {
        var groups: [(count: Int, type: String)] = []
        var total = 0
        for _ in 0..<(try body.count()) {
            let count = Int(try body.u32())
            total += count
            guard total <= 50_000 else { throw body.error("too many locals: \(total), where 50000 may be") }
            let type = try valueType(&body)
            if let last = groups.last, last.type == type {
                groups[groups.count - 1].count += count
            } else if count > 0 {
                groups.append((count, type))
            }
        }
        return groups
    }

    /// Writes an expression on the line where it stands.
    mutating func expression(_ reader: inout BinaryReader) throws(BinaryError) {
        try instructions(
            &reader, locals: Identifiers([:]), hints: [:], labelNames: [:], start: 0, isInline: true)
    }

    /// Writes instructions up to the `end` that ends them all.
    private mutating func instructions(
        _ reader: inout BinaryReader, locals: Identifiers, hints: [Int: UInt8], labelNames: BinaryNames.Map, start: Int,
        isInline: Bool
    ) throws(BinaryError) {
        labels.removeAll(keepingCapacity: true)
        var total: UInt32 = 0
        while true {
            let offset = reader.offset
            let opcode = try reader.byte()
            if opcode == 0x0B, labels.isEmpty { return }
            let (instruction, code) = try instruction(opcode, &reader)
            let kind = instruction.code.immediates
            var depth = labels.count
            switch kind {
            case .end:
                labels.removeLast()
                depth -= 1
            case .else, .catch, .catchAll, .delegate:
                // It stands where the block began.
                depth -= 1
                guard depth >= 0, labels[depth].takes(kind) else {
                    throw BinaryError("unexpected \(instruction.name)", at: offset)
                }
            default: break
            }
            if isInline {
                write(" ")
            } else {
                write("\n    ")
                for _ in 0..<min(depth, 40) { write("  ") }
            }
            if let hint = hints[offset - start], opcode == 0x04 || opcode == 0x0D {
                write("(@metadata.code.branch_hint \"\\0\(hint)\") ")
            }
            write(instruction.name)
            switch kind {
            case .block, .tryTable:
                let name = labelNames[total].flatMap { $0.isEmpty ? nil : $0 }
                total += 1
                if let name { write(" " + Identifiers.identifier(name)) }
                try blockType(&reader)
                if kind == .tryTable { try clauses(&reader) }
                labels.append(PrintedLabel(name, opcode: opcode))
            case .delegate:
                labels.removeLast()
                try label(&reader)
            default: try immediates(kind, code, instruction.code, &reader, locals)
            }
        }
    }

    private func instruction(
        _ first: UInt8, _ reader: inout BinaryReader
    ) throws(BinaryError) -> (Instruction, opcode: UInt32) {
        let isPrefixed = first >= 0xFB && first <= 0xFE
        let start = reader.offset - 1
        let opcode = isPrefixed ? try reader.u32() : UInt32(first)
        guard let found = InstructionTable.shared.instruction(prefix: isPrefixed ? first : 0, opcode: opcode) else {
            let name = String(first, radix: 16) + (isPrefixed ? " " + String(opcode, radix: 16) : "")
            throw BinaryError("illegal opcode \(name)", at: start)
        }
        return (found, opcode)
    }

    private mutating func blockType(_ reader: inout BinaryReader) throws(BinaryError) {
        guard let first = reader.peek() else { throw reader.error("unexpected end") }
        if first == 0x40 {
            _ = try reader.byte()
        } else if first & 0xC0 == 0x40 {
            write(" (result \(try valueType(&reader)))")
        } else {
            guard let index = UInt32(exactly: try reader.signed()) else { throw reader.error("malformed block type") }
            write(" (type\(types.use(index)))")
        }
    }

    private mutating func clauses(_ reader: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try reader.count()) {
            let kind = try reader.byte()
            let words = ["catch", "catch_ref", "catch_all", "catch_all_ref"]
            guard kind < 4 else { throw reader.error("malformed catch clause") }
            write(" (\(words[Int(kind)])")
            if kind < 2 { write(tags.use(try reader.u32())) }
            try label(&reader)
            write(")")
        }
    }

    /// Writes a label: its name, if no inner one hides it, or how many labels are between.
    mutating func label(_ reader: inout BinaryReader) throws(BinaryError) {
        let depth = try reader.u32()
        guard depth < min(labels.count, 1000), let name = labels[labels.count - 1 - Int(depth)].name,
            !labels.suffix(Int(depth)).contains(where: { $0.name == name })
        else { return write(" \(depth)") }
        write(" " + Identifiers.identifier(name))
    }
}
