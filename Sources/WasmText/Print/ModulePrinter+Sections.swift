/// The sections but types and code (core, 5.5).
extension ModulePrinter {
    /// Writes the imports.
    mutating func importSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            field("(import")
            write(" \(Identifiers.quoted(try section.name())) \(Identifiers.quoted(try section.name())) (")
            switch try section.byte() {
            case 0:
                write("func\(functions.definition(met.functions)) (type\(types.use(try section.u32())))")
                met.functions += 1
            case 1:
                write("table\(tables.definition(met.tables))")
                try tableType(&section)
                met.tables += 1
            case 2:
                write("memory\(memories.definition(met.memories))")
                try limits(&section)
                met.memories += 1
            case 3:
                write("global\(globals.definition(met.globals)) \(try globalType(&section))")
                met.globals += 1
            case 4:
                write("tag\(tags.definition(met.tags))")
                try tagType(&section)
                met.tags += 1
            default: throw section.error("malformed import kind")
            }
            write("))")
        }
    }

    /// Remembers the functions' types, which are written with their code.
    mutating func functionSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) { functionTypes.append(try section.u32()) }
    }

    /// Writes the tables.
    mutating func tableSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            field("(table\(tables.definition(met.tables))")
            met.tables += 1
            if section.peek() == 0x40 {
                _ = try section.byte()
                guard try section.byte() == 0 else { throw section.error("malformed table") }
                try tableType(&section)
                try expression(&section)
            } else {
                try tableType(&section)
            }
            write(")")
        }
    }

    private mutating func tableType(_ reader: inout BinaryReader) throws(BinaryError) {
        let type = try referenceType(&reader)
        try limits(&reader, isTable: true)
        write(" \(type)")
    }

    /// Writes the memories.
    mutating func memorySection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            field("(memory\(memories.definition(met.memories))")
            met.memories += 1
            try limits(&section)
            write(")")
        }
    }

    private mutating func limits(_ reader: inout BinaryReader, isTable: Bool = false) throws(BinaryError) {
        let flags = try reader.byte()
        guard flags < 0x10, !isTable || flags & 0x0A == 0 else { throw reader.error("malformed limits flags") }
        if flags & 4 != 0 { write(" i64") }
        write(" \(try reader.u64())")
        if flags & 1 != 0 { write(" \(try reader.u64())") }
        if flags & 2 != 0 { write(" shared") }
        if flags & 8 != 0 {
            let log2 = try reader.u32()
            guard log2 < 64 else { throw reader.error("invalid custom page size") }
            write(" (pagesize \(UInt64(1) << UInt64(log2)))")
        }
    }

    /// Writes the tags.
    mutating func tagSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            field("(tag\(tags.definition(met.tags))")
            met.tags += 1
            try tagType(&section)
            write(")")
        }
    }

    private mutating func tagType(_ reader: inout BinaryReader) throws(BinaryError) {
        guard try reader.byte() == 0 else { throw reader.error("malformed tag attribute") }
        write(" (type\(types.use(try reader.u32())))")
    }

    /// Writes the globals.
    mutating func globalSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            field("(global\(globals.definition(met.globals)) \(try globalType(&section))")
            met.globals += 1
            try expression(&section)
            write(")")
        }
    }

    private func globalType(_ reader: inout BinaryReader) throws(BinaryError) -> String {
        let type = try valueType(&reader)
        return try isMutable(&reader) ? "(mut \(type))" : type
    }

    /// Writes the exports.
    mutating func exportSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            field("(export \(Identifiers.quoted(try section.name()))")
            let kind = try section.byte()
            let index = try section.u32()
            switch kind {
            case 0: write(" (func\(functions.use(index))))")
            case 1: write(" (table\(tables.use(index))))")
            case 2: write(" (memory\(memories.use(index))))")
            case 3: write(" (global\(globals.use(index))))")
            case 4: write(" (tag\(tags.use(index))))")
            default: throw section.error("malformed export kind")
            }
        }
    }

    // MARK: Segments

    /// Writes the element segments.
    mutating func elementSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            let flags = try section.u32()
            guard flags < 8 else { throw section.error("malformed elements segment kind") }
            field("(elem\(elements.definition(met.elements))")
            met.elements += 1
            if flags & 1 == 0 {
                if flags & 2 != 0 { write(" (table\(tables.use(try section.u32())))") }
                write(" (offset")
                try expression(&section)
                write(")")
            } else if flags & 2 != 0 {
                write(" declare")
            }
            try elementList(&section, areExpressions: flags & 4 != 0, isTyped: flags & 3 != 0)
            write(")")
        }
    }

    private mutating func elementList(
        _ section: inout BinaryReader, areExpressions: Bool, isTyped: Bool
    ) throws(BinaryError) {
        if areExpressions {
            write(" \(isTyped ? try referenceType(&section) : "funcref")")
            for _ in 0..<(try section.count()) {
                write(" (item")
                try expression(&section)
                write(")")
            }
        } else {
            if isTyped, try section.byte() != 0 { throw section.error("malformed element kind") }
            write(" func")
            for _ in 0..<(try section.count()) { write(functions.use(try section.u32())) }
        }
    }

    /// Writes the data segments.
    mutating func dataSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            let flags = try section.u32()
            guard flags < 3 else { throw section.error("malformed data segment kind") }
            field("(data\(data.definition(met.data))")
            met.data += 1
            let memory = flags == 2 ? try section.u32() : 0
            if memory != 0 { write(" (memory\(memories.use(memory)))") }
            if flags != 1 {
                write(" (offset")
                try expression(&section)
                write(")")
            }
            string(try section.vector())
            write(")")
        }
    }
}
