internal import CWasmInterpreter

extension FunctionTranslator {
    /// Translates one instruction that can be reached.
    mutating func translateInstruction() throws(ModuleError) {
        let opcode = try reader.byte()
        switch opcode {
        case 0x00:
            words.append(UInt64(WASM_unreachable.rawValue))
            becomeUnreachable()
        case 0x01: break
        case 0x02: try translateBlock()
        case 0x03: try translateLoop()
        case 0x04: try translateIf()
        case 0x05: translateElse()
        case 0x06: try translateLegacyTry()
        case 0x07: translateLegacyCatch(Int(try reader.u32()))
        case 0x08: translateThrow(Int(try reader.u32()))
        case 0x09: translateRethrow(Int(try reader.u32()))
        case 0x0A:
            translateFromSlots(1, WASM_throw_ref, wide: 0)
            becomeUnreachable()
        case 0x0B: translateEnd()
        case 0x0C: translateBranch(to: Int(try reader.u32()))
        case 0x0D: translateConditionalBranch(to: Int(try reader.u32()))
        case 0x0E: try translateBranchTable()
        case 0x0F:
            emitReturn()
            becomeUnreachable()
        case 0x10: translateCall(Int(try reader.u32()))
        case 0x11: translateIndirectCall(type: Int(try reader.u32()), table: Int(try reader.u32()))
        case 0x12: translateTailCall(Int(try reader.u32()))
        case 0x13: translateIndirectTailCall(type: Int(try reader.u32()), table: Int(try reader.u32()))
        case 0x14: translateReferenceCall(type: Int(try reader.u32()))
        case 0x15: translateReferenceTailCall(type: Int(try reader.u32()))
        case 0x18: translateDelegate(Int(try reader.u32()))
        case 0x19: translateLegacyCatch(nil)
        case 0x1A: _ = pop()
        case 0x1B: translateSelect()
        case 0x1C:
            for _ in 0..<(try reader.u32()) { _ = try reader.valueType(in: module.types) }
            translateSelect()
        case 0x1F: try translateTryTable()
        case 0x20:
            let index = Int(try reader.u32())
            push(.local(index), locals[index])
        case 0x21: translateLocalSet(Int(try reader.u32()))
        case 0x22: translateLocalTee(Int(try reader.u32()))
        case 0x23: translateGlobalGet(Int(try reader.u32()))
        case 0x24: translateGlobalSet(Int(try reader.u32()))
        case 0x25, 0x26: try translateTableAccess(opcode)
        case 0x3F: translateMemorySize(Int(try reader.u32()))
        case 0x40: translateMemoryGrow(Int(try reader.u32()))
        case 0x41: push(.constant(UInt64(UInt32(bitPattern: try reader.s32()))), .i32)
        case 0x42: push(.constant(UInt64(bitPattern: try reader.s64())), .i64)
        case 0x43: push(.constant(UInt64(try reader.bits32())), .f32)
        case 0x44: push(.constant(try reader.bits64()), .f64)
        case 0xA7: retype(.i32)
        case 0xBC: translateReinterpret(opcode, .i32)
        case 0xBD: translateReinterpret(opcode, .i64)
        case 0xBE: translateReinterpret(opcode, .f32)
        case 0xBF: translateReinterpret(opcode, .f64)
        case 0x45: translateEqualZero()
        case 0xD0: push(.constant(0), ValueType(try reader.heapType(in: module.types), isNullable: true))
        case 0xD1:
            push(.constant(0), .i64)
            operands[operands.count - 2].type = .i64
            emitBinary(0x51)
        case 0xD2: produceAtHome(.funcref, WASM_ref_func, wide: try reader.u32())
        case 0xD3: translateReferenceEqual()
        case 0xD4: translateAsNonNull()
        case 0xD5: translateBranchOnNull(to: Int(try reader.u32()))
        case 0xD6: translateBranchOnNonNull(to: Int(try reader.u32()))
        case 0xFB: try translateObject()
        case 0xFC: try translatePrefixed()
        case 0xFD: try translateVector()
        case 0xFE: try translateAtomic()
        default: try translateOperation(Int(opcode))
        }
    }

