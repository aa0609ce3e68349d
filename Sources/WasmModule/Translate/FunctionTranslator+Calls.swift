internal import CWasmInterpreter

extension FunctionTranslator {
    /// Puts a call's arguments into consecutive slots, where the callee's frame will start, and saves what the
    /// call would change. Gives the frame's first slot.
    mutating func prepareCall(_ type: FunctionType) -> Int {
        let callee = FrameShape(type)
        let bottom = operands.count - callee.parameterSlots
        for height in bottom..<operands.count { settle(height) }
        for accumulator in AccumulatorClass.allCases { settle(accumulator) }
        while operands.count > bottom { _ = pop() }
        let needed = home(bottom) + callee.headerSlot + FrameShape.headerSlots + 4
        if needed > frameSlots { frameSlots = needed }
        return home(bottom)
    }

    mutating func finishCall(_ type: FunctionType) {
        forgetAccumulators()
        last = nil
        for result in type.results { push(.home, result) }
    }

    mutating func translateCall(_ index: Int) {
        let type = module.type(ofFunction: index)
        let base = prepareCall(type)
        let isImported = index < module.importedFunctionCount
        if isImported || !emitFusedCall(UInt32(index), base: base) {
            emit(isImported ? WASM_call_import : WASM_call, Self.fields(base, 0, wide: UInt32(index)))
        }
        finishCall(type)
    }

    mutating func translateIndirectCall(type typeIndex: Int, table: Int) {
        let type = module.functionType(typeIndex)
        clampTop(for: table)
        let (operand, height) = pop()
        let element = source(operand, at: height, immediates: false)
        // The element's number must outlive the settling of arguments: they leave its accumulator alone.
        let base = prepareCall(type)
        let typeID = UInt32(module.types.numbers[typeIndex])
        switch element {
        case .slot(let slot):
            emit(WASM_call_indirect_s, Self.fields(base, slot, wide: typeID), UInt64(table))
        case .accumulator, .immediate:
            emit(WASM_call_indirect_a, Self.fields(base, 0, wide: typeID), UInt64(table))
        }
        finishCall(type)
    }

    mutating func translateTailCall(_ index: Int) {
        let base = prepareCall(module.type(ofFunction: index))
        emit(WASM_return_call, Self.fields(base, shape.headerSlot, wide: UInt32(index)))
        becomeUnreachable()
    }

    mutating func translateIndirectTailCall(type typeIndex: Int, table: Int) {
        clampTop(for: table)
        let (operand, height) = pop()
        let element = slot(of: operand, at: height)
        let base = prepareCall(module.functionType(typeIndex))
        // Word 2: the table, and the slot of the element's number in its last field.
        emit(
            WASM_return_call_indirect,
            Self.fields(base, shape.headerSlot, wide: UInt32(module.types.numbers[typeIndex])),
            UInt64(table) | UInt64(element) << 48)
        becomeUnreachable()
    }
}
