internal import CWasmInterpreter

/// Instructions on vectors.
///
/// A vector's result always is in its home slots and in the accumulator for vectors, which so is a mirror only: no operand
/// is in the accumulator alone, and every instruction can name slots.
extension FunctionTranslator {
    /// A vector operand: its first slot, and whether the accumulator has it too.
    private struct Vector {
        let slot: Int
        let isMirrored: Bool
    }

    private mutating func popVector() -> Vector {
        let (operand, height) = pop()
        let slot = slot(of: operand, at: height)
        return Vector(slot: slot, isMirrored: slot == accumulators[AccumulatorClass.vector.rawValue].mirror)
    }

    /// Writes an instruction whose result is a vector, and pushes that. Field 0 is filled in.
    mutating func produceVector(_ instruction: UInt32, _ fields: UInt64, _ more: UInt64...) {
        let slot = home(operands.count)
        forget(slot: slot)
        forget(slot: slot + 1)
        emit(instruction, fields | UInt64(slot))
        words.append(contentsOf: more)
        accumulators[AccumulatorClass.vector.rawValue] = Accumulator(operand: nil, producer: last ?? 0, mirror: slot)
        push(.home, .v128)
    }

    /// Opcodes with the prefix 0xFD.
    mutating func translateVector() throws(ModuleError) {
        let number = Int(try reader.u32())
        var operation = Operation.table[0x200 + number]
        let swaps = operation.swaps
        if operation.family == WASM_FAMILY_VECTOR_SAME { operation = Operation.table[Int(operation.same)] }
        let first = UInt32(operation.first)
        switch operation.family {
        case WASM_FAMILY_VECTOR_COMMUTATIVE, WASM_FAMILY_VECTOR_BINARY:
            if !swaps, let constant = popConstant() { return emitVectorBinary(operation, popVector(), constant) }
            let right = popVector()
            let left = popVector()
            emitVectorBinary(operation, swaps ? right : left, swaps ? left : right)
        case WASM_FAMILY_VECTOR_SHUFFLE:
            let lanes = (try reader.bits64(), try reader.bits64())
            let right = popVector()
            let left = popVector()
            let form = left.isMirrored ? WASM_VECTOR_AS : right.isMirrored ? WASM_VECTOR_SA : WASM_VECTOR_SS
            produceVector(first + UInt32(form), Self.fields(0, left.slot, right.slot), lanes.0, lanes.1)
        case WASM_FAMILY_VECTOR_UNARY:
            let vector = popVector()
            produceVector(first + (vector.isMirrored ? 1 : 0), Self.fields(0, vector.slot))
        case WASM_FAMILY_VECTOR_TERNARY: emitVectorTernary(first)
        case WASM_FAMILY_VECTOR_SHIFT: emitShift(first)
        case WASM_FAMILY_VECTOR_TEST:
            let vector = popVector()
            produce(.i32, first + (vector.isMirrored ? 2 : 0), Self.fields(0, vector.slot))
        case WASM_FAMILY_VECTOR_SPLAT: emitSplat(number, first)
        case WASM_FAMILY_VECTOR_EXTRACT:
            let lane = Int(try reader.byte())
            produce(ValueType(code: operation.result), first, Self.fields(0, popVector().slot, lane))
        case WASM_FAMILY_VECTOR_REPLACE: emitReplacement(first, lane: Int(try reader.byte()))
        case WASM_FAMILY_VECTOR_CONST: produceConstant(try reader.bits64(), try reader.bits64())
        case WASM_FAMILY_VECTOR_LOAD, WASM_FAMILY_VECTOR_STORE, WASM_FAMILY_VECTOR_LOAD_LANE,
            WASM_FAMILY_VECTOR_STORE_LANE:
            try translateVectorAccess(operation)
        default: throw reader.malformed("illegal opcode")
        }
    }

    // MARK: - Values

