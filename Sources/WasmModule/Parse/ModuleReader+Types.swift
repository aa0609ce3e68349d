extension ModuleReader {
    /// The type section (core, 5.5.4): recursive groups, of which most have one member and are written without saying so.
    mutating func readTypes() throws(ModuleError) {
        let count = try reader.count()
        try check(count, of: "types", atMost: ImplementationLimits.types)
        for _ in 0..<count {
            let place = reader.offset
            var group: [DefinedType] = []
            if try reader.peek() == 0x4E {
                reader.offset += 1
                let members = try reader.count()
                try check(types.count + members, of: "types", atMost: ImplementationLimits.types)
                let indices = types.count..<types.count + members
                group.reserveCapacity(members)
                for _ in 0..<members { group.append(try readDefinedType(in: indices)) }
            } else {
                group.append(try readDefinedType(in: types.count..<types.count + 1))
            }
            if let (position, reason) = types.problem(in: group) {
                throw invalid("\(reason) (type \(types.count + position))", at: place)
            }
            types.define(group)
        }
    }

    /// One member of the group with these indices (core, 5.3.9).
    private mutating func readDefinedType(in group: Range<Int>) throws(ModuleError) -> DefinedType {
        let code = try reader.peek()
        guard code == 0x50 || code == 0x4F else { return DefinedType(try readCompositeType(in: group)) }
        reader.offset += 1
        let place = reader.offset
        var supertype: HeapType?
        let count = try reader.count()
        guard count <= 1 else { throw invalid("sub type with \(count) super types: one is the most", at: place) }
        if count == 1 {
            let index = Int(try reader.u32())
            if index < types.count {
                supertype = types.heapType(index)
            } else if group.contains(index) {
                supertype = .member(index - group.lowerBound)
            } else {
                throw invalid("unknown type \(index)", at: place)
            }
        }
        return DefinedType(try readCompositeType(in: group), supertype: supertype, isFinal: code == 0x4F)
    }

    private mutating func readCompositeType(in group: Range<Int>) throws(ModuleError) -> CompositeType {
        let place = reader.offset
        switch try reader.byte() {
        case 0x60:
            let parameters = try readTypeList(in: group)
            let results = try readTypeList(in: group)
            try check(parameters.count, of: "parameters", atMost: ImplementationLimits.parameters)
            try check(results.count, of: "results", atMost: ImplementationLimits.results)
            return .function(FunctionType(parameters, results))
        case 0x5F:
            let count = try reader.count(minimumSize: 2)
            try check(count, of: "fields of a structure", atMost: ImplementationLimits.fields)
            var fields: [FieldType] = []
            fields.reserveCapacity(count)
            for _ in 0..<count { fields.append(try readFieldType(in: group)) }
            return .structure(fields)
        case 0x5E: return .array(try readFieldType(in: group))
        default: throw reader.malformed("integer representation too long, or not a type definition", at: place)
        }
    }

    private mutating func readTypeList(in group: Range<Int>) throws(ModuleError) -> [ValueType] {
        let count = try reader.count()
        var list: [ValueType] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try reader.valueType(in: types, group: group)) }
        return list
    }

    private mutating func readFieldType(in group: Range<Int>) throws(ModuleError) -> FieldType {
        let storage: StorageType
        switch try reader.peek() {
        case 0x78:
            storage = .i8
            reader.offset += 1
        case 0x77:
            storage = .i16
            reader.offset += 1
        default: storage = .value(try reader.valueType(in: types, group: group))
        }
        return FieldType(storage, isMutable: try readMutability())
    }

    mutating func readMutability() throws(ModuleError) -> Bool {
        let place = reader.offset
        switch try reader.byte() {
        case 0: return false
        case 1: return true
        default: throw reader.malformed("malformed mutability", at: place)
        }
    }

    // MARK: - Types of what a module has

    /// The index of a function type.
    mutating func readTypeIndex() throws(ModuleError) -> Int {
        let place = reader.offset
        let index = Int(try reader.u32())
        guard index < types.count else { throw invalid("unknown type \(index)", at: place) }
        guard types.function(index) != nil else { throw invalid("type \(index) is not a function type", at: place) }
        return index
    }

    mutating func readTableType() throws(ModuleError) -> TableType {
        let element = try reader.referenceType(in: types)
        let place = reader.offset
        let flags = try reader.byte()
        guard flags & ~0b101 == 0 else { throw reader.malformed("malformed limits flags", at: place) }
        let address: AddressType = flags & 4 != 0 ? .i64 : .i32
        let limits = try readLimits(flags, address, of: "table", atMost: address == .i32 ? UInt64(UInt32.max) : .max)
        return TableType(element: element, limits: limits, address: address)
    }

    /// Bit 0 of the flags: there is a maximum; 1: shared; 2: 64-bit addresses; 3: pages of another size.
    mutating func readMemoryType() throws(ModuleError) -> MemoryType {
        let place = reader.offset
        let flags = try reader.byte()
        guard flags < 16 else { throw reader.malformed("malformed limits flags", at: place) }
        let address: AddressType = flags & 4 != 0 ? .i64 : .i32
        guard flags & 3 != 2 else { throw invalid("shared memory must have maximum", at: place) }
        let limits = try readLimits(flags, address, of: "memory", atMost: nil)
        var pageLog2: UInt8 = 16
        if flags & 8 != 0 {
            let sizePlace = reader.offset
            let log2 = try reader.u32()
            guard log2 < 64 else { throw reader.malformed("malformed custom page size 2^\(log2)", at: sizePlace) }
            guard log2 == 0 || log2 == 16 else {
                throw invalid("invalid custom page size 2^\(log2): it is 1 or 65536", at: sizePlace)
            }
            pageLog2 = UInt8(log2)
        }
        let type = MemoryType(limits: limits, address: address, isShared: flags & 2 != 0, pageLog2: pageLog2)
        guard limits.minimum <= type.mostPages, (limits.maximum ?? 0) <= type.mostPages else {
            throw invalid("memory size must be at most \(type.mostPages) pages", at: place)
        }
        return type
    }

    private mutating func readLimits(
        _ flags: UInt8, _ address: AddressType, of what: String, atMost bound: UInt64?
    ) throws(ModuleError) -> Limits {
        let place = reader.offset
        let minimum = address == .i32 ? UInt64(try reader.u32()) : try reader.u64()
        var maximum: UInt64?
        if flags & 1 != 0 { maximum = address == .i32 ? UInt64(try reader.u32()) : try reader.u64() }
        if let maximum, maximum < minimum {
            throw invalid("size minimum must not be greater than maximum", at: place)
        }
        if let bound, minimum > bound { throw invalid("\(what) size must be at most \(bound)", at: place) }
        return Limits(minimum: minimum, maximum: maximum)
    }

    mutating func readGlobalType() throws(ModuleError) -> GlobalType {
        let value = try reader.valueType(in: types)
        return GlobalType(value: value, isMutable: try readMutability())
    }
}
