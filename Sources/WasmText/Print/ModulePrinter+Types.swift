/// The type section, and types wherever they stand (core, 5.3).
extension ModulePrinter {
    /// Writes the types.
    mutating func typeSection(_ section: inout BinaryReader) throws(BinaryError) {
        for _ in 0..<(try section.count()) {
            if section.peek() == 0x4E {
                _ = try section.byte()
                field("(rec")
                for _ in 0..<(try section.count()) {
                    write("\n    ")
                    try typeDefinition(&section)
                }
                write(")")
            } else {
                write("\n  ")
                try typeDefinition(&section)
            }
        }
    }

    private mutating func typeDefinition(_ reader: inout BinaryReader) throws(BinaryError) {
        let index = UInt32(signatures.count)
        write("(type\(types.definition(index)) ")
        var isSub = false
        if let kind = reader.peek(), kind == 0x50 || kind == 0x4F {
            _ = try reader.byte()
            let supertypes = try reader.count()
            // A final type without supertypes is what a plain one means.
            isSub = kind == 0x50 || supertypes > 0
            if isSub { write(kind == 0x4F ? "(sub final" : "(sub") }
            for _ in 0..<supertypes { write(types.use(try reader.u32())) }
            if isSub { write(" ") }
        }
        try compositeType(index, &reader)
        write(isSub ? "))" : ")")
    }

    private mutating func compositeType(_ index: UInt32, _ reader: inout BinaryReader) throws(BinaryError) {
        switch try reader.byte() {
        case 0x60:
            let parameters = try valueTypes(&reader)
            let results = try valueTypes(&reader)
            signatures.append((parameters, results))
            write("(func")
            list("param", parameters)
            list("result", results)
            write(")")
        case 0x5F:
            signatures.append(nil)
            write("(struct")
            for field in 0..<(try reader.count()) {
                write(" (field\(fields[index]?.name(UInt32(field)) ?? "") \(try fieldType(&reader)))")
            }
            write(")")
        case 0x5E:
            signatures.append(nil)
            write("(array \(try fieldType(&reader)))")
        default: throw reader.error("malformed type")
        }
    }

    /// ` (param i32 i64)`, or nothing where there are none.
    mutating func list(_ word: String, _ types: [String]) {
        guard !types.isEmpty else { return }
        write(" (\(word)")
        for type in types { write(" \(type)") }
        write(")")
    }

    private func fieldType(_ reader: inout BinaryReader) throws(BinaryError) -> String {
        let type: String
        switch reader.peek() {
        case 0x78:
            _ = try reader.byte()
            type = "i8"
        case 0x77:
            _ = try reader.byte()
            type = "i16"
        default: type = try valueType(&reader)
        }
        return try isMutable(&reader) ? "(mut \(type))" : type
    }

    /// Reads whether something can be changed.
    func isMutable(_ reader: inout BinaryReader) throws(BinaryError) -> Bool {
        switch try reader.byte() {
        case 0: false
        case 1: true
        default: throw reader.error("malformed mutability")
        }
    }

    /// Reads a vector of value types.
    func valueTypes(_ reader: inout BinaryReader) throws(BinaryError) -> [String] {
        var types: [String] = []
        for _ in 0..<(try reader.count()) { types.append(try valueType(&reader)) }
        return types
    }

    /// Reads a value type.
    func valueType(_ reader: inout BinaryReader) throws(BinaryError) -> String {
        switch reader.peek() {
        case 0x7F: return try taking("i32", &reader)
        case 0x7E: return try taking("i64", &reader)
        case 0x7D: return try taking("f32", &reader)
        case 0x7C: return try taking("f64", &reader)
        case 0x7B: return try taking("v128", &reader)
        default: return try referenceType(&reader)
        }
    }

    private func taking(_ word: String, _ reader: inout BinaryReader) throws(BinaryError) -> String {
        _ = try reader.byte()
        return word
    }

    /// Reads a reference type.
    func referenceType(_ reader: inout BinaryReader) throws(BinaryError) -> String {
        let byte = try reader.byte()
        if byte == 0x63, let short = Self.abstractHeapType(Int64(reader.peek() ?? 0) - 0x80) {
            // The same, longer than need be.
            _ = try reader.byte()
            return short.reference
        }
        if byte == 0x63 || byte == 0x64 {
            return "(ref\(byte == 0x63 ? " null" : "")\(try heapType(&reader)))"
        }
        guard let word = Self.abstractHeapType(Int64(byte) - 0x80) else {
            throw reader.error("malformed reference type")
        }
        return word.reference
    }

    /// ` func`, or ` 7`.
    func heapType(_ reader: inout BinaryReader) throws(BinaryError) -> String {
        let number = try reader.signed()
        if number >= 0, let index = UInt32(exactly: number) { return types.use(index) }
        guard let word = Self.abstractHeapType(number) else { throw reader.error("malformed heap type") }
        return " \(word.heap)"
    }

    /// The names of an abstract heap type, and of the type of references to it, null among them.
    private static func abstractHeapType(_ number: Int64) -> (heap: String, reference: String)? {
        switch number & 0x7F {
        case _ where number < -0x40 || number >= 0: nil
        case 0x70: ("func", "funcref")
        case 0x6F: ("extern", "externref")
        case 0x6E: ("any", "anyref")
        case 0x6D: ("eq", "eqref")
        case 0x6C: ("i31", "i31ref")
        case 0x6B: ("struct", "structref")
        case 0x6A: ("array", "arrayref")
        case 0x69: ("exn", "exnref")
        case 0x71: ("none", "nullref")
        case 0x72: ("noextern", "nullexternref")
        case 0x73: ("nofunc", "nullfuncref")
        case 0x74: ("noexn", "nullexnref")
        default: nil
        }
    }
}
