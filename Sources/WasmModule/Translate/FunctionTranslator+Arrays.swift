internal import CWasmInterpreter

/// Instructions on arrays.
extension FunctionTranslator {
    /// Opcodes 0xFB 6 to 19.
    mutating func translateArray(_ number: UInt32) throws(ModuleError) {
        if number == 15 { return emitUnary(Self.operation(WASM_array_len_s_r, .i32)) }
        let type = Int(try reader.u32())
        guard case .array(let element) = module.types[type].composite else { throw reader.malformed("not an array") }
        let storage = element.storage
        let slots = storage.unpacked.slotCount
        switch number {
        case 6: makeArray(WASM_array_new, of: type, operands: slots + 1)
        case 7: makeArray(WASM_array_new_default, of: type, operands: 1)
        case 8:
            let count = try reader.u32()
            makeArray(WASM_array_new_fixed, of: type, operands: Int(count) * slots, wide: count)
        case 9: makeArray(WASM_array_new_data, of: type, operands: 2, wide: try reader.u32())
        case 10: makeArray(WASM_array_new_elem, of: type, operands: 2, wide: try reader.u32())
        case 11 where storage == .value(.v128), 14 where storage == .value(.v128):
            translateVectorElement(isGet: number == 11)
        case 11, 12, 13: emitElementGet(storage, isSigned: number == 12)
        case 14: emitElementSet(storage)
        case 16: translateFromSlots(3 + slots, WASM_array_fill, second: slots, wide: 0)
        case 17:
            _ = try reader.u32()
            translateFromSlots(5, WASM_array_copy, wide: 0)
        case 18: translateFromSlots(4, WASM_array_init_data, wide: try reader.u32())
        default: translateFromSlots(4, WASM_array_init_elem, wide: try reader.u32())
        }
    }

    private mutating func makeArray(_ instruction: wasm_instruction, of type: Int, operands: Int, wide: UInt32 = 0) {
        // Making an object may collect, and what an accumulator alone holds would not be seen.
        settle(.integer)
        translateFromSlots(
            operands, instruction, wide: wide, word: UInt64(module.types.numbers[type]), result: Self.reference)
    }

    private mutating func emitElementGet(_ storage: StorageType, isSigned: Bool) {
        let operation = Self.reading(storage, isSigned: isSigned, fromArray: true)
        let result = ValueType(code: operation.result)
        let first = UInt32(operation.first)
        let (index, indexHeight) = pop()
        let (array, arrayHeight) = pop()
        let indexSource = source(index, at: indexHeight)
        var arraySource = source(array, at: arrayHeight, immediates: false)
        if case .accumulator = indexSource, case .accumulator = arraySource {
            arraySource = .slot(slot(of: array, at: arrayHeight))
        }
        switch (arraySource, indexSource) {
        case (.slot(let array), .slot(let index)): produce(result, first, Self.fields(0, array, index))
        case (.accumulator, .slot(let index)): produce(result, first + 2, Self.fields(0, 0, index))
        case (.slot(let array), .accumulator): produce(result, first + 4, Self.fields(0, array))
        case (.slot(let array), .immediate(let bits)):
            produce(result, first + 6, Self.fields(0, array, wide: UInt32(truncatingIfNeeded: bits)))
        case (.accumulator, .immediate(let bits)):
            produce(result, first + 8, Self.fields(0, 0, wide: UInt32(truncatingIfNeeded: bits)))
        case (.accumulator, .accumulator), (.immediate, _): return  // Excluded above.
        }
    }

    private mutating func emitElementSet(_ storage: StorageType) {
        let (value, valueHeight) = pop()
        let (index, indexHeight) = pop()
        let (array, arrayHeight) = pop()
        let arraySlot = slot(of: array, at: arrayHeight)
        let isInteger = AccumulatorClass(value.type) == .integer
        let first = Self.writingElement(storage)
        if isInteger, case .constant(let bits) = value.place, let small = Self.smallImmediate(bits, value.type) {
            let indexSlot = slot(of: index, at: indexHeight)
            return emit(first + 3, Self.fields(arraySlot, indexSlot, Int(UInt16(bitPattern: small))))
        }
        switch source(value, at: valueHeight, immediates: false) {
        case .accumulator:
            let indexSlot = slot(of: index, at: indexHeight)
            let instruction =
                switch AccumulatorClass(value.type) {
                case .integer: first + 2
                case .single: WASM_element_set_f32_ssa.rawValue
                case .double, .vector: WASM_element_set_f64_ssa.rawValue
                }
            emit(instruction, Self.fields(arraySlot, indexSlot))
        case .slot(let valueSlot):
            switch source(index, at: indexHeight, immediates: false) {
            case .slot(let indexSlot): emit(first, Self.fields(arraySlot, indexSlot, valueSlot))
            case .accumulator, .immediate: emit(first + 1, Self.fields(arraySlot, 0, valueSlot))
            }
        case .immediate: return  // Not asked for.
        }
    }

    private static func writingElement(_ storage: StorageType) -> UInt32 {
        switch storage.log2 {
        case 0: WASM_element_set8_sss.rawValue
        case 1: WASM_element_set16_sss.rawValue
        case 2: WASM_element_set32_sss.rawValue
        default: WASM_element_set64_sss.rawValue
        }
    }
}
