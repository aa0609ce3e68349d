internal import CWasmInterpreter

/// Where vectors are kept: locals, globals, results, objects.
extension FunctionTranslator {
    /// Gives each local its slot, some being of two.
    mutating func placeLocals() {
        localSlots.reserveCapacity(locals.count)
        var slot = 0
        for (index, local) in locals.enumerated() {
            if index == type.parameters.count { slot = shape.headerSlot + FrameShape.headerSlots }
            localSlots.append(slot)
            slot += local.slotCount
        }
        // The first operand comes after the locals; where there are none besides parameters, after the header.
        firstOperand = max(slot, shape.headerSlot + FrameShape.headerSlots)
    }

    /// Copies two slots. The accumulator is left alone.
    mutating func emitVectorCopy(from source: Int, to target: Int) {
        guard source != target else { return }
        forget(slot: target)
        forget(slot: target + 1)
        emit(WASM_vector_copy, Self.fields(target, source))
    }

    /// Makes the instruction that was just written, if the operand at `height` is its result, write that to `slot` and
    /// nowhere else.
    private mutating func redirect(_ height: Int, to slot: Int) -> Bool {
        let vector = accumulators[AccumulatorClass.vector.rawValue]
        guard operands[height].place == .home, vector.mirror == home(height), let last, vector.producer == last else {
            return false
        }
        forget(slot: slot)
        forget(slot: slot + 1)
        words[last + 1] = words[last + 1] & ~0xFFFF | UInt64(slot)
        accumulators[AccumulatorClass.vector.rawValue].mirror = slot
        return true
    }

    /// Gives a local the value of the top operand, which the caller takes off.
    mutating func assignVector(_ index: Int) {
        let height = operands.count - 2
        if operands[height].place == .local(index) { return }
        let target = slot(ofLocal: index)
        if localUses[index] == 0, redirect(height, to: target) { return }
        settleUses(ofLocal: index)
        emitVectorCopy(from: slot(of: operands[height], at: height), to: target)
    }

    mutating func translateVectorGlobalGet(_ index: Int) {
        produceVector(WASM_vector_global_get.rawValue, Self.fields(0, 0, wide: UInt32(index)))
    }

    /// Returns the one vector on top of the stack, where the operands stay as they are.
    mutating func emitVectorReturn() {
        let height = operands.count - 2
        if !redirect(height, to: 0) { emitVectorCopy(from: slot(of: operands[height], at: height), to: 0) }
        emit(WASM_return_none, Self.fields(shape.headerSlot))
    }

    // MARK: - Objects

    mutating func translateVectorFieldGet(_ offset: UInt32) {
        let (object, height) = pop()
        switch source(object, at: height, immediates: false) {
        case .slot(let slot):
            produceVector(WASM_vector_field_get_s.rawValue, Self.fields(0, slot, wide: offset))
        case .accumulator, .immediate:
            produceVector(WASM_vector_field_get_a.rawValue, Self.fields(0, 0, wide: offset))
        }
    }

    /// Pops operands, and gives the slots in which they are, the lowest first.
    private mutating func popSlots(_ count: Int) -> [Int] {
        var slots: [Int] = []
        for _ in 0..<count {
            let (operand, height) = pop()
            slots.insert(slot(of: operand, at: height), at: 0)
        }
        return slots
    }

    mutating func translateVectorFieldSet(_ offset: UInt32) {
        let slots = popSlots(2)
        emit(WASM_vector_field_set, Self.fields(slots[0], slots[1], wide: offset))
    }

    mutating func translateVectorElement(isGet: Bool) {
        if isGet {
            let slots = popSlots(2)
            return produceVector(WASM_vector_element_get.rawValue, Self.fields(0, slots[0], slots[1]))
        }
        let slots = popSlots(3)
        emit(WASM_vector_element_set, Self.fields(slots[0], slots[1], slots[2]))
    }
}
