internal import CWasmInterpreter

/// Making one instruction of the one just written and the one that is to come, where nobody else wants what the first gives.
extension FunctionTranslator {
    /// Whether an operand that has just been popped is what the last instruction left in the integer accumulator, and nowhere
    /// else.
    private func isLastResult(_ operand: Operand) -> Bool {
        guard operand.place == .accumulator, let last else { return false }
        return accumulators[AccumulatorClass.integer.rawValue].producer == last
            && AccumulatorClass(operand.type) == .integer
    }

    /// The last instruction's fields if it is one of two that differ in where their operand is; it is removed.
    private mutating func takeBack(_ slot: wasm_instruction, _ accumulator: wasm_instruction) -> Taken? {
        guard let last else { return nil }
        let isSlot = words[last] == UInt64(slot.rawValue)
        guard isSlot || words[last] == UInt64(accumulator.rawValue) else { return nil }
        let fields = words[last + 1]
        takeBackLast()
        return Taken(
            isSlot: isSlot, slot: Int(fields >> 16 & 0xFFFF), immediate: UInt32(truncatingIfNeeded: fields >> 32))
    }

    /// An instruction that was removed: where its operand is, and its immediate.
    private struct Taken {
        let isSlot: Bool
        let slot: Int
        let immediate: UInt32
    }

    /// The immediate of the last instruction, as one of 16 bits without sign.
    private var lastImmediateFits: Bool {
        guard let last, words.count > last + 1 else { return false }
        return words[last + 1] >> 32 <= 0xFFFF
    }

    // MARK: - Two operands

    /// Writes an integer operation and the one before it as one, if there is such an instruction.
    mutating func emitFused(_ opcode: Int, _ left: Operand, _ right: Source) -> Bool {
        guard left.type == .i32, isLastResult(left) else { return false }
        switch (opcode, right) {
        case (0x6A, .immediate(let bits)): return emitAdd(of: UInt32(truncatingIfNeeded: bits))
        case (0x6B, .immediate(let bits)): return emitGlobalAdd(of: 0 &- UInt32(truncatingIfNeeded: bits))
        case (0x6A, .slot(let slot)):
            guard let taken = takeBack(WASM_i32_shl_si_r, WASM_i32_shl_ai_r) else { return false }
            produce(
                .i32, (taken.isSlot ? WASM_i32_shl_add_ss_r : WASM_i32_shl_add_as_r).rawValue,
                Self.fields(0, taken.slot, slot, Int(taken.immediate & 31)))
        case (0x71, .immediate(let bits)):
            guard bits <= 0xFFFF, let taken = takeBack(WASM_i32_shr_u_si_r, WASM_i32_shr_u_ai_r) else { return false }
            produce(
                .i32, (taken.isSlot ? WASM_i32_shr_and_s_r : WASM_i32_shr_and_a_r).rawValue,
                Self.fields(0, taken.slot, Int(bits), Int(taken.immediate & 31)))
        case (0x74, .immediate(let bits)):
            guard lastImmediateFits, let taken = takeBack(WASM_i32_and_si_r, WASM_i32_and_ai_r) else { return false }
            produce(
                .i32, (taken.isSlot ? WASM_i32_and_shl_s_r : WASM_i32_and_shl_a_r).rawValue,
                Self.fields(0, taken.slot, Int(taken.immediate), Int(bits & 31)))
        default: return false
        }
        return true
    }

    private mutating func emitAdd(of immediate: UInt32) -> Bool {
        guard let taken = takeBack(WASM_i32_shl_si_r, WASM_i32_shl_ai_r) else { return emitGlobalAdd(of: immediate) }
        produce(
            .i32, (taken.isSlot ? WASM_i32_shl_add_si_r : WASM_i32_shl_add_ai_r).rawValue,
            Self.fields(0, taken.slot, wide: taken.immediate & 31), UInt64(immediate))
        return true
    }

    // MARK: - Loads

