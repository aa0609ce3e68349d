/// Writes a binary module as text: a field for everything, in the order of the sections, so that all indices stay.
struct ModulePrinter {
    let bytes: [UInt8]
    var text: [UInt8] = []

    // names
    var names = BinaryNames()
    var hints = BranchHints()
    var types: Identifiers
    var functions: Identifiers
    var tables: Identifiers
    var memories: Identifiers
    var globals: Identifiers
    var tags: Identifiers
    var elements: Identifiers
    var data: Identifiers
    var fields: [UInt32: Identifiers] = [:]

    // what earlier sections say
    /// By type's index, where it is a function type: its parameters and results.
    var signatures: [(parameters: [String], results: [String])?] = []
    /// Of each function that the module defines, its type's index.
    var functionTypes: [UInt32] = []
    var met = FieldCounts()
    var labels: [PrintedLabel] = []
    /// Custom sections that are told by names and annotations instead.
    private var told: Set<Int> = []

    /// A printer of a module; throws where the bytes do not begin like one.
    init(_ bytes: [UInt8]) throws(BinaryError) {
        self.bytes = bytes
        let none = Identifiers([:])
        (types, functions, tables, memories) = (none, none, none, none)
        (globals, tags, elements, data) = (none, none, none, none)
        guard bytes.starts(with: [0x00, 0x61, 0x73, 0x6D]) else {
            throw BinaryError("magic header not detected: these bytes are no WebAssembly module", at: 0)
        }
        guard bytes.count >= 8, bytes[4..<8].elementsEqual([1, 0, 0, 0]) else {
            throw BinaryError("unknown binary version: only modules of version 1 can be written as text", at: 4)
        }
    }

    /// The module's text.
    mutating func print() throws(BinaryError) -> [UInt8] {
        try learnNames()
        text.reserveCapacity(bytes.count * 4)
        write("(module")
        if let module = names.module { write(" (@name \(Identifiers.quoted(module)))") }
        var place = CustomSection.Place.first
        var written = CustomSection.Place.first
        var reader = BinaryReader(bytes, 8..<bytes.count)
        while !reader.isAtEnd {
            let start = reader.offset
            let id = try reader.byte()
            var section = try reader.part()
            if id == 0 {
                if !told.contains(start) { try customSection(&section, behind: written) }
                continue
            }
            guard let next = Self.place(of: id) else { throw BinaryError("malformed section id \(id)", at: start) }
            guard next.rawValue > place.rawValue else {
                throw BinaryError("unexpected content after last section: section \(id) is too late", at: start)
            }
            place = next
            // Sections of nothing will not be there again.
            if section.peek() != 0 || next == .start || next == .datacount { written = next }
            try print(id, &section)
            guard section.isAtEnd else { throw section.error("section size mismatch") }
        }
        guard functionTypes.isEmpty else {
            throw reader.error("function and code section have inconsistent lengths")
        }
        write("\n)\n")
        return text
    }

    private static func place(of id: UInt8) -> CustomSection.Place? {
        let places: [CustomSection.Place] = [
            .first, .type, .import, .func, .table, .memory, .global, .export, .start, .elem, .code, .data, .datacount,
            .tag,
        ]
        return Int(id) < places.count ? places[Int(id)] : nil
    }

    private mutating func print(_ id: UInt8, _ section: inout BinaryReader) throws(BinaryError) {
        switch id {
        case 1: try typeSection(&section)
        case 2: try importSection(&section)
        case 3: try functionSection(&section)
        case 4: try tableSection(&section)
        case 5: try memorySection(&section)
        case 6: try globalSection(&section)
        case 7: try exportSection(&section)
        case 8: field("(start\(functions.use(try section.u32())))")
        case 9: try elementSection(&section)
        case 10: try codeSection(&section)
        case 11: try dataSection(&section)
        case 12: _ = try section.u32()
        case 13: try tagSection(&section)
        default: break
        }
    }

    // MARK: Custom sections

    /// Reads the sections with names and hints; one that is malformed is left as it is.
    private mutating func learnNames() throws(BinaryError) {
        var reader = BinaryReader(bytes, 8..<bytes.count)
        while !reader.isAtEnd {
            let start = reader.offset
            let id = try reader.byte()
            var section = try reader.part()
            guard id == 0 else { continue }
            do {
                let name = try section.name()
                if name == Array("name".utf8) {
                    names = try BinaryNames(section)
                } else if name == Array("metadata.code.branch_hint".utf8) {
                    hints = try BranchHints(section)
                } else {
                    continue
                }
                told.insert(start)
            } catch {}
        }
        let counts = try BinaryCounts(bytes)
        types = Identifiers(names.types, count: UInt32(counts.fields.count))
        functions = Identifiers(names.functions, count: counts.functions)
        tables = Identifiers(names.tables, count: counts.tables)
        memories = Identifiers(names.memories, count: counts.memories)
        globals = Identifiers(names.globals, count: counts.globals)
        tags = Identifiers(names.tags, count: counts.tags)
        elements = Identifiers(names.elements, count: counts.elements)
        data = Identifiers(names.data, count: counts.data)
        for (type, names) in names.fields where Int(type) < counts.fields.count {
            fields[type] = Identifiers(names, count: counts.fields[Int(type)])
        }
    }

    private mutating func customSection(
        _ section: inout BinaryReader, behind place: CustomSection.Place
    ) throws(BinaryError) {
        field("(@custom \(Identifiers.quoted(try section.name()))")
        write(place == .first ? " (before first)" : " (after \(place))")
        string(try section.take(section.end - section.offset))
        write(")")
    }

    // MARK: Writing

    /// Writes a text as it is.
    mutating func write(_ string: String) { text.append(contentsOf: string.utf8) }

    /// Writes the beginning of a field, or a whole one, on a line of its own.
    mutating func field(_ string: String) {
        write("\n  ")
        write(string)
    }

    /// Writes bytes as a string.
    mutating func string(_ bytes: ArraySlice<UInt8>) {
        write(" \"")
        for byte in bytes { Identifiers.append(byte, to: &text, isText: false) }
        write("\"")
    }
}
