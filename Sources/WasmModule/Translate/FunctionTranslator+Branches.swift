internal import CWasmInterpreter

extension FunctionTranslator {
    /// A branch's condition, as far as it can become part of the branch.
    enum Condition {
        case slot(Int)
        case accumulator
        /// True when the value is zero.
        case zero(Source)
        /// A comparison taken back out of the code: its operands' fields, and its immediate in bits.
        case comparison(Comparison, fields: UInt64, immediate: UInt64)
        /// True when an operand has some bits of a mask, or if not `isAny`, none of them.
        case masked(Source, mask: UInt32, isAny: Bool)
        /// What a reference is tested for, and where it is.
        case test(ReferenceTest, Source)
    }

    /// Pops a condition. A comparison or test for zero that was just written is taken back, to be fused.
    ///
    /// Settling operands between this and the branch is fine: that writes slots of operands below the
    /// comparison's own, and no accumulator.
    mutating func popCondition() -> Condition {
        let producer = accumulators[0].producer
        let (operand, height) = pop()
        if operand.place == .accumulator, let last, last == producer {
            var source = Source.accumulator
            if ReferenceTest.isTest(words[last]), let test = ReferenceTest(words[last...], source: &source) {
                takeBackLast()
                return .test(test, source)
            }
            if let comparison = Comparison(instruction: words[last]) {
                let fields = words[last + 1]
                let isFloat =
                    comparison.operation.operand == UInt8(ValueType.f32.rawValue)
                    || comparison.operation.operand == UInt8(ValueType.f64.rawValue)
                var immediate: UInt64 = 0
                if comparison.form >= WASM_FORM_SI {
                    let type = ValueType(code: comparison.operation.operand)
                    immediate = isFloat ? words[last + 2] : Self.wide(fields, type)
                }
                // A right operand in a slot of its own stands in the third field.
                let wide =
                    comparison.operation.operand == UInt8(truncatingIfNeeded: ValueType.i64.rawValue)
                        && comparison.form < WASM_FORM_SI
                    ? takeBackConstant(before: last, in: Int(fields >> 32 & 0xFFFF)) : nil
                let constant = beforeLast
                takeBackLast()
                if let wide, let constant, let compared = comparison.withImmediate {
                    words.removeLast(words.count - constant)
                    return .comparison(compared, fields: fields, immediate: wide)
                }
                return .comparison(comparison, fields: fields, immediate: immediate)
            }
            switch words[last] {
            case UInt64(WASM_i32_eqz_s_r.rawValue):
                let slot = Int(words[last + 1] >> 16 & 0xFFFF)
                takeBackLast()
                return .zero(.slot(slot))
            case UInt64(WASM_i32_eqz_a_r.rawValue):
                let before = beforeLast
                takeBackLast()
                // The test reads the accumulator, so nothing stands between it and what gave it that value.
                if let before, before + 2 == words.count {
                    self.last = before
                    if let (source, mask) = takeBackMask() { return .masked(source, mask: mask, isAny: false) }
                }
                return .zero(.accumulator)
            case UInt64(WASM_i32_and_si_r.rawValue), UInt64(WASM_i32_and_ai_r.rawValue):
                if let (source, mask) = takeBackMask() { return .masked(source, mask: mask, isAny: true) }
            case UInt64(WASM_i64_eqz_s_r.rawValue), UInt64(WASM_i64_eqz_a_r.rawValue):
                // The same as a comparison with 0, which has branches of its own.
                let isSlot = words[last] == UInt64(WASM_i64_eqz_s_r.rawValue)
                let fields = words[last + 1]
                takeBackLast()
                let equal = UInt64(Operation.table[0x51].first)
                let form = UInt64(isSlot ? WASM_FORM_SI : WASM_FORM_AI)
                guard let comparison = Comparison(instruction: equal + form * 2) else { return .accumulator }
                return .comparison(comparison, fields: fields & 0xFFFF_0000, immediate: 0)
            default: break
            }
        }
        switch source(operand, at: height, immediates: false) {
        case .slot(let slot): return .slot(slot)
        case .accumulator, .immediate: return .accumulator
        }
    }

