internal import CWasmInterpreter

/// Instructions that end with a branch, a call or a return, made of that and the one before it.
extension FunctionTranslator {
    /// Whether the last instruction is this one.
    private func isLast(_ instruction: wasm_instruction) -> Bool {
        guard let last else { return false }
        return words[last] == UInt64(instruction.rawValue)
    }

    // MARK: - Sums

    /// Makes one instruction of a sum that was just given its slot, if it is the last, and of such a sum right before.
    mutating func fuseSums() {
        guard isLast(WASM_i32_add_si_s), let last, let beforeLast, beforeLast + 2 == last,
            words[beforeLast] == UInt64(WASM_i32_add_si_s.rawValue)
        else { return }
        words[beforeLast] = UInt64(WASM_i32_add_add.rawValue)
        words.remove(at: last)
        self.last = beforeLast
        self.beforeLast = nil
        accumulators[AccumulatorClass.integer.rawValue].producer = beforeLast
    }

    /// Makes the last instruction, a sum into a slot, one that branches too.
    private mutating func branch(afterSum instruction: wasm_instruction) -> Branch? {
        guard isLast(WASM_i32_add_si_s), let last else { return nil }
        words[last] = UInt64(instruction.rawValue)
        words.append(0)
        return .distance(from: last, word: last + 2, isHigh: false)
    }

    // MARK: - Branches

    /// A jump, in one instruction with a sum or copy just before.
    mutating func emitFusedJump() -> Branch? {
        if isLast(WASM_copy), let last {
            words[last] = UInt64(WASM_copy_br.rawValue)
            return .distance(from: last, word: last + 1, isHigh: true)
        }
        return branch(afterSum: WASM_i32_add_br)
    }

    /// A branch on whether the integer accumulator is zero, in one instruction with the sum that gave it.
    mutating func emitFusedBranch(ifZero: Bool) -> Branch? {
        branch(afterSum: ifZero ? WASM_i32_add_br_unless : WASM_i32_add_br_if)
    }

    /// Takes back the masking of a branch's condition, which is the last instruction: its operand and mask.
    mutating func takeBackMask() -> (source: Source, mask: UInt32)? {
        guard let last, isLast(WASM_i32_and_si_r) || isLast(WASM_i32_and_ai_r) else { return nil }
        let isSlot = isLast(WASM_i32_and_si_r)
        let fields = words[last + 1]
        takeBackLast()
        return (isSlot ? .slot(Int(fields >> 16 & 0xFFFF)) : .accumulator, UInt32(truncatingIfNeeded: fields >> 32))
    }

    /// A branch on whether an operand has bits of a mask, or none.
    mutating func emitMaskBranch(_ source: Source, mask: UInt32, ifNone: Bool) -> Branch {
        if case .slot(let slot) = source {
            return emitBranch((ifNone ? WASM_br_unless_and_s : WASM_br_if_and_s).rawValue, UInt64(slot), UInt64(mask))
        }
        return emitBranch((ifNone ? WASM_br_unless_and_a : WASM_br_if_and_a).rawValue, 0, UInt64(mask))
    }

    // MARK: - Calls and returns

    /// A call of a function of the module, in one instruction with the copy or constant that was just written: an argument.
    mutating func emitFusedCall(_ function: UInt32, base: Int) -> Bool {
        guard isLast(WASM_copy) || isLast(WASM_const_u32), let last else { return false }
        let isCopy = isLast(WASM_copy)
        let fields = words[last + 1]
        words[last] = UInt64((isCopy ? WASM_copy_call : WASM_const_call).rawValue)
        words[last + 1] = fields & 0xFFFF_FFFF | UInt64(function) << 32
        words.append(UInt64(base) | (isCopy ? 0 : fields & ~0xFFFF_FFFF))
        return true
    }

    /// A return, in one instruction with giving the stack pointer its former value, which compiled functions end with.
    mutating func emitFusedReturn(_ instruction: wasm_instruction, slot: Int = 0) -> Bool {
        guard isLast(WASM_global_set_add), let last else { return false }
        let fused: wasm_instruction? =
            switch instruction {
            case WASM_return_none: WASM_global_set_add_return_none
            case WASM_return_s: WASM_global_set_add_return_s
            case WASM_return_a: WASM_global_set_add_return_a
            default: nil
            }
        guard let fused else { return false }
        words[last] = UInt64(fused.rawValue)
        words[last + 1] |= UInt64(slot) << 16
        words[last + 2] |= UInt64(shape.headerSlot) << 32
        return true
    }
}
