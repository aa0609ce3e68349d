internal import CWasmInterpreter

extension FunctionTranslator {
    /// Three 16-bit fields and what the last holds, as word 1 of an instruction.
    static func fields(_ first: Int, _ second: Int = 0, _ third: Int = 0, _ fourth: Int = 0) -> UInt64 {
        UInt64(first) | UInt64(second) << 16 | UInt64(third) << 32 | UInt64(fourth) << 48
    }

    /// Two 16-bit fields and one of 32 bits.
    static func fields(_ first: Int, _ second: Int, wide: UInt32) -> UInt64 {
        UInt64(first) | UInt64(second) << 16 | UInt64(wide) << 32
    }

    mutating func emit(_ instruction: UInt32, _ fields: UInt64) {
        beforeLast = last
        last = words.count
        words.append(UInt64(instruction))
        words.append(fields)
    }

    mutating func emit(_ instruction: wasm_instruction, _ fields: UInt64) { emit(instruction.rawValue, fields) }

    mutating func emit(_ instruction: wasm_instruction, _ fields: UInt64, _ second: UInt64) {
        emit(instruction.rawValue, fields, second)
    }

    mutating func emit(_ instruction: UInt32, _ fields: UInt64, _ second: UInt64?) {
        emit(instruction, fields)
        if let second { words.append(second) }
    }

    /// Writes an instruction whose result stays in an accumulator, and pushes that result.
    mutating func produce(_ type: ValueType, _ instruction: UInt32, _ fields: UInt64, _ second: UInt64? = nil) {
        let accumulator = AccumulatorClass(type)
        settle(accumulator)
        emit(instruction, fields, second)
        accumulators[accumulator.rawValue] = Accumulator(operand: operands.count, producer: last ?? 0, mirror: nil)
        push(.accumulator, type)
    }

    /// Writes an instruction that puts its result into the home slot of the next operand, and pushes that.
    mutating func produceAtHome(_ type: ValueType, _ instruction: wasm_instruction, wide: UInt32) {
        let slot = home(operands.count)
        forget(slot: slot)
        emit(instruction, Self.fields(slot, 0, wide: wide))
        push(.home, type)
    }

    /// Copies a value of a type.
    mutating func emitCopy(_ type: ValueType, from source: Int, to target: Int) {
        if type == .v128 { emitVectorCopy(from: source, to: target) } else { emitCopy(from: source, to: target) }
    }

    /// Copies a slot, in one instruction with the copies just before.
    mutating func emitCopy(from source: Int, to target: Int) {
        guard source != target else { return }
        forget(slot: target)
        let pair = UInt64(target) | UInt64(source) << 16
        if let last {
            switch words[last] {
            case UInt64(WASM_copy.rawValue):
                words[last] = UInt64(WASM_copy2.rawValue)
                words[last + 1] |= pair << 32
                return
            case UInt64(WASM_copy2.rawValue):
                words[last] = UInt64(WASM_copy3.rawValue)
                words.append(pair)
                return
            case UInt64(WASM_copy3.rawValue):
                words[last] = UInt64(WASM_copy4.rawValue)
                words[last + 2] |= pair << 32
                return
            default: break
            }
        }
        emit(WASM_copy, pair)
    }

    /// Copies many slots in one instruction.
    mutating func emitCopy(of count: Int, from source: Int, to target: Int) {
        guard source != target else { return }
        for accumulator in AccumulatorClass.allCases { accumulators[accumulator.rawValue].mirror = nil }
        emit(WASM_copy_range, Self.fields(target, source, wide: UInt32(count)))
    }

    mutating func emitConstant(_ bits: UInt64, to slot: Int) {
        forget(slot: slot)
        if bits <= UInt64(UInt32.max) {
            emit(WASM_const_u32, Self.fields(slot, 0, wide: UInt32(bits)))
        } else if let small = Self.immediate(bits, .i64) {
            emit(WASM_const_s32, Self.fields(slot, 0, wide: small))
        } else {
            emit(WASM_const_64, Self.fields(slot), bits)
        }
    }

