/// What stands behind an instruction's opcode.
extension ModulePrinter {
    /// Reads an instruction's immediates and writes them.
    mutating func immediates(
        _ kind: Immediates, _ opcode: UInt32, _ code: InstructionCode, _ reader: inout BinaryReader,
        _ locals: Identifiers
    ) throws(BinaryError) {
        switch kind {
        case .none, .else, .end, .catchAll, .block, .tryTable, .delegate: break
        case .fence: _ = try reader.byte()
        case .catch, .tag: write(tags.use(try reader.u32()))
        case .label: try label(&reader)
        case .labels:
            for _ in 0...(try reader.count()) { try label(&reader) }
        case .function: write(functions.use(try reader.u32()))
        case .callIndirect:
            let type = try reader.u32()
            let table = try reader.u32()
            write("\(table == 0 ? "" : tables.use(table)) (type\(types.use(type)))")
        case .type: write(types.use(try reader.u32()))
        case .select:
            if opcode == 0x1C { write(" (result\(try valueTypes(&reader).map { " \($0)" }.joined()))") }
        case .local: write(locals.use(try reader.u32()))
        case .global: write(globals.use(try reader.u32()))
        case .element: write(elements.use(try reader.u32()))
        case .data: write(data.use(try reader.u32()))
        case .table: write(tables.use(try reader.u32()))
        case .memory:
            let memory = try reader.u32()
            if memory != 0 { write(memories.use(memory)) }
        case .tableTable, .memoryMemory:
            let first = try reader.u32()
            let second = try reader.u32()
            if first | second != 0 {
                write(
                    kind == .tableTable
                        ? tables.use(first) + tables.use(second) : memories.use(first) + memories.use(second))
            }
        case .tableElement, .memoryData:
            let segment = try reader.u32()
            let target = try reader.u32()
            if target != 0 { write(kind == .tableElement ? tables.use(target) : memories.use(target)) }
            write(kind == .tableElement ? elements.use(segment) : data.use(segment))
        case .access, .accessLane:
            try access(code, &reader)
            if kind == .accessLane { write(" \(try reader.byte())") }
        case .lane: write(" \(try reader.byte())")
        case .shuffle:
            for lane in try reader.take(16) { write(" \(lane)") }
        case .i32:
            guard let number = Int32(exactly: try reader.signed()) else { throw reader.error("integer too large") }
            write(" \(number)")
        case .i64: write(" \(try reader.signed())")
        case .f32: write(Self.float(try reader.littleEndian(4), .single))
        case .f64: write(Self.float(try reader.littleEndian(8), .double))
        case .v128:
            write(" i32x4")
            for _ in 0..<4 { write(" 0x" + String(try reader.littleEndian(4), radix: 16)) }
        case .heapType: write(try heapType(&reader))
        case .castTest: write(" (ref\(try heapType(&reader)))")
        case .castTestNull: write(" (ref null\(try heapType(&reader)))")
        case .branchOnCast: try branchOnCast(&reader)
        case .field, .typeType, .typeData, .typeElement, .typeCount: try aggregate(kind, &reader)
        }
    }

    private mutating func branchOnCast(_ reader: inout BinaryReader) throws(BinaryError) {
        let flags = try reader.byte()
        guard flags < 4 else { throw reader.error("malformed br_on_cast flags") }
        try label(&reader)
        write(" (ref\(flags & 1 == 0 ? "" : " null")\(try heapType(&reader)))")
        write(" (ref\(flags & 2 == 0 ? "" : " null")\(try heapType(&reader)))")
    }

    private mutating func aggregate(_ kind: Immediates, _ reader: inout BinaryReader) throws(BinaryError) {
        let type = try reader.u32()
        let second = try reader.u32()
        write(types.use(type))
        switch kind {
        case .field: write(fields[type]?.use(second) ?? " \(second)")
        case .typeType: write(types.use(second))
        case .typeData: write(data.use(second))
        case .typeElement: write(elements.use(second))
        default: write(" \(second)")
        }
    }

    private mutating func access(_ code: InstructionCode, _ reader: inout BinaryReader) throws(BinaryError) {
        let flags = try reader.u32()
        guard flags < 0x80 else { throw reader.error("malformed memop flags") }
        if flags & 0x40 != 0 {
            let memory = try reader.u32()
            if memory != 0 { write(memories.use(memory)) }
        }
        let offset = try reader.u64()
        if offset != 0 { write(" offset=\(offset)") }
        let alignment = flags & 0x3F
        if alignment != UInt32(code.naturalAlignment) { write(" align=\(UInt64(1) << UInt64(alignment))") }
    }

    /// A float's shortest decimal text that gives it back, or its NaN's payload.
    private static func float(_ bits: UInt64, _ format: FloatFormat) -> String {
        let payload = bits & (format.hiddenBit - 1)
        guard bits & format.infinity == format.infinity, payload != 0 else {
            return format == .single
                ? " \(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))" : " \(Double(bitPattern: bits))"
        }
        let sign = bits & format.signBit == 0 ? "" : "-"
        return payload == format.quietBit ? " \(sign)nan" : " \(sign)nan:0x\(String(payload, radix: 16))"
    }
}
