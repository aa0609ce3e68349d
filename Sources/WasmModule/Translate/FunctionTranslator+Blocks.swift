internal import CWasmInterpreter

extension FunctionTranslator {
    func types(of type: BlockType) -> (parameters: [ValueType], results: [ValueType]) {
        switch type {
        case .empty: ([], [])
        case .value(let value): ([], [value])
        case .type(let index): (module.functionType(index).parameters, module.functionType(index).results)
        }
    }

    mutating func open(_ kind: Control.Kind, _ type: BlockType) {
        let (parameters, results) = types(of: type)
        controls.append(
            Control(
                kind: kind, parameters: parameters.slotCount, results: results.slotCount, resultTypes: results,
                parameterTypes: parameters, height: operands.count - parameters.slotCount, start: words.count,
                guardCount: guards.count))
    }

    mutating func translateBlock() throws(ModuleError) {
        let type = try reader.blockType(in: module.types)
        settleForBlock()
        open(.block, type)
    }

    mutating func translateLoop() throws(ModuleError) {
        let type = try reader.blockType(in: module.types)
        settleForBlock()
        let (parameters, _) = types(of: type)
        for height in (operands.count - parameters.slotCount)..<operands.count { settle(height) }
        forgetAccumulators()
        last = nil
        open(.loop, type)
    }

    mutating func translateIf() throws(ModuleError) {
        let type = try reader.blockType(in: module.types)
        let condition = popCondition()
        let (parameters, _) = types(of: type)
        // Both halves start from the same stack, so its parameters must be settled as well.
        settleForBlock()
        for height in (operands.count - parameters.slotCount)..<operands.count { settle(height) }
        open(.then, type)
        controls[controls.count - 1].over = emitBranch(unless: condition)
    }

    mutating func translateElse() {
        // Reached only when the first half's end is.
        let control = controls[controls.count - 1]
        for height in control.height..<operands.count { settle(height) }
        let out = emitJump()
        controls[controls.count - 1].branches.append(out)
        startElse()
    }

    /// Begins an `if`'s second half, with the stack as at its start.
    mutating func startElse() {
        let index = controls.count - 1
        if let over = controls[index].over { land(over) }
        controls[index].over = nil
        controls[index].kind = .otherwise
        restore(height: controls[index].height, types: controls[index].parameterTypes)
        forgetAccumulators()
        last = nil
        isUnreachable = false
    }

    /// Makes the stack what it is after a block: `types` at home on top of what was below.
    mutating func restore(height: Int, types: [ValueType]) {
        while operands.count > height { _ = pop() }
        for type in types { push(.home, type) }
    }

    mutating func translateEnd() {
        let control = controls[controls.count - 1]
        if control.kind == .function { return endFunction(control) }
        if control.kind == .legacyCatch { endLegacyCatch(control) }
        let merges = !control.branches.isEmpty || control.over != nil
        if isUnreachable {
            restore(height: control.height, types: control.resultTypes)
            if control.kind == .loop || !merges {
                // Nothing leads here, so what follows cannot be reached either.
                controls.removeLast()
                endGuard(control)
                return
            }
        } else if merges {
            for height in control.height..<operands.count { settle(height) }
        }
        controls.removeLast()
        endGuard(control)
        guard merges else { return }
        for branch in control.branches { land(branch) }
        if let over = control.over { land(over) }
        forgetAccumulators()
        last = nil
        isUnreachable = false
    }

    private mutating func endFunction(_ control: Control) {
        if !isUnreachable { emitReturn() }
        if !control.branches.isEmpty {
            for branch in control.branches { land(branch) }
            restore(height: 0, types: control.resultTypes)
            forgetAccumulators()
            last = nil
            emitReturn()
        }
        controls.removeLast()
    }

    /// Leaves the innermost block's code: what follows up to its end cannot be reached.
    mutating func becomeUnreachable() {
        isUnreachable = true
        last = nil
        let height = controls[controls.count - 1].height
        while operands.count > height { _ = pop() }
    }

    /// Reads over an instruction that cannot be reached, watching only for the end of the block.
    mutating func skipInstruction() throws(ModuleError) {
        let opcode = try reader.byte()
        switch opcode {
        case 0x02, 0x03, 0x04, 0x06:
            _ = try reader.blockType(in: module.types)
            skippedBlocks += 1
        case 0x1F:
            _ = try reader.blockType(in: module.types)
            try reader.skipCatchClauses()
            skippedBlocks += 1
        case 0x05:
            guard skippedBlocks == 0 else { return }
            startElse()
        case 0x07:
            let tag = Int(try reader.u32())
            if skippedBlocks == 0 { translateLegacyCatch(tag) }
        case 0x19: if skippedBlocks == 0 { translateLegacyCatch(nil) }
        case 0x18:
            let depth = Int(try reader.u32())
            if skippedBlocks > 0 {
                skippedBlocks -= 1
            } else {
                translateDelegate(depth)
            }
        case 0x0B:
            if skippedBlocks > 0 {
                skippedBlocks -= 1
            } else {
                translateEnd()
            }
        default: try reader.skipImmediates(of: opcode, in: module.types)
        }
    }
}