    /// Writes a load whose address is a sum with an immediate, perhaps of a shifted value, the sum being the last instruction.
    mutating func emitFusedLoad(_ operation: wasm_operation, _ address: Operand, offset: UInt32) -> Bool {
        guard address.type == .i32, isLastResult(address) else { return false }
        if let added = words.last, let taken = takeBack(WASM_i32_shl_add_si_r, WASM_i32_shl_add_ai_r) {
            produce(
                ValueType(code: operation.result),
                UInt32(operation.first) + UInt32(taken.isSlot ? WASM_LOAD_SHIFT_S : WASM_LOAD_SHIFT_A),
                Self.fields(0, taken.slot, wide: offset), added | UInt64(taken.immediate) << 32)
            return true
        }
        guard let taken = takeBack(WASM_i32_add_si_r, WASM_i32_add_ai_r) else { return false }
        produce(
            ValueType(code: operation.result),
            UInt32(operation.first) + UInt32(taken.isSlot ? WASM_LOAD_SI : WASM_LOAD_AI),
            Self.fields(0, taken.slot, wide: offset), UInt64(taken.immediate))
        return true
    }

    /// Writes a store of a sum with an immediate, the sum being the last instruction. `address`: a slot.
    mutating func emitFusedStore(_ operation: wasm_operation, _ value: Operand, at address: Int, offset: UInt32) -> Bool
    {
        guard operation.first == WASM_i32_store_ss.rawValue, value.type == .i32, isLastResult(value),
            let taken = takeBack(WASM_i32_add_si_r, WASM_i32_add_ai_r)
        else { return false }
        emit(
            taken.isSlot ? WASM_i32_store_add_s : WASM_i32_store_add_a,
            Self.fields(address, taken.slot, wide: offset), UInt64(taken.immediate))
        return true
    }

    // MARK: - Branch tables

    /// Takes the addition of a small immediate to a table's index back.
    mutating func takeBackTableBias(_ index: Operand) -> (source: Source, bias: Int16)? {
        guard index.type == .i32, isLastResult(index), let last, words.count > last + 1,
            let bias = Int16(exactly: Int32(truncatingIfNeeded: Int64(bitPattern: words[last + 1]) >> 32)),
            let taken = takeBack(WASM_i32_add_si_r, WASM_i32_add_ai_r)
        else { return nil }
        return (taken.isSlot ? .slot(taken.slot) : .accumulator, bias)
    }

    // MARK: - Globals: mostly the stack pointer of a compiled program

    private mutating func emitGlobalAdd(of immediate: UInt32) -> Bool {
        guard let last, words[last] == UInt64(WASM_global_get_r.rawValue) else { return false }
        let index = UInt32(truncatingIfNeeded: words[last + 1] >> 32)
        takeBackLast()
        produce(.i32, WASM_global_add_r.rawValue, Self.fields(0, 0, wide: index), UInt64(immediate))
        return true
    }

    /// Makes the sum that the last instruction gave the global's new value too, if it is the global's old one with something
    /// added, or a slot with something added.
    mutating func emitFusedGlobalSet(_ index: Int, _ operand: Operand) -> Bool {
        guard operand.type == .i32, let last,
            accumulators[AccumulatorClass.integer.rawValue].producer == last
        else { return false }
        switch words[last] {
        case UInt64(WASM_global_add_r.rawValue), UInt64(WASM_global_add_s.rawValue):
            guard words[last + 1] >> 32 == UInt64(index) else { return false }
            words[last] += UInt64(WASM_global_update_r.rawValue - WASM_global_add_r.rawValue)
            return true
        case UInt64(WASM_i32_add_si_r.rawValue):
            guard isLastResult(operand), let taken = takeBack(WASM_i32_add_si_r, WASM_i32_add_si_r) else {
                return false
            }
            emit(WASM_global_set_add, Self.fields(taken.slot, 0, wide: UInt32(index)), UInt64(taken.immediate))
            return true
        default: return false
        }
    }

    // MARK: - Wide constants

    /// Takes a 64-bit constant back that was written into a slot only to be compared: the two instructions before a branch.
    mutating func takeBackConstant(before comparison: Int, in slot: Int) -> UInt64? {
        guard let constant = beforeLast, constant + 3 == comparison, words[constant] == UInt64(WASM_const_64.rawValue),
            Int(words[constant + 1] & 0xFFFF) == slot, slot >= home(operands.count)
        else { return nil }
        return words[constant + 2]
    }
}