    /// An integer immediate as the 64 bits that it stands for.
    private static func wide(_ fields: UInt64, _ type: ValueType) -> UInt64 {
        let bits = UInt32(truncatingIfNeeded: fields >> 32)
        return type == .i32 ? UInt64(bits) : UInt64(bitPattern: Int64(Int32(bitPattern: bits)))
    }

    /// Removes the last instruction, which wrote the integer accumulator alone.
    mutating func takeBackLast() {
        guard let last else { return }
        words.removeLast(words.count - last)
        self.last = nil
        beforeLast = nil
        accumulators[0] = Accumulator()
        // What is written instead comes from the instruction that is being read.
        if let noted = sourceMap.last, noted.word > words.count { sourceMap[sourceMap.count - 1].word = words.count }
    }

    // MARK: - Writing branches

    /// Writes a branch whose distance is filled in later.
    mutating func emitBranch(_ instruction: UInt32, _ fields: UInt64, _ second: UInt64? = nil) -> Branch {
        let start = words.count
        emit(instruction, fields & 0xFFFF_FFFF)
        if let second { words.append(second) }
        return .distance(from: start, word: start + 1, isHigh: true)
    }

    mutating func emitJump() -> Branch { emitFusedJump() ?? emitBranch(WASM_br.rawValue, 0) }

    mutating func emitBranch(if condition: Condition) -> Branch {
        switch condition {
        case .slot(let slot): return emitBranch(WASM_br_if_s.rawValue, UInt64(slot))
        case .accumulator: return emitFusedBranch(ifZero: false) ?? emitBranch(WASM_br_if_a.rawValue, 0)
        case .zero(.slot(let slot)): return emitBranch(WASM_br_unless_s.rawValue, UInt64(slot))
        case .zero: return emitFusedBranch(ifZero: true) ?? emitBranch(WASM_br_unless_a.rawValue, 0)
        case .masked(let source, let mask, let isAny): return emitMaskBranch(source, mask: mask, ifNone: !isAny)
        case .comparison(let comparison, let fields, let immediate):
            return emitComparison(UInt32(comparison.operation.branch), comparison.form, fields, immediate)
        case .test(let test, let source): return emitBranch(if: true, test, source)
        }
    }

    mutating func emitBranch(unless condition: Condition) -> Branch {
        switch condition {
        case .slot(let slot): return emitBranch(WASM_br_unless_s.rawValue, UInt64(slot))
        case .accumulator: return emitFusedBranch(ifZero: true) ?? emitBranch(WASM_br_unless_a.rawValue, 0)
        case .zero(.slot(let slot)): return emitBranch(WASM_br_if_s.rawValue, UInt64(slot))
        case .zero: return emitFusedBranch(ifZero: false) ?? emitBranch(WASM_br_if_a.rawValue, 0)
        case .masked(let source, let mask, let isAny): return emitMaskBranch(source, mask: mask, ifNone: isAny)
        case .comparison(let comparison, let fields, let immediate):
            let operation = comparison.operation
            let first =
                operation.opposite != 0 ? Operation.table[Int(operation.opposite)].branch : operation.branch_unless
            return emitComparison(UInt32(first), comparison.form, fields, immediate)
        case .test(let test, let source): return emitBranch(if: false, test, source)
        }
    }

    /// A comparison's operands stand one field further up than its branch's: the branch has no result.
    private mutating func emitComparison(_ first: UInt32, _ form: Int, _ fields: UInt64, _ immediate: UInt64) -> Branch
    {
        let isImmediate = form >= WASM_FORM_SI
        let operands = isImmediate ? fields >> 16 & 0xFFFF : fields >> 16 & 0xFFFF_FFFF
        return emitBranch(first + UInt32(form), operands, isImmediate ? immediate : nil)
    }

