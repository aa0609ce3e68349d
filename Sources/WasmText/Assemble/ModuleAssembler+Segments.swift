/// Element and data segments (core, 6.6.8 and 6.6.10).
extension ModuleAssembler {
    /// Where a segment goes when the module begins.
    private enum Mode {
        /// Without an index it is the first table or memory, which was not named.
        case active(index: UInt32?, offset: [UInt8])
        case passive
        case declared
    }

    /// What an element segment has: functions, or expressions of a type.
    private struct ElementList {
        /// `nil` where they are functions.
        var type: [UInt8]?
        var items = BinaryVector()
    }

    // MARK: Elements

    /// `(elem …)`.
    mutating func elementField() throws(TextError) {
        let index = met.elements
        met.elements += 1
        if let name = try name(of: cursor.takeIdentifier()) { sections.names.elements.add(index, name) }
        if cursor.take(.declare) {
            return write(try elementList(mayBeBare: false), .declared)
        }
        var table: UInt32?
        if cursor.takeOpen(.table) {
            table = try cursor.index(in: tables, "table")
            try cursor.close()
        } else if cursor.token.kind == .integer || cursor.token.kind == .identifier, cursor.following.kind == .open {
            // An older way to name the table.
            table = try cursor.index(in: tables, "table")
        }
        if table != nil || cursor.token.kind == .open && cursor.following.word != .ref {
            let offset = try offset()
            write(try elementList(mayBeBare: true), .active(index: table, offset: offset))
        } else {
            write(try elementList(mayBeBare: false), .passive)
        }
    }

    /// The elements in the field of a table; how many they are.
    mutating func tableElements(_ table: UInt32, is64: Bool, type: [UInt8]) throws(TextError) -> Int {
        met.elements += 1
        var list = ElementList()
        if cursor.token.kind == .open {
            list.type = type
            try expressions(to: &list.items)
        } else if type == [0x70] {
            try functionIndices(to: &list.items)
        } else {
            // A list of functions would have the type `(ref func)`, which does not fit.
            list.type = type
            while let function = try cursor.optionalIndex(in: functions, "function") {
                list.items.beginElement()
                list.items.bytes.append(0xD2)
                list.items.bytes.appendUnsigned(function)
                list.items.bytes.append(0x0B)
            }
        }
        write(list, .active(index: table, offset: [is64 ? 0x42 : 0x41, 0x00, 0x0B]))
        return list.items.count
    }

    private mutating func elementList(mayBeBare: Bool) throws(TextError) -> ElementList {
        var list = ElementList()
        if cursor.take(.func) {
            try functionIndices(to: &list.items)
        } else if cursor.isBeforeReferenceType {
            var type: [UInt8] = []
            try cursor.referenceType(types, to: &type)
            list.type = type
            try expressions(to: &list.items)
        } else if mayBeBare {
            try functionIndices(to: &list.items)
        } else {
            throw cursor.unexpected()
        }
        return list
    }

    private mutating func functionIndices(to items: inout BinaryVector) throws(TextError) {
        while let function = try cursor.optionalIndex(in: functions, "function") {
            items.beginElement()
            items.bytes.appendUnsigned(function)
        }
    }

    private mutating func expressions(to items: inout BinaryVector) throws(TextError) {
        while cursor.token.kind == .open {
            items.beginElement()
            if cursor.takeOpen(.item) {
                try constantExpression()
                try cursor.close()
            } else {
                try foldedConstantExpression()
            }
            items.bytes += code
        }
    }

    /// Where an active segment goes.
    private mutating func offset() throws(TextError) -> [UInt8] {
        if cursor.takeOpen(.offset) {
            try constantExpression()
            try cursor.close()
        } else {
            try foldedConstantExpression()
        }
        return code
    }

    /// Writes an element segment in the shortest of the binary format's eight ways that says as much as the text.
    private mutating func write(_ list: ElementList, _ mode: Mode) {
        var bytes: [UInt8] = []
        let expressions: UInt8 = list.type == nil ? 0 : 4
        // The element's kind, or type; left out where it is what is assumed.
        var kind = list.type ?? [0x00]
        switch mode {
        case .passive: bytes.append(1 | expressions)
        case .declared: bytes.append(3 | expressions)
        case .active(nil, let offset) where list.type == nil || kind == [0x70]:
            bytes.append(expressions)
            bytes += offset
            kind = []
        case .active(let table, let offset):
            bytes.append(2 | expressions)
            bytes.appendUnsigned(table ?? 0)
            bytes += offset
        }
        bytes += kind
        list.items.write(to: &bytes)
        sections.elements.beginElement()
        sections.elements.bytes += bytes
    }

    // MARK: Data

    /// `(data …)`.
    mutating func dataField() throws(TextError) {
        let index = met.data
        met.data += 1
        if let name = try name(of: cursor.takeIdentifier()) { sections.names.data.add(index, name) }
        var mode = Mode.passive
        if cursor.takeOpen(.memory) {
            let memory = try cursor.index(in: memories, "memory")
            try cursor.close()
            mode = .active(index: memory, offset: try offset())
        } else if let older = try cursor.optionalIndex(in: memories, "memory") {
            // An older way to name the memory.
            mode = .active(index: older, offset: try offset())
        } else if cursor.token.kind == .open {
            mode = .active(index: nil, offset: try offset())
        }
        write(cursor.strings(), mode)
    }

    /// The data in the field of a memory.
    mutating func memoryData(_ memory: UInt32, is64: Bool, _ bytes: [UInt8]) {
        met.data += 1
        write(bytes, .active(index: memory, offset: [is64 ? 0x42 : 0x41, 0x00, 0x0B]))
    }

    private mutating func write(_ contents: [UInt8], _ mode: Mode) {
        sections.data.beginElement()
        switch mode {
        case .passive, .declared: sections.data.bytes.append(1)
        case .active(let memory?, let offset) where memory > 0:
            sections.data.bytes.append(2)
            sections.data.bytes.appendUnsigned(memory)
            sections.data.bytes += offset
        case .active(_, let offset):
            sections.data.bytes.append(0)
            sections.data.bytes += offset
        }
        sections.data.bytes.appendVector(contents)
    }
}