    private mutating func emitVectorBinary(_ operation: wasm_operation, _ left: Vector, _ right: Vector) {
        var (left, right) = (left, right)
        if operation.family == WASM_FAMILY_VECTOR_COMMUTATIVE, right.isMirrored { (left, right) = (right, left) }
        let form = left.isMirrored ? WASM_VECTOR_AS : right.isMirrored ? WASM_VECTOR_BINARY_SA : WASM_VECTOR_SS
        produceVector(UInt32(operation.first) + UInt32(form), Self.fields(0, left.slot, right.slot))
    }

    /// The same with a constant for the right operand.
    private mutating func emitVectorBinary(_ operation: wasm_operation, _ left: Vector, _ right: (UInt64, UInt64)) {
        let form = left.isMirrored ? WASM_VECTOR_AI : WASM_VECTOR_SI
        produceVector(UInt32(operation.first) + UInt32(form), Self.fields(0, left.slot), right.0, right.1)
    }

    private mutating func produceConstant(_ low: UInt64, _ high: UInt64) {
        let before = accumulators[AccumulatorClass.vector.rawValue]
        produceVector(WASM_v128_const.rawValue, 0, low, high)
        beforeConstant = before
    }

    /// Pops the constant that was written just now, and takes it back out of the code: its user holds it.
    private mutating func popConstant() -> (UInt64, UInt64)? {
        let height = operands.count - 2
        guard let before = beforeConstant, let last, words[last] == UInt64(WASM_v128_const.rawValue),
            accumulators[AccumulatorClass.vector.rawValue].producer == last, operands[height].place == .home,
            words[last + 1] == UInt64(home(height))
        else { return nil }
        let constant = (words[last + 2], words[last + 3])
        words.removeLast(words.count - last)
        self.last = nil
        beforeLast = nil
        beforeConstant = nil
        // What was in the slot is gone for the record, whatever the accumulator mirrored there.
        accumulators[AccumulatorClass.vector.rawValue] = before
        _ = pop()
        return constant
    }

    private mutating func emitVectorTernary(_ first: UInt32) {
        let third = popVector()
        let second = popVector()
        let vector = popVector()
        let form =
            vector.isMirrored
            ? WASM_VECTOR_ASS
            : second.isMirrored ? WASM_VECTOR_SAS : third.isMirrored ? WASM_VECTOR_SSA : WASM_VECTOR_SSS
        produceVector(first + UInt32(form), Self.fields(0, vector.slot, second.slot, third.slot))
    }

    private mutating func emitShift(_ first: UInt32) {
        let (count, height) = pop()
        if case .constant(let bits) = count.place {
            let vector = popVector()
            let form = vector.isMirrored ? WASM_VECTOR_AI : WASM_VECTOR_SI
            return produceVector(first + UInt32(form), Self.fields(0, vector.slot, Int(bits & 0xFF)))
        }
        let countSlot = slot(of: count, at: height)
        let vector = popVector()
        let form = vector.isMirrored ? WASM_VECTOR_AS : WASM_VECTOR_SS
        produceVector(first + UInt32(form), Self.fields(0, vector.slot, countSlot))
    }

    /// A constant in every lane is a constant vector.
    private mutating func emitSplat(_ number: Int, _ first: UInt32) {
        let (operand, height) = pop()
        if case .constant(let bits) = operand.place {
            let word: UInt64 =
                switch number {
                case 15: (bits & 0xFF) &* 0x0101_0101_0101_0101
                case 16: (bits & 0xFFFF) &* 0x0001_0001_0001_0001
                case 17, 19: (bits & 0xFFFF_FFFF) &* 0x0000_0001_0000_0001
                default: bits
                }
            return produceConstant(word, word)
        }
        switch source(operand, at: height, immediates: false) {
        case .slot(let slot): produceVector(first + UInt32(WASM_VECTOR_S), Self.fields(0, slot))
        case .accumulator, .immediate: produceVector(first + UInt32(WASM_VECTOR_A), 0)
        }
    }

