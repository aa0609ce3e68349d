extension ModuleReader {
    /// The element section (core, 5.5.12). Bit 0 of a segment's flags: not active; bit 1: a table index or, when
    /// not active, declarative; bit 2: expressions instead of function indices.
    mutating func readElements() throws(ModuleError) {
        let count = try reader.count(minimumSize: 2)
        try check(count, of: "element segments", atMost: ImplementationLimits.elementSegments)
        for _ in 0..<count {
            let place = reader.offset
            let flags = try reader.u32()
            guard flags < 8 else { throw reader.malformed("malformed elements segment kind", at: place) }
            let mode = try readElementMode(flags, at: place)
            let type = try readElementType(flags)
            if case .active(let table, _) = mode, !types.hierarchy.matches(type, tables[table].element) {
                throw invalid("type mismatch: a segment of \(type) for a table of \(tables[table].element)", at: place)
            }
            let values = try flags & 4 != 0 ? readElementExpressions(type) : readElementFunctions()
            elements.append(Module.ElementSegment(type: type, values: values, mode: mode))
        }
    }

    private mutating func readElementMode(_ flags: UInt32, at place: Int) throws(ModuleError) -> Module.SegmentMode {
        guard flags & 1 == 0 else { return flags & 2 == 0 ? .passive : .declarative }
        let table = flags & 2 != 0 ? Int(try reader.u32()) : 0
        guard table < tables.count else { throw invalid("unknown table \(table)", at: place) }
        return .active(index: table, offset: try readConstant(tables[table].address.value))
    }

    private mutating func readElementType(_ flags: UInt32) throws(ModuleError) -> ValueType {
        if flags & 7 == 0 { return ValueType(.function, isNullable: false) }
        if flags & 7 == 4 { return .funcref }
        if flags & 4 != 0 { return try reader.referenceType(in: types) }
        guard try reader.byte() == 0 else { throw reader.malformed("malformed element kind") }
        return ValueType(.function, isNullable: false)
    }

    private mutating func readElementExpressions(_ type: ValueType) throws(ModuleError) -> Module.ElementValues {
        var values: [ConstantExpression] = []
        for _ in 0..<(try reader.count(minimumSize: 2)) { values.append(try readConstant(type)) }
        return .expressions(values)
    }

    private mutating func readElementFunctions() throws(ModuleError) -> Module.ElementValues {
        let count = try reader.count()
        var values: [UInt32] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let index = try reader.u32()
            guard Int(index) < functions.count else { throw invalid("unknown function \(index)") }
            referenced.insert(Int(index))
            values.append(index)
        }
        return .functions(values)
    }
}
