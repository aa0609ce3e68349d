/// Reads a module section by section (core, 5.5) and validates as it goes (core, 3.5): when a section's turn
/// comes, all that it may refer to has been read.
struct ModuleReader {
    var reader: ByteReader

    var types = ModuleTypes()
    var imports: [Module.Import] = []
    var functions: [Int] = []
    var tables: [TableType] = []
    var memories: [MemoryType] = []
    var globals: [GlobalType] = []
    var tags: [Int] = []
    var exports: [Module.Export] = []
    var start: Int?
    var bodies: [Module.Body] = []
    var definedTables: [Module.Table] = []
    var definedGlobals: [Module.Global] = []
    var elements: [Module.ElementSegment] = []
    var data: [Module.DataSegment] = []
    var customSections: [Module.CustomSection] = []

    /// Functions that the module has bodies for, by the function section.
    var declaredBodies = 0
    var importedGlobals = 0
    var dataCount: Int?
    /// Functions that `ref.func` in a body may name: those named elsewhere in the module (core, C.refs).
    var referenced: Set<Int> = []

    init(_ bytes: [UInt8]) { reader = ByteReader(bytes) }

    mutating func read() throws(ModuleError) {
        guard reader.bytes.count <= ImplementationLimits.moduleBytes else {
            throw ModuleError(.limit, "it is longer than \(ImplementationLimits.moduleBytes) bytes", at: 0)
        }
        try readPreamble()
        var last = 0
        while !reader.isAtEnd {
            let place = reader.offset
            let id = try reader.byte()
            let size = Int(try reader.u32())
            guard size <= reader.bytes.count - reader.offset else {
                throw reader.malformed("unexpected end: the section's length goes past the end", at: place)
            }
            let end = reader.offset + size
            let fileEnd = reader.end
            reader.end = end
            if id == 0 {
                try readCustomSection()
            } else {
                guard let order = Self.order(of: id) else {
                    throw reader.malformed("malformed section id \(id)", at: place)
                }
                guard order > last else {
                    throw reader.malformed("unexpected content after last section, or sections out of order", at: place)
                }
                last = order
                try readSection(id)
                guard reader.offset == end else {
                    throw reader.malformed("section size mismatch", at: place)
                }
            }
            reader.end = fileEnd
        }
        guard bodies.count == declaredBodies else {
            throw reader.malformed("function and code section have inconsistent lengths")
        }
        if let dataCount, dataCount != data.count {
            throw reader.malformed("data count and data section have inconsistent lengths")
        }
    }

    private mutating func readPreamble() throws(ModuleError) {
        guard reader.bytes.count >= 4, Array(reader.bytes[0..<4]) == [0, 0x61, 0x73, 0x6D] else {
            throw reader.malformed("magic header not detected: not a WebAssembly binary")
        }
        reader.offset = 4
        let version = try reader.bits32()
        guard version != 0x0001_000D else {
            throw ModuleError(.unsupported("component-model"), "this is a component, not a core module", at: 4)
        }
        guard version == 1 else { throw reader.malformed("unknown binary version", at: 4) }
    }

    /// Where a section stands: the data count section is before the code section, the tag section after memories.
    private static func order(of id: UInt8) -> Int? {
        switch id {
        case 1...5: Int(id)
        case 13: 6
        case 6...9: Int(id) + 1
        case 12: 11
        case 10: 12
        case 11: 13
        default: nil
        }
    }

    private mutating func readSection(_ id: UInt8) throws(ModuleError) {
        switch id {
        case 1: try readTypes()
        case 2: try readImports()
        case 3: try readFunctions()
        case 4: try readTables()
        case 5: try readMemories()
        case 6: try readGlobals()
        case 7: try readExports()
        case 8: try readStart()
        case 9: try readElements()
        case 10: try readCode()
        case 11: try readData()
        case 12: dataCount = Int(try reader.u32())
        default: try readTags()
        }
    }