    private mutating func emitReplacement(_ first: UInt32, lane: Int) {
        let (number, height) = pop()
        let numberSource = source(number, at: height, immediates: false)
        let vector = popVector()
        switch numberSource {
        case .slot(let slot):
            let form = vector.isMirrored ? WASM_VECTOR_AS : WASM_VECTOR_SS
            produceVector(first + UInt32(form), Self.fields(0, vector.slot, slot, lane))
        case .accumulator, .immediate:
            let form = vector.isMirrored ? WASM_VECTOR_AA : WASM_VECTOR_SA
            produceVector(first + UInt32(form), Self.fields(0, vector.slot, 0, lane))
        }
    }

    mutating func translateVectorSelect() {
        let (condition, height) = pop()
        let conditionSource = source(condition, at: height, immediates: false)
        let no = popVector().slot
        let yes = popVector().slot
        switch conditionSource {
        case .slot(let slot): produceVector(WASM_vector_select_s.rawValue, Self.fields(0, slot, yes, no))
        case .accumulator, .immediate: produceVector(WASM_vector_select_a.rawValue, Self.fields(0, 0, yes, no))
        }
    }

    // MARK: - Memory

    private mutating func translateVectorAccess(_ operation: wasm_operation) throws(ModuleError) {
        let access = try memoryAccess()
        let first = UInt32(operation.first)
        switch operation.family {
        case WASM_FAMILY_VECTOR_LOAD:
            let (form, fields) = vectorAddress(access, log2: operation.log2)
            produceVector(first + form, fields)
        case WASM_FAMILY_VECTOR_STORE: emitVectorStore(access, operation)
        default:
            // Word 2 names the vector and the lane.
            let lane = UInt64(try reader.byte())
            let word = UInt64(popVector().slot) | lane << 16
            let (form, fields) = vectorAddress(access, log2: operation.log2)
            if operation.family == WASM_FAMILY_VECTOR_LOAD_LANE { return produceVector(first + form, fields, word) }
            emit(first + form, fields)
            words.append(word)
        }
    }

    /// Pops an address for field 1: the form of the instruction that takes it from there, and its fields.
    private mutating func vectorAddress(_ access: MemoryAccess, log2: UInt8) -> (form: UInt32, fields: UInt64) {
        guard access.isBounded else {
            emitAddress(access, log2: log2)
            return (UInt32(WASM_VECTOR_P), 0)
        }
        let (address, height) = pop()
        let offset = UInt32(truncatingIfNeeded: access.offset)
        switch source(address, at: height, immediates: false) {
        case .slot(let slot): return (UInt32(WASM_VECTOR_S), Self.fields(0, slot, wide: offset))
        case .accumulator, .immediate: return (UInt32(WASM_VECTOR_A), Self.fields(0, 0, wide: offset))
        }
    }

    private mutating func emitVectorStore(_ access: MemoryAccess, _ operation: wasm_operation) {
        let vector = popVector()
        let first = UInt32(operation.first)
        guard access.isBounded else {
            emitAddress(access, log2: operation.log2)
            let form = vector.isMirrored ? WASM_VECTOR_PA : WASM_VECTOR_PS
            return emit(first + UInt32(form), Self.fields(0, vector.slot))
        }
        let (address, height) = pop()
        let offset = UInt32(truncatingIfNeeded: access.offset)
        switch source(address, at: height, immediates: false) {
        case .slot(let slot):
            let form = vector.isMirrored ? WASM_VECTOR_SA : WASM_VECTOR_SS
            emit(first + UInt32(form), Self.fields(slot, vector.slot, wide: offset))
        case .accumulator, .immediate:
            let form = vector.isMirrored ? WASM_VECTOR_AA : WASM_VECTOR_AS
            emit(first + UInt32(form), Self.fields(0, vector.slot, wide: offset))
        }
    }
}
