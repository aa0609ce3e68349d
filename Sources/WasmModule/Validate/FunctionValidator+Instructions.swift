internal import CWasmInterpreter

extension FunctionValidator {
    /// Validates one instruction (core, 3.4).
    mutating func validateInstruction() throws(ModuleError) {
        let opcode = try reader.byte()
        switch opcode {
        case 0x00: markUnreachable()
        case 0x01: break
        case 0x02: try enter(.block)
        case 0x03: try enter(.loop)
        case 0x04:
            try pop(.i32)
            try enter(.then)
        case 0x05: try validateElse()
        case 0x06: try enter(.legacyTry)
        case 0x07: try validateLegacyCatch(try tagValues())
        case 0x08:
            try pop(try tagValues())
            markUnreachable()
        case 0x09: try validateRethrow()
        case 0x0A:
            try pop(.exnref)
            markUnreachable()
        case 0x0B: try validateEnd()
        case 0x0C:
            try popLabel(try label())
            markUnreachable()
        case 0x0D:
            try pop(.i32)
            let target = try label()
            try popLabel(target)
            pushLabel(target)
        case 0x0E: try validateBranchTable()
        case 0x0F:
            try pop(functionType.results)
            markUnreachable()
        case 0x10: try validateCall(functions[try functionIndex()])
        case 0x11: try validateCall(try indirectType())
        case 0x12: try validateTailCall(functions[try functionIndex()])
        case 0x13: try validateTailCall(try indirectType())
        case 0x14: try validateCall(try referencedFunction())
        case 0x15: try validateTailCall(try referencedFunction())
        case 0x18: try validateDelegate()
        case 0x19: try validateLegacyCatch([], isLast: true)
        case 0x1A: _ = try popAny()
        case 0x1B: try validateSelect()
        case 0x1C: try validateTypedSelect()
        case 0x1F: try validateTryTable()
        case 0x20:
            let index = try localIndex()
            if unsetLocals.contains(index) { throw invalid("uninitialized local \(index)") }
            push(locals[index])
        case 0x21:
            let index = try localIndex()
            try pop(locals[index])
            set(local: index)
        case 0x22:
            let index = try localIndex()
            try pop(locals[index])
            set(local: index)
            push(locals[index])
        case 0x23: push(globals[try globalIndex()].value)
        case 0x24:
            let index = try globalIndex()
            guard globals[index].isMutable else { throw invalid("immutable global: global \(index) is never set") }
            try pop(globals[index].value)
        case 0x25:
            let table = try tableIndex()
            try pop(tables[table].address.value)
            push(tables[table].element)
        case 0x26:
            let table = try tableIndex()
            try pop(tables[table].element)
            try pop(tables[table].address.value)
        case 0x3F: push(memories[try memoryIndex()].address.value)
        case 0x40:
            let address = memories[try memoryIndex()].address.value
            try pop(address)
            push(address)
        case 0x41:
            _ = try reader.s32()
            push(.i32)
        case 0x42:
            _ = try reader.s64()
            push(.i64)
        case 0x43:
            try reader.skip(4)
            push(.f32)
        case 0x44:
            try reader.skip(8)
            push(.f64)
        case 0xD0...0xD6: try validateReference(opcode)
        case 0xFB: try validateObject()
        case 0xFC: try validatePrefixed()
        case 0xFD: try validateVector()
        case 0xFE: try validateAtomic()
        default: try validateOperation(UInt32(opcode))
        }
        if operands.count > operandLimit {
            throw ModuleError(.limit, "more than \(operandLimit) operands at once", at: place)
        }
    }

    /// Instructions whose types the operation table holds.
    @inline(__always)
    private mutating func validateOperation(_ opcode: UInt32) throws(ModuleError) {
        let operation = Operation.table[Int(opcode)]
        let operand = ValueType(code: operation.operand)
        switch operation.family {
        case WASM_FAMILY_COMMUTATIVE, WASM_FAMILY_BINARY, WASM_FAMILY_COMPARE:
            try pop(operand)
            try pop(operand)
            push(ValueType(code: operation.result))
        case WASM_FAMILY_UNARY:
            try pop(operand)
            push(ValueType(code: operation.result))
        case WASM_FAMILY_LOAD:
            try pop(try memoryArgument(log2: operation.log2))
            push(ValueType(code: operation.result))
        case WASM_FAMILY_STORE:
            let address = try memoryArgument(log2: operation.log2)
            try pop(operand)
            try pop(address)
        default: throw refused(opcode)
        }
    }

    /// There is no such instruction.
    private func refused(_ opcode: UInt32) -> ModuleError {
        ModuleError(.malformed, "illegal opcode 0x\(String(opcode, radix: 16))", at: place)
    }