    private mutating func readCustomSection() throws(ModuleError) {
        let name = try reader.name()
        customSections.append(Module.CustomSection(name: name, range: reader.offset..<reader.end))
        reader.offset = reader.end
    }

    // MARK: - Errors

    func invalid(_ reason: String, at place: Int? = nil) -> ModuleError {
        ModuleError(.invalid, reason, at: place ?? reader.offset)
    }

    func unsupported(_ feature: String, _ reason: String, at place: Int? = nil) -> ModuleError {
        ModuleError(.unsupported(feature), reason, at: place ?? reader.offset)
    }

    func check(_ count: Int, of what: String, atMost limit: Int) throws(ModuleError) {
        guard count <= limit else {
            throw ModuleError(.limit, "\(count) \(what), and \(limit) is the most", at: reader.offset)
        }
    }

    // MARK: - What the module has

    private mutating func readImports() throws(ModuleError) {
        let count = try reader.count(minimumSize: 4)
        try check(count, of: "imports", atMost: ImplementationLimits.imports)
        for _ in 0..<count {
            let module = try reader.name()
            let name = try reader.name()
            let place = reader.offset
            let type: ExternalType
            switch try reader.byte() {
            case 0:
                let index = try readTypeIndex()
                functions.append(index)
                type = .function(type: index)
            case 1:
                let table = try readTableType()
                tables.append(table)
                type = .table(table)
            case 2:
                let memory = try readMemoryType()
                memories.append(memory)
                type = .memory(memory)
            case 3:
                let global = try readGlobalType()
                globals.append(global)
                importedGlobals += 1
                type = .global(global)
            case 4:
                let index = try readTagType()
                tags.append(index)
                type = .tag(type: index)
            default: throw reader.malformed("malformed import kind", at: place)
            }
            imports.append(Module.Import(module: module, name: name, type: type))
        }
    }

    private mutating func readFunctions() throws(ModuleError) {
        let count = try reader.count()
        try check(functions.count + count, of: "functions", atMost: ImplementationLimits.functions)
        functions.reserveCapacity(functions.count + count)
        for _ in 0..<count { functions.append(try readTypeIndex()) }
        declaredBodies = count
    }

    private mutating func readTables() throws(ModuleError) {
        let count = try reader.count(minimumSize: 3)
        for _ in 0..<count {
            var value: ConstantExpression?
            if try reader.peek() == 0x40 {
                reader.offset += 1
                guard try reader.byte() == 0 else { throw reader.malformed("malformed table") }
                let type = try readTableType()
                value = try readConstant(type.element)
                definedTables.append(Module.Table(type: type, value: value))
                tables.append(type)
            } else {
                let place = reader.offset
                let type = try readTableType()
                guard type.element.isDefaultable else {
                    throw invalid("type mismatch: a table of \(type.element) must say what its elements are", at: place)
                }
                definedTables.append(Module.Table(type: type, value: nil))
                tables.append(type)
            }
            try check(tables.count, of: "tables", atMost: ImplementationLimits.tables)
        }
    }

    private mutating func readMemories() throws(ModuleError) {
        let count = try reader.count(minimumSize: 2)
        for _ in 0..<count { memories.append(try readMemoryType()) }
        try check(memories.count, of: "memories", atMost: ImplementationLimits.memories)
    }

    private mutating func readTags() throws(ModuleError) {
        for _ in 0..<(try reader.count(minimumSize: 2)) { tags.append(try readTagType()) }
        try check(tags.count, of: "tags", atMost: ImplementationLimits.tags)
    }

    /// A tag's type (core, 5.3.17): a function type without results.
    private mutating func readTagType() throws(ModuleError) -> Int {
        guard try reader.byte() == 0 else { throw reader.malformed("malformed tag attribute", at: reader.offset - 1) }
        let place = reader.offset
        let index = try readTypeIndex()
        guard types.function(index)?.results.isEmpty == true else {
            throw invalid("non-empty tag result type", at: place)
        }
        return index
    }