    /// The bits of an integer as an instruction's 32-bit immediate, if they fit.
    static func immediate(_ bits: UInt64, _ type: ValueType) -> UInt32? {
        if type == .i32 { return UInt32(truncatingIfNeeded: bits) }
        guard let value = Int32(exactly: Int64(bitPattern: bits)) else { return nil }
        return UInt32(bitPattern: value)
    }

    /// The same for the 16-bit field that a store has.
    static func smallImmediate(_ bits: UInt64, _ type: ValueType) -> Int16? {
        type == .i32
            ? Int16(exactly: Int32(truncatingIfNeeded: bits)) : Int16(exactly: Int64(bitPattern: bits))
    }

    // MARK: - Where an instruction takes its operands from

    /// An operand as an instruction can name it.
    enum Source {
        case slot(Int)
        case accumulator
        case immediate(UInt64)
    }

    /// The quickest place to take an operand from. A slot that the accumulator mirrors is taken from there:
    /// the value does not have to come back from memory first.
    mutating func source(_ operand: Operand, at height: Int, immediates: Bool = true) -> Source {
        switch operand.place {
        case .accumulator: return .accumulator
        case .constant(let bits) where immediates:
            let isFloat = operand.type == .f32 || operand.type == .f64
            if isFloat || Self.immediate(bits, operand.type) != nil { return .immediate(bits) }
        default: break
        }
        let slot = slot(of: operand, at: height)
        let mirror = accumulators[AccumulatorClass(operand.type).rawValue].mirror
        return slot == mirror ? .accumulator : .slot(slot)
    }

    // MARK: - Operations of the table

    mutating func emitUnary(_ operation: wasm_operation) {
        let (operand, height) = pop()
        let result = ValueType(code: operation.result)
        switch source(operand, at: height, immediates: false) {
        case .accumulator: produce(result, UInt32(operation.first) + 2, 0)
        case .slot(let slot): produce(result, UInt32(operation.first), Self.fields(0, slot))
        case .immediate: return  // Not asked for.
        }
    }

    /// `checked`: the memory, if the access of it must be compared with its size.
    mutating func emitLoad(_ operation: wasm_operation, offset: UInt32, checked memory: UInt64? = nil) {
        let (operand, height) = pop()
        if memory == nil, emitFusedLoad(operation, operand, offset: offset) { return }
        let result = ValueType(code: operation.result)
        let first = UInt32(operation.first) + (memory == nil ? 0 : UInt32(WASM_LOAD_CHECKED))
        switch source(operand, at: height, immediates: false) {
        case .accumulator: produce(result, first + 2, Self.fields(0, 0, wide: offset), memory)
        case .slot(let slot): produce(result, first, Self.fields(0, slot, wide: offset), memory)
        case .immediate: return  // Not asked for.
        }
    }

    /// As `emitLoad`.
    mutating func emitStore(_ operation: wasm_operation, offset: UInt32, checked memory: UInt64? = nil) {
        let (value, valueHeight) = pop()
        let (address, addressHeight) = pop()
        let isInteger = AccumulatorClass(value.type) == .integer
        var first = UInt32(operation.first)
        if memory != nil { first += UInt32(isInteger ? WASM_STORE_CHECKED : WASM_STORE_FLOAT_CHECKED) }
        // The address first: if it has to go to a slot, the value is not touched by that.
        var addressSource = source(address, at: addressHeight, immediates: false)
        if isInteger, case .constant(let bits) = value.place, let small = Self.smallImmediate(bits, value.type) {
            let field = Int(UInt16(bitPattern: small))
            switch addressSource {
            case .accumulator: emit(first + 4, Self.fields(0, field, wide: offset), memory)
            case .slot(let slot): emit(first + 3, Self.fields(slot, field, wide: offset), memory)
            case .immediate: return  // Not asked for.
            }
            return
        }
        if memory == nil, case .slot(let to) = addressSource, emitFusedStore(operation, value, at: to, offset: offset) {
            return
        }
        let valueSource = source(value, at: valueHeight, immediates: false)
        if isInteger, case .accumulator = valueSource, case .accumulator = addressSource {
            // The same value in both roles: one of them is in a slot as well.
            if value.place == .accumulator {
                addressSource = .slot(slot(of: address, at: addressHeight))
            } else {
                return emit(first + 1, Self.fields(0, slot(of: value, at: valueHeight), wide: offset), memory)
            }
        }
        switch (addressSource, valueSource) {
        case (.slot(let to), .slot(let from)): emit(first, Self.fields(to, from, wide: offset), memory)
        case (.accumulator, .slot(let from)): emit(first + 1, Self.fields(0, from, wide: offset), memory)
        case (.slot(let to), .accumulator): emit(first + 2, Self.fields(to, 0, wide: offset), memory)
        case (.accumulator, .accumulator): emit(first + 3, Self.fields(0, 0, wide: offset), memory)
        case (.immediate, _), (_, .immediate): return  // Not asked for.
        }
    }

