/// What stands behind an instruction's name.
extension ModuleAssembler {
    /// Reads an instruction's immediates and writes it; the cursor is behind its name.
    mutating func write(_ instruction: InstructionCode) throws(TextError) {
        let start = code.count
        instruction.writeOpcode(to: &code)
        switch instruction.immediates {
        case .none: break
        case .fence: code.append(0x00)
        case .label: try label()
        case .labels: try labelTable()
        case .function: code.appendUnsigned(try cursor.index(in: functions, "function"))
        case .callIndirect: try callIndirect()
        case .type: code.appendUnsigned(try cursor.index(in: types, "type"))
        case .tag: code.appendUnsigned(try cursor.index(in: tags, "tag"))
        case .local: code.appendUnsigned(try cursor.index(in: locals, "local"))
        case .global: code.appendUnsigned(try cursor.index(in: globals, "global"))
        case .element: code.appendUnsigned(try cursor.index(in: elements, "elem segment"))
        case .data:
            sections.needsDataCount = isInFunction || sections.needsDataCount
            code.appendUnsigned(try cursor.index(in: data, "data segment"))
        case .select: try select(from: start)
        case .table: code.appendUnsigned(try cursor.optionalIndex(in: tables, "table") ?? 0)
        case .tableTable: try twice(tables, "table")
        case .tableElement: try segment(elements, "elem segment", of: tables, "table")
        case .memory: code.appendUnsigned(try cursor.optionalIndex(in: memories, "memory") ?? 0)
        case .memoryMemory: try twice(memories, "memory")
        case .memoryData:
            sections.needsDataCount = isInFunction || sections.needsDataCount
            try segment(data, "data segment", of: memories, "memory")
        case .access: try access(instruction)
        case .accessLane:
            try access(instruction)
            try lane()
        case .lane: try lane()
        case .shuffle:
            try checkNumbers(16, "invalid lane length: a shuffle has the numbers of 16 lanes")
            for _ in 0..<16 {
                let number = cursor
                do { try lane() } catch { throw number.error("i8 constant out of range") }
            }
        case .i32, .i64, .f32, .f64, .v128: try constant(instruction.immediates)
        case .heapType: try cursor.heapType(types, to: &code)
        case .castTest:
            // The opcode for references that may be null is the next one.
            if try cursor.castType(types, to: &code) { code[start + 1] += 1 }
        case .branchOnCast: try branchOnCast()
        default: try aggregate(instruction.immediates)
        }
    }

    // MARK: Control

    /// A label.
    mutating func label() throws(TextError) {
        guard try optionalLabel() else { throw cursor.unexpected() }
    }

    private mutating func optionalLabel() throws(TextError) -> Bool {
        let token = cursor.token
        if token.kind == .identifier {
            guard let depth = labels.depth(of: token.data) else {
                throw cursor.error("unknown label \(cursor.spelling(of: token))")
            }
            cursor.advance()
            code.appendUnsigned(depth)
            return true
        }
        guard let depth = try cursor.takeU32() else { return false }
        code.appendUnsigned(depth)
        return true
    }

    /// At least one label, of which the last is not counted.
    private mutating func labelTable() throws(TextError) {
        let start = code.count
        try label()
        var count = 0
        while try optionalLabel() { count += 1 }
        var countBytes: [UInt8] = []
        countBytes.appendCount(count)
        code.insert(contentsOf: countBytes, at: start)
    }

    private mutating func callIndirect() throws(TextError) {
        let table = try cursor.optionalIndex(in: tables, "table") ?? 0
        code.appendUnsigned(try typeUse(names: .forbidden))
        code.appendUnsigned(table)
    }

    /// With types it has another opcode.
    private mutating func select(from start: Int) throws(TextError) {
        guard cursor.opens(.result) else { return }
        code[start] = 0x1C
        try signature(names: .forbidden)
        code.appendUnsigned(signature.resultCount)
        code += signature.results
    }

    private mutating func branchOnCast() throws(TextError) {
        let flags = code.count
        code.append(0x00)
        try label()
        if try cursor.castType(types, to: &code) { code[flags] |= 1 }
        if try cursor.castType(types, to: &code) { code[flags] |= 2 }
    }

    // MARK: Tables and memories

    /// None or two: where to, and where from.
    private mutating func twice(_ space: IndexSpace, _ kind: StaticString) throws(TextError) {
        if let first = try cursor.optionalIndex(in: space, kind) {
            code.appendUnsigned(first)
            code.appendUnsigned(try cursor.index(in: space, kind))
        } else {
            code += [0x00, 0x00]
        }
    }

    /// A segment, before which what it is copied to may stand; the binary format has them the other way round.
    private mutating func segment(
        _ segments: IndexSpace, _ kind: StaticString, of space: IndexSpace,
        _ spaceKind: StaticString
    ) throws(TextError) {
        let next = cursor.following.kind
        let target = next == .integer || next == .identifier ? try cursor.index(in: space, spaceKind) : 0
        code.appendUnsigned(try cursor.index(in: segments, kind))
        code.appendUnsigned(target)
    }

