internal import CWasmInterpreter

/// Accesses of memories.
extension FunctionTranslator {
    /// What an access names besides its operands.
    struct MemoryAccess {
        let memory: Int
        let offset: UInt64
        /// Whether the address has 64 bits.
        let isWide: Bool
        /// Whether the memory's reservation bounds it, so that nothing is checked.
        let isBounded: Bool
    }

    mutating func memoryAccess() throws(ModuleError) -> MemoryAccess {
        let flags = try reader.u32()
        let memory = flags >= 64 ? Int(try reader.u32()) : 0
        let offset = try reader.u64()
        let type = module.memories[memory]
        return MemoryAccess(
            memory: memory, offset: offset, isWide: type.address == .i64,
            isBounded: memory == 0 && type.isBoundedByReservation)
    }

    mutating func translateLoad(_ operation: wasm_operation) throws(ModuleError) {
        let access = try memoryAccess()
        if access.isBounded { return emitLoad(operation, offset: UInt32(truncatingIfNeeded: access.offset)) }
        emitLoad(operation, offset: offset(of: access, at: operands.count - 1), checked: UInt64(access.memory))
    }

    mutating func translateStore(_ operation: wasm_operation) throws(ModuleError) {
        let access = try memoryAccess()
        if access.isBounded { return emitStore(operation, offset: UInt32(truncatingIfNeeded: access.offset)) }
        emitStore(operation, offset: offset(of: access, at: operands.count - 2), checked: UInt64(access.memory))
    }

    /// What an instruction has to add to the address that is the operand at `height`: more than 32 bits are added before.
    private mutating func offset(of access: MemoryAccess, at height: Int) -> UInt32 {
        if let offset = UInt32(exactly: access.offset) { return offset }
        settle(height)
        forget(slot: home(height))
        emit(WASM_add_offset, Self.fields(home(height)), access.offset)
        return 0
    }

    /// Takes the address off the stack, checks it, and leaves the place that it means in the integer accumulator, for the
    /// atomic or vector instruction that is written next.
    mutating func emitAddress(_ access: MemoryAccess, log2: UInt8, isAtomic: Bool = false) {
        let (address, height) = pop()
        settle(.integer)
        let bytes = 1 << Int(log2) | (isAtomic ? Int(WASM_ALIGNED) : 0)
        let memory = UInt32(access.memory)
        switch source(address, at: height, immediates: false) {
        case .slot(let slot):
            emit(
                access.isWide ? WASM_memory_address64_s : WASM_memory_address_s,
                Self.fields(bytes, slot, wide: memory), access.offset)
        case .accumulator, .immediate:
            emit(
                access.isWide ? WASM_memory_address64_a : WASM_memory_address_a, Self.fields(bytes, 0, wide: memory),
                access.offset)
        }
        accumulators[AccumulatorClass.integer.rawValue] = Accumulator()
    }

    // MARK: - Sizes and bulk

    mutating func translateMemorySize(_ memory: Int) {
        produceAtHome(module.memories[memory].address.value, WASM_memory_size, wide: UInt32(memory))
    }

    mutating func translateMemoryGrow(_ memory: Int) {
        let address = module.memories[memory].address
        translateFromSlots(
            1, WASM_memory_grow, second: address == .i64 ? 1 : 0, wide: UInt32(memory), result: address.value)
    }

    /// 0xFC 8 to 11. Which operands have 64 bits stands in field 1.
    mutating func translateBulkMemory(_ number: UInt32) throws(ModuleError) {
        switch number {
        case 8:
            let segment = UInt64(try reader.u32())
            let memory = try reader.u32()
            translateFromSlots(3, WASM_memory_init, second: wideness(memory), wide: memory, word: segment)
        case 9: emit(WASM_data_drop, Self.fields(0, 0, wide: try reader.u32()))
        case 10:
            let target = try reader.u32()
            let source = try reader.u32()
            let (isWideTarget, isWideSource) = (wideness(target), wideness(source))
            translateFromSlots(
                3, WASM_memory_copy, second: isWideTarget | isWideSource << 1 | (isWideTarget & isWideSource) << 2,
                wide: target, word: UInt64(source))
        default:
            let memory = try reader.u32()
            translateFromSlots(3, WASM_memory_fill, second: wideness(memory) * 0b101, wide: memory)
        }
    }

    /// 1 for a memory whose addresses have 64 bits.
    private func wideness(_ memory: UInt32) -> Int { module.memories[Int(memory)].address == .i64 ? 1 : 0 }

    // MARK: - Atomic accesses

    /// Opcodes with the prefix 0xFE.
    mutating func translateAtomic() throws(ModuleError) {
        let number = Int(try reader.u32())
        if number == 3 {
            try reader.skip(1)
            last = nil
            return words.append(UInt64(WASM_atomic_fence.rawValue))
        }
        let operation = Operation.table[0x400 + number]
        let access = try memoryAccess()
        // Between the address and the access nothing may use the accumulator: values are in slots before.
        var slots: [Int] = []
        for _ in 0..<operation.valueOperands {
            let (value, height) = pop()
            slots.insert(slot(of: value, at: height), at: 0)
        }
        emitAddress(access, log2: operation.log2, isAtomic: true)
        if operation.family == WASM_FAMILY_ATOMIC_WAIT, !module.memories[access.memory].isShared {
            words.append(UInt64(WASM_unshared_wait.rawValue))
            last = nil
        }
        let fields = Self.fields(0, slots.first ?? 0, slots.count > 1 ? slots[1] : 0)
        if operation.family == WASM_FAMILY_ATOMIC_STORE { return emit(UInt32(operation.first), fields) }
        produce(ValueType(code: operation.result), UInt32(operation.first), fields)
    }
}

extension wasm_operation {
    /// Operands besides the address.
    fileprivate var valueOperands: Int {
        switch family {
        case WASM_FAMILY_ATOMIC_LOAD: 0
        case WASM_FAMILY_ATOMIC_CMPXCHG, WASM_FAMILY_ATOMIC_WAIT: 2
        default: 1
        }
    }
}