    /// Writes an instruction of two operands in the form that their places allow.
    mutating func emitBinary(_ opcode: Int) {
        let operation = Operation.table[opcode]
        let (right, rightHeight) = pop()
        let (left, leftHeight) = pop()
        let type = ValueType(code: operation.operand)
        let result = ValueType(code: operation.result)
        var first = UInt32(operation.first)
        var leftSource: Source
        var rightSource = source(right, at: rightHeight)
        if case .immediate = rightSource {
            leftSource = source(left, at: leftHeight, immediates: false)
        } else {
            leftSource = source(left, at: leftHeight)
        }
        if case .accumulator = leftSource, case .accumulator = rightSource {
            // The same value twice, so it is in a slot as well: take the one from there that can be.
            if right.place == .accumulator {
                leftSource = .slot(slot(of: left, at: leftHeight))
            } else {
                rightSource = .slot(slot(of: right, at: rightHeight))
            }
        }
        if case .accumulator = leftSource, emitFused(opcode, left, rightSource) { return }
        if operation.family != WASM_FAMILY_BINARY {
            // Few forms are needed where operands can change places.
            let swaps: Bool
            switch (leftSource, rightSource) {
            case (.slot, .accumulator), (.immediate, _): swaps = true
            default: swaps = false
            }
            if swaps {
                (leftSource, rightSource) = (rightSource, leftSource)
                if operation.family == WASM_FAMILY_COMPARE {
                    first = UInt32(Operation.table[Int(operation.swapped)].first)
                }
            }
        }
        switch (leftSource, rightSource) {
        case (.slot(let x), .slot(let y)): produce(result, first + form(WASM_FORM_SS), Self.fields(0, x, y))
        case (.accumulator, .slot(let y)): produce(result, first + form(WASM_FORM_AS), Self.fields(0, 0, y))
        case (.slot(let x), .accumulator): produce(result, first + form(WASM_FORM_SA), Self.fields(0, x))
        case (.slot(let x), .immediate(let bits)): produceImmediate(result, first + form(WASM_FORM_SI), x, bits, type)
        case (.accumulator, .immediate(let bits)):
            produceImmediate(result, first + form(WASM_FORM_AI), 0, bits, type)
        case (.immediate(let bits), .slot(let y)): produceImmediate(result, first + form(WASM_FORM_IS), y, bits, type)
        case (.immediate(let bits), .accumulator):
            produceImmediate(result, first + form(WASM_FORM_IA), 0, bits, type)
        case (.accumulator, .accumulator), (.immediate, .immediate): return  // Excluded above.
        }
    }

    private func form(_ form: Int) -> UInt32 { UInt32(form) * 2 }

    private mutating func produceImmediate(
        _ result: ValueType, _ instruction: UInt32, _ slot: Int, _ bits: UInt64, _ type: ValueType
    ) {
        if type == .f32 || type == .f64 {
            produce(result, instruction, Self.fields(0, slot), bits)
        } else {
            produce(result, instruction, Self.fields(0, slot, wide: UInt32(truncatingIfNeeded: bits)))
        }
    }
}
