internal import CWasmInterpreter

/// Instructions on structures and i31, and what arrays share with them.
extension FunctionTranslator {
    /// Opcodes with the prefix 0xFB.
    mutating func translateObject() throws(ModuleError) {
        let number = try reader.u32()
        switch number {
        case 0: try translateNewStructure(hasValues: true)
        case 1: try translateNewStructure(hasValues: false)
        case 2, 3, 4:
            let (storage, offset) = try field()
            if storage == .value(.v128) { return translateVectorFieldGet(offset) }
            emitLoad(Self.reading(storage, isSigned: number == 3, fromArray: false), offset: offset)
        case 5:
            let (storage, offset) = try field()
            if storage == .value(.v128) { return translateVectorFieldSet(offset) }
            emitStore(Self.writing(storage), offset: offset)
        case 6...19: try translateArray(number)
        case 20, 21: translateTest(ValueType(try reader.heapType(in: module.types), isNullable: number == 21))
        case 22, 23: translateCast(ValueType(try reader.heapType(in: module.types), isNullable: number == 23))
        case 24, 25: try translateBranchOnCast(whenFailed: number == 25)
        // External and internal references have the same bits.
        case 26, 27: break
        case 28: emitUnary(Self.operation(WASM_ref_i31_s_r))
        case 29: emitUnary(Self.operation(WASM_i31_get_s_s_r, .i32))
        case 30: emitUnary(Self.operation(WASM_i31_get_u_s_r, .i32))
        default: throw reader.malformed("illegal opcode")
        }
    }

    /// The field that an instruction names: how it is stored, and where.
    private mutating func field() throws(ModuleError) -> (StorageType, UInt32) {
        let type = Int(try reader.u32())
        let index = Int(try reader.u32())
        guard case .structure(let fields) = module.types[type].composite, let layout = module.types.layout(type) else {
            throw reader.malformed("not a structure")
        }
        return (fields[index].storage, layout.offsets[index])
    }

    /// What reads a field or element.
    static func reading(_ storage: StorageType, isSigned: Bool, fromArray: Bool) -> wasm_operation {
        func pick(_ field: wasm_instruction, _ element: wasm_instruction, _ type: ValueType) -> wasm_operation {
            operation(fromArray ? element : field, type)
        }
        return switch storage {
        case .i8 where isSigned: pick(WASM_field_get_i8_s_s_r, WASM_element_get_i8_s_ss_r, .i32)
        case .i8: pick(WASM_field_get_i8_u_s_r, WASM_element_get_i8_u_ss_r, .i32)
        case .i16 where isSigned: pick(WASM_field_get_i16_s_s_r, WASM_element_get_i16_s_ss_r, .i32)
        case .i16: pick(WASM_field_get_i16_u_s_r, WASM_element_get_i16_u_ss_r, .i32)
        case .value(.i32): pick(WASM_field_get_i32_s_r, WASM_element_get_i32_ss_r, .i32)
        case .value(.f32): pick(WASM_field_get_f32_s_r, WASM_element_get_f32_ss_r, .f32)
        case .value(.f64): pick(WASM_field_get_f64_s_r, WASM_element_get_f64_ss_r, .f64)
        case .value: pick(WASM_field_get_i64_s_r, WASM_element_get_i64_ss_r, .i64)
        }
    }

    /// What writes a field.
    private static func writing(_ storage: StorageType) -> wasm_operation {
        switch storage {
        case .value(.f32): operation(WASM_field_set_f32_ss)
        case .value(.f64): operation(WASM_field_set_f64_ss)
        default:
            switch storage.log2 {
            case 0: operation(WASM_field_set8_ss)
            case 1: operation(WASM_field_set16_ss)
            case 2: operation(WASM_field_set32_ss)
            default: operation(WASM_field_set64_ss)
            }
        }
    }

    // MARK: - New structures

    /// A field's first value, as an instruction can name it.
    private struct FirstValue {
        let storage: StorageType
        let offset: UInt32
        let source: Source
    }

    /// Makes an object of all zero, and writes each field from where its value is. The last of these instructions is what
    /// made the operand, so that the slots of values are read before one of them takes the reference.
    private mutating func translateNewStructure(hasValues: Bool) throws(ModuleError) {
        let type = Int(try reader.u32())
        guard case .structure(let fields) = module.types[type].composite, let layout = module.types.layout(type) else {
            throw reader.malformed("not a structure")
        }
        var values: [FirstValue] = []
        for index in fields.indices.reversed() where hasValues {
            let (operand, height) = pop()
            let storage = fields[index].storage
            if case .constant(0) = operand.place { continue }
            let source: Source
            if case .constant(let bits) = operand.place, AccumulatorClass(operand.type) == .integer,
                let small = Self.smallImmediate(bits, operand.type)
            {
                source = .immediate(UInt64(UInt16(bitPattern: small)))
            } else {
                source = .slot(slot(of: operand, at: height))
            }
            values.append(FirstValue(storage: storage, offset: layout.offsets[index], source: source))
        }
        produce(Self.reference, WASM_struct_new_r.rawValue, 0, UInt64(module.types.numbers[type]))
        for value in values {
            let first = Self.initializing(value.storage)
            switch value.source {
            case .slot(let slot): emit(first, Self.fields(0, slot, wide: value.offset))
            case .immediate(let bits): emit(first + 2, Self.fields(0, Int(bits), wide: value.offset))
            case .accumulator: continue  // Not asked for.
            }
        }
        accumulators[AccumulatorClass.integer.rawValue].producer = last ?? 0
    }

    private static func initializing(_ storage: StorageType) -> UInt32 {
        switch storage.log2 {
        case 0: WASM_field_init8_s_r.rawValue
        case 1: WASM_field_init16_s_r.rawValue
        case 2: WASM_field_init32_s_r.rawValue
        case 3: WASM_field_init64_s_r.rawValue
        default: WASM_vector_field_init_r.rawValue
        }
    }
}