    private mutating func translateOperation(_ opcode: Int) throws(ModuleError) {
        let operation = Operation.table[opcode]
        switch operation.family {
        case WASM_FAMILY_COMMUTATIVE, WASM_FAMILY_BINARY, WASM_FAMILY_COMPARE: emitBinary(opcode)
        case WASM_FAMILY_UNARY: emitUnary(operation)
        case WASM_FAMILY_LOAD: try translateLoad(operation)
        case WASM_FAMILY_STORE: try translateStore(operation)
        default: throw reader.malformed("illegal opcode")
        }
    }

    private mutating func translatePrefixed() throws(ModuleError) {
        let number = try reader.u32()
        switch number {
        case 0...7: try translateOperation(0x100 + Int(number))
        case 8...11: try translateBulkMemory(number)
        case 12...17: try translateBulkTable(number)
        case 19...22: translateWide(Operation.table[0x100 + Int(number)])
        default: throw reader.malformed("illegal opcode")
        }
    }

    // MARK: - Variables

    private mutating func translateLocalSet(_ index: Int) {
        assign(index)
        _ = pop()
    }

    private mutating func translateLocalTee(_ index: Int) {
        let type = locals[index]
        switch operands[operands.count - type.slotCount].place {
        case .local(index): return
        case .constant, .local: assign(index)
        case .home, .accumulator:
            assign(index)
            _ = pop()
            push(.local(index), type)
        }
    }

    /// Gives a local the value of the top operand, which stays.
    private mutating func assign(_ index: Int) {
        if locals[index] == .v128 { return assignVector(index) }
        let height = operands.count - 1
        let operand = operands[height]
        if operand.place == .local(index) { return }
        let slot = slot(ofLocal: index)
        if operand.place == .accumulator {
            let accumulator = AccumulatorClass(operand.type)
            // The instruction just written can write the local itself, unless somebody still wants its old value.
            let state = accumulators[accumulator.rawValue]
            if last == state.producer || state.check != nil && last == state.check, localUses[index] == 0 {
                store(accumulator, to: slot)
                accumulators[accumulator.rawValue].operand = nil
                // The value is in the local now. Whoever wants the operand goes on from there.
                operands[height].place = .home
                fuseSums()
                return
            }
            settle(height)
        }
        settleUses(ofLocal: index)
        forget(slot: slot)
        switch operands[height].place {
        case .constant(let bits): emitConstant(bits, to: slot)
        case .local(let other): emitCopy(from: self.slot(ofLocal: other), to: slot)
        case .home, .accumulator: emitCopy(from: home(height), to: slot)
        }
    }

    private mutating func translateGlobalGet(_ index: Int) {
        let type = module.globals[index].value
        if type == .v128 { return translateVectorGlobalGet(index) }
        if AccumulatorClass(type) == .integer {
            produce(type, WASM_global_get_r.rawValue, Self.fields(0, 0, wide: UInt32(index)))
        } else {
            produceAtHome(type, WASM_global_get_slot, wide: UInt32(index))
        }
    }

    private mutating func translateGlobalSet(_ index: Int) {
        let (operand, height) = pop()
        if AccumulatorClass(operand.type) != .integer {
            let instruction = operand.type == .v128 ? WASM_vector_global_set : WASM_global_set_s
            return emit(instruction, Self.fields(slot(of: operand, at: height), 0, wide: UInt32(index)))
        }
        let source = source(operand, at: height, immediates: false)
        if case .accumulator = source, emitFusedGlobalSet(index, operand) { return }
        switch source {
        case .slot(let slot): emit(WASM_global_set_s, Self.fields(slot, 0, wide: UInt32(index)))
        case .accumulator, .immediate: emit(WASM_global_set_a, Self.fields(0, 0, wide: UInt32(index)))
        }
    }