    /// Makes a branch end at the next instruction to be written.
    mutating func land(_ branch: Branch) { land(branch, at: words.count) }

    private mutating func land(_ branch: Branch, at target: Int) {
        last = nil
        switch branch {
        case .clause(let index): clauses[index].target = target
        case .distance(let instruction, let word, let isHigh):
            let distance = UInt64(UInt32(bitPattern: Int32(target - instruction)))
            let mask: UInt64 = 0xFFFF_FFFF
            words[word] = isHigh ? words[word] & mask | distance << 32 : words[word] & ~mask | distance
        }
    }

    /// Sends a branch to the block that is `depth` blocks out.
    mutating func send(_ branch: Branch, to depth: Int) {
        let index = controls.count - 1 - depth
        if controls[index].kind == .loop {
            let next = last
            land(branch, at: controls[index].start)
            last = next
        } else {
            controls[index].branches.append(branch)
        }
    }

    // MARK: - Branch instructions

    /// How many slots a branch to this block carries.
    private func arity(_ control: Control) -> Int { control.kind == .loop ? control.parameters : control.results }

    mutating func translateBranch(to depth: Int) {
        emitBranchWithValues(to: depth)
        becomeUnreachable()
    }

    /// Moves the values a branch carries and jumps. The operands stay as they are on the stack.
    mutating func emitBranchWithValues(to depth: Int) {
        let control = controls[controls.count - 1 - depth]
        if control.kind == .function { return emitReturn() }
        moveValues(arity(control), to: control.height)
        send(emitJump(), to: depth)
    }

    /// Whether the values of a branch to `control` already are where it wants them.
    private func isInPlace(_ count: Int, _ control: Control) -> Bool {
        count == 0 || control.kind != .function && operands.count - count == control.height
    }

    mutating func translateConditionalBranch(to depth: Int) {
        let condition = popCondition()
        translateBranch(when: true, condition, to: depth)
    }

    /// Branches if a condition does, or does not, hold. The operands stay as they are.
    mutating func translateBranch(when wanted: Bool, _ condition: Condition, to depth: Int) {
        let control = controls[controls.count - 1 - depth]
        let count = arity(control)
        if isInPlace(count, control) {
            for height in (operands.count - count)..<operands.count { settle(height) }
            return send(wanted ? emitBranch(if: condition) : emitBranch(unless: condition), to: depth)
        }
        // The copies are for the way that leaves only. What changes the operands' places must be on both ways.
        // Many are all settled first, so that any number of branches copies them as a block each.
        for height in (operands.count - count)..<operands.count {
            if count > Self.fewValues || operands[height].place == .accumulator { settle(height) }
        }
        let around = wanted ? emitBranch(unless: condition) : emitBranch(if: condition)
        let before = accumulators
        emitBranchWithValues(to: depth)
        accumulators = before
        land(around)
    }

    /// Values up to this number of slots are copied one by one, from wherever they are.
    static let fewValues = 8

    /// Copies the top `count` slots of operands to the home slots from `height` on, leaving the stack's record alone.
    mutating func moveValues(_ count: Int, to height: Int) {
        let bottom = operands.count - count
        if count > Self.fewValues {
            for i in bottom..<operands.count { settle(i) }
            return emitCopy(of: count, from: home(bottom), to: home(height))
        }
        if count == 1, operands[bottom].place == .accumulator {
            let accumulator = AccumulatorClass(operands[bottom].type)
            if accumulators[accumulator.rawValue].producer == last, bottom != height {
                store(accumulator, to: home(height))
                accumulators[accumulator.rawValue].operand = nil
                operands[bottom].place = .home
                return
            }
        }
        for i in 0..<count where !operands[bottom + i].isUpperHalf {
            let operand = operands[bottom + i]
            if operand.place == .accumulator { settle(bottom + i) }
            switch operands[bottom + i].place {
            case .home, .accumulator: emitCopy(operand.type, from: home(bottom + i), to: home(height + i))
            case .local(let index): emitCopy(operand.type, from: slot(ofLocal: index), to: home(height + i))
            case .constant(let bits): emitConstant(bits, to: home(height + i))
            }
        }
    }

