internal import CWasmInterpreter

/// Instructions on references. They are integers to the accumulators; what is known of their types was validated.
extension FunctionTranslator {
    /// What references are in a place of: any type of 64 bits that takes the integer accumulator.
    static var reference: ValueType { .i64 }

    /// An operation that is in no table of opcodes, for the emitting functions.
    static func operation(_ first: wasm_instruction, _ result: ValueType = reference) -> wasm_operation {
        var operation = wasm_operation()
        operation.first = UInt16(first.rawValue)
        operation.result = UInt8(truncatingIfNeeded: result.rawValue)
        return operation
    }

    // MARK: - Calls

    mutating func translateReferenceCall(type typeIndex: Int) {
        let type = module.functionType(typeIndex)
        let (operand, height) = pop()
        let function = source(operand, at: height, immediates: false)
        let base = prepareCall(type)
        switch function {
        case .slot(let slot): emit(WASM_call_ref_s, Self.fields(base, slot))
        case .accumulator, .immediate: emit(WASM_call_ref_a, Self.fields(base))
        }
        finishCall(type)
    }

    mutating func translateReferenceTailCall(type typeIndex: Int) {
        let (operand, height) = pop()
        let function = slot(of: operand, at: height)
        let base = prepareCall(module.functionType(typeIndex))
        emit(WASM_return_call_ref, Self.fields(base, shape.headerSlot), UInt64(function) << 48)
        becomeUnreachable()
    }

    // MARK: - Null and equality

    mutating func translateReferenceEqual() {
        for height in (operands.count - 2)..<operands.count { operands[height].type = Self.reference }
        emitBinary(0x51)
    }

    /// Where the top operand is, without taking it off: if an accumulator has it, a slot has it too.
    private mutating func topSource() -> Source {
        let height = operands.count - 1
        if operands[height].place == .accumulator { settle(height) }
        return source(operands[height], at: height, immediates: false)
    }

    mutating func translateAsNonNull() {
        let height = operands.count - 1
        switch source(operands[height], at: height, immediates: false) {
        case .slot(let slot): emit(WASM_as_non_null_s, Self.fields(slot))
        case .accumulator, .immediate: emitCheck(WASM_as_non_null_a.rawValue, 0, type: nil)
        }
        settleAfterCheck()
    }

    /// A comparison with null.
    private func isNull(_ source: Source) -> Condition {
        let equal = UInt64(Operation.table[0x51].first)
        var form = Int32(WASM_FORM_AI)
        var fields: UInt64 = 0
        if case .slot(let slot) = source {
            form = Int32(WASM_FORM_SI)
            fields = UInt64(slot) << 16
        }
        guard let comparison = Comparison(instruction: equal + UInt64(form) * 2) else { return .accumulator }
        return .comparison(comparison, fields: fields, immediate: 0)
    }

    mutating func translateBranchOnNull(to depth: Int) {
        let condition = isNull(topSource())
        let (operand, _) = pop()
        translateBranch(when: true, condition, to: depth)
        push(operand.place, operand.type)
    }

    mutating func translateBranchOnNonNull(to depth: Int) {
        let condition = isNull(topSource())
        translateBranch(when: false, condition, to: depth)
        _ = pop()
    }

    // MARK: - Tests and casts

    private mutating func emit(_ instruction: UInt32, _ fields: UInt64, type: UInt64?) {
        emit(instruction, fields)
        if let type { words.append(type) }
    }

    mutating func translateTest(_ type: ValueType) {
        let test = ReferenceTest(type, in: module.types)
        let (operand, height) = pop()
        switch source(operand, at: height, immediates: false) {
        case .slot(let slot): produce(.i32, test.first, Self.fields(0, test.answers, slot), test.type)
        case .accumulator, .immediate: produce(.i32, test.first + 2, Self.fields(0, test.answers), test.type)
        }
    }

    mutating func translateCast(_ type: ValueType) {
        let test = ReferenceTest(type, in: module.types)
        let height = operands.count - 1
        switch source(operands[height], at: height, immediates: false) {
        case .slot(let slot): emit(test.first + 4, Self.fields(slot, test.answers), type: test.type)
        case .accumulator, .immediate: emitCheck(test.first + 5, Self.fields(0, test.answers), type: test.type)
        }
        settleAfterCheck()
    }

    /// Writes a check of the accumulator. Right behind what made the operand, it does not keep that from writing a local.
    private mutating func emitCheck(_ instruction: UInt32, _ fields: UInt64, type: UInt64?) {
        let integer = AccumulatorClass.integer.rawValue
        let isNext = last != nil && (last == accumulators[integer].producer || last == accumulators[integer].check)
        emit(instruction, fields, type: type)
        accumulators[integer].check = isNext ? last : nil
    }

    /// Makes sure that a constant which was put into its slot to be checked is taken from there.
    private mutating func settleAfterCheck() {
        let height = operands.count - 1
        if case .constant = operands[height].place { operands[height].place = .home }
    }

    mutating func emitBranch(if wanted: Bool, _ test: ReferenceTest, _ source: Source) -> Branch {
        let first = test.first + (wanted ? 6 : 8)
        switch source {
        case .slot(let slot): return emitBranch(first, Self.fields(slot, test.answers), test.type)
        case .accumulator, .immediate: return emitBranch(first + 1, Self.fields(0, test.answers), test.type)
        }
    }

    mutating func translateBranchOnCast(whenFailed: Bool) throws(ModuleError) {
        let flags = try reader.byte()
        let depth = Int(try reader.u32())
        _ = try reader.heapType(in: module.types)
        let type = ValueType(try reader.heapType(in: module.types), isNullable: flags & 2 != 0)
        let condition = Condition.test(ReferenceTest(type, in: module.types), topSource())
        translateBranch(when: !whenFailed, condition, to: depth)
    }
}