    /// A memory, an offset and an alignment, each of which may be left out.
    private mutating func access(_ instruction: InstructionCode) throws(TextError) {
        var memory: UInt32 = 0
        // One integer alone before a lane's is the lane's.
        if instruction.immediates == .access || cursor.token.kind == .identifier || cursor.following.kind == .integer
            || cursor.following.word == .offsetIs || cursor.following.word == .alignIs
        {
            memory = try cursor.optionalIndex(in: memories, "memory") ?? 0
        }
        var offset: UInt64 = 0
        if cursor.token.word == .offsetIs { offset = try value(behind: 7) }
        var alignment = UInt64(instruction.naturalAlignment)
        if cursor.token.word == .alignIs {
            let token = cursor.token
            let bytes = try value(behind: 6)
            guard bytes.nonzeroBitCount == 1 else {
                throw cursor.error("alignment must be a power of two, not \(bytes)", at: token)
            }
            alignment = UInt64(bytes.trailingZeroBitCount)
        }
        if memory == 0 {
            code.appendUnsigned(alignment)
        } else {
            code.appendUnsigned(alignment | 0x40)
            code.appendUnsigned(memory)
        }
        code.appendUnsigned(offset)
    }

    /// The number behind `offset=` or `align=`.
    private mutating func value(behind prefix: Int) throws(TextError) -> UInt64 {
        let token = cursor.token
        let start = Int(token.start) + prefix
        guard start < Int(token.data),
            NumberSyntax.kind(text.source.bytes, from: start, to: Int(token.data)) == .integer
        else { throw cursor.error("unknown operator \(cursor.spelling(of: token)): it wants a number") }
        let literal = IntegerLiteral(text.source.bytes, from: start, to: Int(token.data))
        guard !literal.isSigned else {
            throw cursor.error("unknown operator \(cursor.spelling(of: token)): it wants a number without a sign")
        }
        guard let value = literal.magnitude else { throw cursor.error("i64 constant out of range") }
        cursor.advance()
        return value
    }

    // MARK: Structures and arrays

    private mutating func aggregate(_ immediates: Immediates) throws(TextError) {
        let type = try cursor.index(in: types, "type")
        code.appendUnsigned(type)
        switch immediates {
        case .field: try field(of: type)
        case .typeType: code.appendUnsigned(try cursor.index(in: types, "type"))
        case .typeData:
            sections.needsDataCount = isInFunction || sections.needsDataCount
            code.appendUnsigned(try cursor.index(in: data, "data segment"))
        case .typeElement: code.appendUnsigned(try cursor.index(in: elements, "elem segment"))
        case .typeCount: code.appendUnsigned(try cursor.u32())
        default: throw cursor.unexpected()
        }
    }

    private mutating func field(of type: UInt32) throws(TextError) {
        let token = cursor.token
        guard token.kind == .identifier else { return code.appendUnsigned(try cursor.u32()) }
        guard let field = fields[UInt64(type) << 32 | UInt64(token.data)] else {
            throw cursor.error("unknown field \(cursor.spelling(of: token)) of type \(type)")
        }
        cursor.advance()
        code.appendUnsigned(field)
    }

    // MARK: Constants

    private mutating func constant(_ immediates: Immediates) throws(TextError) {
        switch immediates {
        case .i32: code.appendSigned(Int64(Int32(truncatingIfNeeded: try cursor.integer(bits: 32))))
        case .i64: code.appendSigned(Int64(bitPattern: try cursor.integer(bits: 64)))
        case .f32: code.appendLittleEndian(try cursor.float(.single), count: 4)
        case .f64: code.appendLittleEndian(try cursor.float(.double), count: 8)
        default:
            var bytes: [UInt8] = []
            try vector(to: &bytes)
            code += bytes
        }
    }

    /// A shape, and as many numbers as it has lanes.
    private mutating func vector(to bytes: inout [UInt8]) throws(TextError) {
        guard let shape = VectorShape(cursor.token.word) else { throw cursor.unexpected() }
        cursor.advance()
        try checkNumbers(shape.laneCount, "wrong number of lane literals: \(shape) has \(shape.laneCount)")
        for _ in 0..<shape.laneCount {
            bytes.appendLittleEndian(try cursor.lane(of: shape), count: shape.laneSize)
        }
    }

    /// There must be so many numbers, and no more.
    private func checkNumbers(_ count: Int, _ reason: @autoclosure () -> String) throws(TextError) {
        var probe = cursor
        while probe.token.kind == .integer || probe.token.kind == .float { probe.advance() }
        switch probe.token.kind {
        case .reserved: throw probe.unexpected()
        case .keyword where probe.token.instruction == Token.noInstruction:
            throw probe.error("unknown operator \(probe.spelling(of: probe.token)): it is no number")
        default: break
        }
        if probe.place - cursor.place != count { throw cursor.error(reason()) }
    }

    private mutating func lane() throws(TextError) {
        code.append(UInt8(truncatingIfNeeded: try cursor.unsigned(bits: 8)))
    }
}