    private mutating func validatePrefixed() throws(ModuleError) {
        let number = try reader.u32()
        switch number {
        case 0...7: try validateOperation(0x100 + number)
        case 8:
            try dataIndex()
            try pop([memories[try memoryIndex()].address.value, .i32, .i32])
        case 9: try dataIndex()
        case 10:
            let target = memories[try memoryIndex()].address
            let source = memories[try memoryIndex()].address
            try pop([target.value, source.value, Self.smaller(target, source)])
        case 11:
            let address = memories[try memoryIndex()].address.value
            try pop([address, .i32, address])
        case 12:
            let segment = try elementIndex()
            let table = tables[try tableIndex()]
            try check(elementTypes[segment], matches: table.element)
            try pop([table.address.value, .i32, .i32])
        case 13: _ = try elementIndex()
        case 14:
            let target = tables[try tableIndex()]
            let source = tables[try tableIndex()]
            try check(source.element, matches: target.element)
            try pop([target.address.value, source.address.value, Self.smaller(target.address, source.address)])
        case 15:
            let table = tables[try tableIndex()]
            try pop([table.element, table.address.value])
            push(table.address.value)
        case 16: push(tables[try tableIndex()].address.value)
        case 17:
            let table = tables[try tableIndex()]
            try pop([table.address.value, table.element, table.address.value])
        case 19...22:
            let operation = Operation.table[0x100 + Int(number)]
            for _ in 0..<operation.operand { try pop(.i64) }
            push(.i64)
            push(.i64)
        default: throw ModuleError(.malformed, "illegal opcode 0xfc \(number)", at: place)
        }
    }

    /// The type of a number of elements or bytes that both sides must have.
    private static func smaller(_ first: AddressType, _ second: AddressType) -> ValueType {
        first == .i64 && second == .i64 ? .i64 : .i32
    }

    func check(_ type: ValueType, matches wanted: ValueType) throws(ModuleError) {
        guard types.hierarchy.matches(type, wanted) else {
            throw invalid("type mismatch: expected \(wanted), found \(type)")
        }
    }

    // MARK: - Blocks

    private mutating func enter(_ kind: Control.Kind) throws(ModuleError) {
        try enter(kind, try reader.blockType(in: types))
    }

    mutating func enter(_ kind: Control.Kind, _ type: BlockType) throws(ModuleError) {
        try popParameters(of: type)
        guard controls.count < ImplementationLimits.nesting else {
            throw ModuleError(.limit, "blocks nest deeper than \(ImplementationLimits.nesting)", at: place)
        }
        pushControl(kind, type)
        pushParameters(of: type)
    }

    private mutating func validateElse() throws(ModuleError) {
        guard controls.last?.kind == .then else {
            throw ModuleError(.malformed, "END opcode expected: else without if", at: place)
        }
        let then = try popControl()
        pushControl(.otherwise, then.type)
        pushParameters(of: then.type)
    }

    private mutating func validateEnd() throws(ModuleError) {
        let ended = try popControl()
        // Without an else, what goes in must be what comes out.
        if ended.kind == .then, !hasEqualEnds(ended.type) {
            throw invalid("type mismatch: an if without else has other results than parameters")
        }
        pushResults(of: ended)
    }

    /// A guarded block (core, 3.4.8): each clause is a branch with the exception's values to a block around it.
    private mutating func validateTryTable() throws(ModuleError) {
        let type = try reader.blockType(in: types)
        for _ in 0..<(try reader.count(minimumSize: 2)) {
            let kind = try reader.byte()
            guard kind < 4 else { throw ModuleError(.malformed, "malformed catch clause", at: reader.offset - 1) }
            var carried = kind < 2 ? try tagValues() : []
            if kind & 1 == 1 { carried.append(ValueType(.exception, isNullable: false)) }
            let wanted = labelTypes(try label())
            guard types.hierarchy.matches(carried, wanted) else {
                throw invalid("type mismatch: a catch clause gives \(carried), its label takes \(wanted)")
            }
        }
        try enter(.block, type)
    }

    /// What exceptions of the tag carry that an instruction names.
    mutating func tagValues() throws(ModuleError) -> [ValueType] {
        let index = Int(try reader.u32())
        guard index < tags.count else { throw invalid("unknown tag \(index)") }
        return function(tags[index]).parameters
    }

    private func hasEqualEnds(_ type: BlockType) -> Bool {
        switch type {
        case .empty: true
        case .value: false
        case .type(let index): types.hierarchy.matches(function(index).parameters, function(index).results)
        }
    }