    // MARK: - Values

    /// Gives the top operand another type of the same bits and the same accumulator.
    private mutating func retype(_ type: ValueType) {
        let height = operands.count - 1
        operands[height].type = type
        if type == .i32, case .constant(let bits) = operands[height].place {
            operands[height].place = .constant(bits & 0xFFFF_FFFF)
        }
    }

    /// A value in a slot is its bits already; one in an accumulator changes register.
    private mutating func translateReinterpret(_ opcode: UInt8, _ type: ValueType) {
        if operands[operands.count - 1].place == .accumulator {
            emitUnary(Operation.table[Int(opcode)])
        } else {
            retype(type)
        }
    }

    /// The opposite of a comparison just written is one instruction, not two.
    private mutating func translateEqualZero() {
        if operands[operands.count - 1].place == .accumulator, let last, accumulators[0].producer == last,
            let comparison = Comparison(instruction: words[last]), comparison.operation.opposite != 0
        {
            let opposite = Operation.table[Int(comparison.operation.opposite)]
            words[last] = UInt64(opposite.first) + UInt64(comparison.form) * 2
            operands[operands.count - 1].type = .i32
            return
        }
        emitUnary(Operation.table[0x45])
    }

    private mutating func translateSelect() {
        if operands[operands.count - 2].isUpperHalf { return translateVectorSelect() }
        let (condition, conditionHeight) = pop()
        let (no, noHeight) = pop()
        let (yes, yesHeight) = pop()
        // The condition first: constants and copies leave the accumulators alone.
        let where_ = source(condition, at: conditionHeight, immediates: false)
        let noSlot = slot(of: no, at: noHeight)
        let yesSlot = slot(of: yes, at: yesHeight)
        let isInteger = AccumulatorClass(yes.type) == .integer
        var fields = Self.fields(0, 0, yesSlot, noSlot)
        var instruction = WASM_select_a_r.rawValue
        if case .slot(let slot) = where_ {
            instruction = WASM_select_s_r.rawValue
            fields |= UInt64(slot) << 16
        }
        if isInteger { return produce(yes.type, instruction, fields) }
        // The integer accumulator carries the bits, but the operand is in its slot.
        settle(.integer)
        let target = home(operands.count)
        forget(slot: target)
        emit(instruction + 1, fields | UInt64(target))
        accumulators[AccumulatorClass.integer.rawValue] = Accumulator()
        push(.home, yes.type)
    }

    /// Instructions that take operands from `count` consecutive slots, and put a result into the first of them. `clamped`:
    /// which of the operands are 64-bit indices or counts for a table.
    mutating func translateFromSlots(
        _ count: Int, _ instruction: wasm_instruction, second: Int = 0, wide: UInt32, word: UInt64? = nil,
        clamped: [Int] = [], result: ValueType? = nil
    ) {
        let bottom = operands.count - count
        for height in bottom..<operands.count { settle(height) }
        for operand in clamped { clamp(home(bottom + operand)) }
        while operands.count > bottom { _ = pop() }
        let slot = home(bottom)
        emit(instruction, Self.fields(slot, second, wide: wide))
        if let word { words.append(word) }
        guard let result else { return }
        forget(slot: slot)
        push(.home, result)
    }

    /// 128-bit arithmetic: two results in the place of the operands.
    private mutating func translateWide(_ operation: wasm_operation) {
        let count = Int(operation.operand)
        let bottom = operands.count - count
        for height in bottom..<operands.count { settle(height) }
        for _ in 0..<count { _ = pop() }
        for slot in [home(bottom), home(bottom + 1)] { forget(slot: slot) }
        emit(UInt32(operation.first), Self.fields(home(bottom)))
        push(.home, .i64)
        push(.home, .i64)
    }
}