    mutating func translateBranchTable() throws(ModuleError) {
        let (operand, height) = pop()
        let count = Int(try reader.u32())
        var depths: [Int] = []
        depths.reserveCapacity(count + 1)
        for _ in 0...count { depths.append(Int(try reader.u32())) }
        let carried = arity(controls[controls.count - 1 - depths[count]])
        let biased = takeBackTableBias(operand)
        let where_ = biased?.source ?? source(operand, at: height, immediates: false)
        for index in (operands.count - carried)..<operands.count { settle(index) }

        let start = words.count
        let bias = Int(UInt16(bitPattern: biased?.bias ?? 0))
        switch where_ {
        case .slot(let slot) where biased != nil:
            emit(WASM_br_table_add_s, Self.fields(slot, bias, wide: UInt32(count)))
        case _ where biased != nil: emit(WASM_br_table_add_a, Self.fields(0, bias, wide: UInt32(count)))
        case .slot(let slot): emit(WASM_br_table_s, Self.fields(slot, 0, wide: UInt32(count)))
        case .accumulator, .immediate: emit(WASM_br_table_a, Self.fields(0, 0, wide: UInt32(count)))
        }
        words.append(contentsOf: repeatElement(0, count: (count + 2) / 2))
        last = nil
        // Values have to be moved on the way to each target: by code of its own, written once for each.
        var stubs: [Int: Int] = [:]
        for (i, depth) in depths.enumerated() {
            let branch = Branch.distance(from: start, word: start + 2 + i / 2, isHigh: i % 2 == 1)
            if carried == 0 {
                send(branch, to: depth)
            } else if let stub = stubs[depth] {
                land(branch, at: stub)
            } else {
                stubs[depth] = words.count
                land(branch)
                emitBranchWithValues(to: depth)
            }
        }
        becomeUnreachable()
    }

    // MARK: - Return

    /// Puts the results into the frame's first slots and returns. The operands stay as they are on the stack.
    mutating func emitReturn() {
        let count = shape.resultSlots
        let header = shape.headerSlot
        let bottom = operands.count - count
        if count == 0 {
            if !emitFusedReturn(WASM_return_none) { emit(WASM_return_none, Self.fields(header)) }
            return
        }
        if count == 1 {
            let operand = operands[bottom]
            if operand.place == .accumulator {
                switch AccumulatorClass(operand.type) {
                case .integer: if !emitFusedReturn(WASM_return_a) { emit(WASM_return_a, Self.fields(header)) }
                case .single: emit(WASM_return_f32, Self.fields(header))
                case .double, .vector: emit(WASM_return_f64, Self.fields(header))
                }
                return
            }
            let slot = slot(of: operand, at: bottom)
            if !emitFusedReturn(WASM_return_s, slot: slot) { emit(WASM_return_s, Self.fields(header, slot)) }
            return
        }
        if type.results == [.v128] { return emitVectorReturn() }
        if count > Self.fewValues {
            for i in bottom..<operands.count { settle(i) }
            emitCopy(of: count, from: home(bottom), to: 0)
            return emit(WASM_return_none, Self.fields(header))
        }
        // The results may be parameters in another order: they all leave their slots first.
        for i in 0..<count where !operands[bottom + i].isUpperHalf {
            let operand = operands[bottom + i]
            let slot = slot(of: operand, at: bottom + i)
            emitCopy(operand.type, from: slot, to: home(bottom + i))
        }
        for i in 0..<count { emitCopy(from: home(bottom + i), to: i) }
        emit(WASM_return_none, Self.fields(header))
    }
}