    private mutating func validateBranchTable() throws(ModuleError) {
        try pop(.i32)
        let count = try reader.count()
        // All targets take the same number of values, and each fits what is on the stack.
        let wide = count + 1
        var arity: Int?
        for index in 0..<wide {
            let target = try label()
            let labels = labelTypes(target)
            if let arity, arity != labels.count {
                throw invalid("type mismatch: the table's labels take different numbers of values")
            }
            arity = labels.count
            if index == count {
                try pop(labels)
            } else if !labels.isEmpty {
                try checkOperands(labels)
            }
        }
        markUnreachable()
    }

    /// Checks that the operands on top are of the given types, and leaves them.
    private mutating func checkOperands(_ list: [ValueType]) throws(ModuleError) {
        var popped: [ValueType] = []
        for type in list.reversed() {
            guard operands.count > height else {
                try pop(type)
                continue
            }
            let found = operands.pop()
            try check(found, matches: type)
            popped.append(found)
        }
        for type in popped.reversed() { operands.push(type) }
    }

    // MARK: - Calls and choices

    /// A call of a function whose type has this index.
    private mutating func validateCall(_ type: Int) throws(ModuleError) {
        try pop(signatures.parameters(type))
        push(signatures.results(type))
    }

    private mutating func validateTailCall(_ type: Int) throws(ModuleError) {
        guard types.hierarchy.matches(function(type).results, functionType.results) else {
            throw invalid("type mismatch: a tail call must have the results of its caller")
        }
        try pop(signatures.parameters(type))
        markUnreachable()
    }

    private mutating func indirectType() throws(ModuleError) -> Int {
        let type = try functionTypeIndex()
        let table = tables[try tableIndex()]
        try check(table.element, matches: .funcref)
        try pop(table.address.value)
        return type
    }

    private mutating func validateSelect() throws(ModuleError) {
        try pop(.i32)
        let second = try popAny()
        let first = try popAny()
        guard !first.isReference, !second.isReference else {
            throw invalid("type mismatch: a select of references must name its type")
        }
        guard first == second || first == .unknown || second == .unknown else {
            throw invalid("type mismatch: select between \(first) and \(second)")
        }
        push(first == .unknown ? second : first)
    }

    private mutating func validateTypedSelect() throws(ModuleError) {
        guard try reader.u32() == 1 else { throw invalid("invalid result arity: select gives one value") }
        let type = try reader.valueType(in: types)
        try pop([type, type, .i32])
        push(type)
    }

    // MARK: - Indices

    private mutating func localIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < locals.count else { throw invalid("unknown local \(index)") }
        return index
    }

    /// Notes that a local has a value, until the block ends.
    private mutating func set(local index: Int) {
        if !unsetLocals.isEmpty, unsetLocals.remove(index) != nil { setLocals.append(index) }
    }

    /// The index of a function type.
    mutating func functionTypeIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < types.count else { throw invalid("unknown type \(index)") }
        guard types.function(index) != nil else { throw invalid("type mismatch: type \(index) is not a function type") }
        return index
    }

    mutating func functionIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < functions.count else { throw invalid("unknown function \(index)") }
        return index
    }

    mutating func globalIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < globals.count else { throw invalid("unknown global \(index)") }
        return index
    }

    mutating func tableIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < tables.count else { throw invalid("unknown table \(index)") }
        return index
    }

    mutating func memoryIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < memories.count else { throw invalid("unknown memory \(index)") }
        return index
    }

    mutating func elementIndex() throws(ModuleError) -> Int {
        let index = Int(try reader.u32())
        guard index < elementTypes.count else { throw invalid("unknown elem segment \(index)") }
        return index
    }

    mutating func dataIndex() throws(ModuleError) {
        let index = Int(try reader.u32())
        guard let dataCount else { throw ModuleError(.malformed, "data count section required", at: place) }
        guard index < dataCount else { throw invalid("unknown data segment \(index)") }
    }

    /// An access's alignment, memory and offset (core, 5.4.6): the type of its address. Accesses that several threads see at
    /// once must be aligned exactly.
    @inline(__always)
    mutating func memoryArgument(log2: UInt8, isAtomic: Bool = false) throws(ModuleError) -> ValueType {
        var flags = try reader.u32()
        var memory = 0
        if flags >= 64 {
            guard flags < 128 else { throw ModuleError(.malformed, "malformed memop flags", at: place) }
            flags -= 64
            memory = Int(try reader.u32())
        }
        guard memory < memories.count else { throw invalid("unknown memory \(memory)") }
        guard isAtomic ? flags == UInt32(log2) : flags <= UInt32(log2) else {
            throw invalid(
                "alignment must \(isAtomic ? "" : "not ")be \(isAtomic ? "" : "larger than ")natural: 2^\(flags) bytes")
        }
        if memories[memory].address == .i64 {
            _ = try reader.u64()
            return .i64
        }
        _ = try reader.memoryOffset()
        return .i32
    }
}
