/// Instructions on references: core, 3.4.5 and 3.4.8.
extension FunctionValidator {
    /// Opcodes 0xD0 to 0xD6.
    mutating func validateReference(_ opcode: UInt8) throws(ModuleError) {
        switch opcode {
        case 0xD0: push(ValueType(try reader.heapType(in: types), isNullable: true))
        case 0xD1:
            _ = try popReference()
            push(.i32)
        case 0xD2:
            let index = try functionIndex()
            guard referenced.contains(index) else { throw invalid("undeclared function reference \(index)") }
            push(ValueType(types.heapType(functions[index]), isNullable: false))
        case 0xD3:
            try pop([.eqref, .eqref])
            push(.i32)
        case 0xD4: push(try popReference().withoutNull)
        case 0xD5:
            let target = try label()
            let type = try popReference()
            try popLabel(target)
            pushLabel(target)
            push(type.withoutNull)
        default:
            let rest = try branchReference(try popReference().withoutNull, to: try label())
            try pop(rest)
            push(rest)
        }
    }

    /// Pops a reference of any type.
    mutating func popReference() throws(ModuleError) -> ValueType {
        let type = try popAny()
        if type == .unknown { return ValueType(.bottom, isNullable: false) }
        guard type.isReference else { throw invalid("type mismatch: expected a reference, found \(type)") }
        return type
    }

    /// Checks that a reference of the given type may be the last value that a branch carries; gives the other values.
    private func branchReference(_ type: ValueType, to target: Control) throws(ModuleError) -> [ValueType] {
        let carried = labelTypes(target)
        guard let last = carried.last, types.hierarchy.matches(type, last) else {
            throw invalid("type mismatch: the label does not take \(type) last")
        }
        return carried.dropLast()
    }

    /// The index of the type of the function that a reference on the stack refers to.
    mutating func referencedFunction() throws(ModuleError) -> Int {
        let index = try functionTypeIndex()
        try pop(ValueType(types.heapType(index), isNullable: true))
        return index
    }

    // MARK: - Casts

    mutating func validateTest(isNullable: Bool, isCast: Bool) throws(ModuleError) {
        let type = ValueType(try reader.heapType(in: types), isNullable: isNullable)
        try pop(ValueType(types.hierarchy.root(of: type.heapType), isNullable: true))
        push(isCast ? type : .i32)
    }

    mutating func validateBranchOnCast(whenFailed: Bool) throws(ModuleError) {
        let flags = try reader.byte()
        guard flags < 4 else { throw ModuleError(.malformed, "malformed br_on_cast flags", at: reader.offset - 1) }
        let target = try label()
        let from = ValueType(try reader.heapType(in: types), isNullable: flags & 1 != 0)
        let to = ValueType(try reader.heapType(in: types), isNullable: flags & 2 != 0)
        guard types.hierarchy.matches(to, from) else {
            throw invalid("type mismatch: a cast from \(from) to \(to), which is no subtype of it")
        }
        // What is left when the cast fails: null too, unless it would have succeeded.
        let difference = to.isNullable ? from.withoutNull : from
        let rest = try branchReference(whenFailed ? difference : to, to: target)
        try pop(from)
        try pop(rest)
        push(rest)
        push(whenFailed ? to : difference)
    }
}