    private mutating func readGlobals() throws(ModuleError) {
        let count = try reader.count(minimumSize: 3)
        try check(globals.count + count, of: "globals", atMost: ImplementationLimits.globals)
        for _ in 0..<count {
            let type = try readGlobalType()
            definedGlobals.append(Module.Global(type: type, value: try readConstant(type.value)))
            globals.append(type)
        }
    }

    private mutating func readExports() throws(ModuleError) {
        let count = try reader.count(minimumSize: 3)
        try check(count, of: "exports", atMost: ImplementationLimits.exports)
        // By bytes: two spellings of one character are two names.
        var names: Set<[UInt8]> = []
        for _ in 0..<count {
            let place = reader.offset
            let name = try reader.name()
            let kindPlace = reader.offset
            let code = try reader.byte()
            guard let kind = Module.Export.Kind(rawValue: code) else {
                throw reader.malformed("malformed export kind", at: kindPlace)
            }
            let index = Int(try reader.u32())
            let (known, what) =
                switch kind {
                case .function: (functions.count, "function")
                case .table: (tables.count, "table")
                case .memory: (memories.count, "memory")
                case .global: (globals.count, "global")
                case .tag: (tags.count, "tag")
                }
            guard index < known else { throw invalid("unknown \(what) \(index)", at: kindPlace) }
            if kind == .function { referenced.insert(index) }
            guard names.insert(Array(name.utf8)).inserted else {
                throw invalid("duplicate export name \"\(name)\"", at: place)
            }
            exports.append(Module.Export(name: name, kind: kind, index: index))
        }
    }

    private mutating func readStart() throws(ModuleError) {
        let place = reader.offset
        let index = Int(try reader.u32())
        guard index < functions.count else { throw invalid("unknown function \(index)", at: place) }
        guard types.function(functions[index]) == FunctionType([], []) else {
            throw invalid("start function", at: place)
        }
        start = index
    }

    private mutating func readCode() throws(ModuleError) {
        let count = try reader.count(minimumSize: 2)
        guard count == declaredBodies else {
            throw reader.malformed("function and code section have inconsistent lengths")
        }
        bodies.reserveCapacity(count)
        let imported = functions.count - declaredBodies
        var validator = FunctionValidator(self)
        for index in 0..<count {
            let place = reader.offset
            let size = Int(try reader.u32())
            guard size <= reader.end - reader.offset else { throw reader.malformed("unexpected end", at: place) }
            try check(size, of: "bytes in a function", atMost: ImplementationLimits.functionBytes)
            let range = reader.offset..<reader.offset + size
            do throws(ModuleError) {
                try validator.validate(range, type: types.function(functions[imported + index]) ?? FunctionType([]))
            } catch {
                throw ModuleError(error.kind, error.reason, at: error.offset, function: imported + index)
            }
            bodies.append(Module.Body(range: range))
            reader.offset = range.upperBound
        }
    }

    private mutating func readData() throws(ModuleError) {
        let count = try reader.count()
        try check(count, of: "data segments", atMost: ImplementationLimits.dataSegments)
        for _ in 0..<count {
            let place = reader.offset
            let flags = try reader.u32()
            let mode: Module.SegmentMode
            switch flags {
            case 0, 2:
                let memory = flags == 2 ? Int(try reader.u32()) : 0
                guard memory < memories.count else { throw invalid("unknown memory \(memory)", at: place) }
                mode = .active(index: memory, offset: try readConstant(memories[memory].address.value))
            case 1: mode = .passive
            default: throw reader.malformed("malformed data segment kind", at: place)
            }
            let length = Int(try reader.u32())
            let start = reader.offset
            try reader.skip(length)
            data.append(Module.DataSegment(range: start..<start + length, mode: mode))
        }
    }
}
