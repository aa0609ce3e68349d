internal import CWasmInterpreter

/// Accesses of tables. Instructions take indices of 32 bits, which is more than a table has elements; those of 64 are
/// clamped beforehand.
extension FunctionTranslator {
    private func isWide(_ table: UInt32) -> Bool { module.tables[Int(table)].address == .i64 }

    /// `table.get` and `table.set`.
    mutating func translateTableAccess(_ opcode: UInt8) throws(ModuleError) {
        let table = try reader.u32()
        let clamped = isWide(table) ? [0] : []
        if opcode == 0x26 { return translateFromSlots(2, WASM_table_set, wide: table, clamped: clamped) }
        translateFromSlots(
            1, WASM_table_get, wide: table, clamped: clamped, result: module.tables[Int(table)].element)
    }

    /// 0xFC 12 to 17.
    mutating func translateBulkTable(_ number: UInt32) throws(ModuleError) {
        switch number {
        case 12:
            let segment = UInt64(try reader.u32())
            let table = try reader.u32()
            translateFromSlots(
                3, WASM_table_init, wide: 0, word: UInt64(table) | segment << 32, clamped: isWide(table) ? [0] : [])
        case 13: emit(WASM_elem_drop, Self.fields(0, 0, wide: try reader.u32()))
        case 14:
            let target = try reader.u32()
            let source = try reader.u32()
            let wide = [isWide(target), isWide(source), isWide(target) && isWide(source)]
            translateFromSlots(
                3, WASM_table_copy, wide: 0, word: UInt64(target) | UInt64(source) << 32,
                clamped: wide.indices.filter { wide[$0] })
        case 15:
            let table = try reader.u32()
            guard isWide(table) else { return translateFromSlots(2, WASM_table_grow, wide: table, result: .i32) }
            translateFromSlots(2, WASM_table_grow, wide: table, clamped: [1], result: .i64)
            emit(WASM_extend_failure, Self.fields(home(operands.count - 1)))
        case 16:
            let table = try reader.u32()
            produceAtHome(module.tables[Int(table)].address.value, WASM_table_size, wide: table)
        default:
            let table = try reader.u32()
            translateFromSlots(3, WASM_table_fill, wide: table, clamped: isWide(table) ? [0, 2] : [])
        }
    }

    /// Makes the 64-bit index in a slot one of 32 bits.
    mutating func clamp(_ slot: Int) {
        forget(slot: slot)
        emit(WASM_clamp_index, Self.fields(slot))
    }

    /// The same for the operand on top of the stack, where `table` has 64-bit indices.
    mutating func clampTop(for table: Int) {
        guard isWide(UInt32(table)) else { return }
        settle(operands.count - 1)
        clamp(home(operands.count - 1))
    }
}
