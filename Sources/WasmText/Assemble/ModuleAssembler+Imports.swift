/// Imports and exports (core, 6.6.3 and 6.6.9).
extension ModuleAssembler {
    /// Kinds of what is imported and exported, as the binary format numbers them.
    enum ExternalKind: UInt8 {
        case function, table, memory, global, tag
    }

    /// `(import "module" "name" (func …))`.
    mutating func importField() throws(TextError) {
        try checkImportOrder(at: cursor.token)
        sections.imports.beginElement()
        sections.imports.bytes.appendVector(try cursor.name())
        sections.imports.bytes.appendVector(try cursor.name())
        try cursor.open()
        let keyword = cursor
        cursor.advance()
        switch keyword.token.word {
        case .func:
            try functionName()
            try importedFunction()
        case .table:
            try defined(\.tables, names: \.tables)
            try importedTable()
        case .memory:
            try defined(\.memories, names: \.memories)
            try importedMemory()
        case .global:
            try defined(\.globals, names: \.globals)
            try importedGlobal()
        case .tag:
            try defined(\.tags, names: \.tags)
            try importedTag()
        default: throw keyword.unexpected()
        }
        try cursor.close()
    }

    /// `(export "name" (func …))`.
    mutating func exportField() throws(TextError) {
        let name = try cursor.name()
        try cursor.open()
        let keyword = cursor
        cursor.advance()
        switch keyword.token.word {
        case .func: export(name, .function, try cursor.index(in: functions, "function"))
        case .table: export(name, .table, try cursor.index(in: tables, "table"))
        case .memory: export(name, .memory, try cursor.index(in: memories, "memory"))
        case .global: export(name, .global, try cursor.index(in: globals, "global"))
        case .tag: export(name, .tag, try cursor.index(in: tags, "tag"))
        default: throw keyword.unexpected()
        }
        try cursor.close()
    }

    private mutating func export(_ name: [UInt8], _ kind: ExternalKind, _ index: UInt32) {
        sections.exports.beginElement()
        sections.exports.bytes.appendVector(name)
        sections.exports.bytes.append(kind.rawValue)
        sections.exports.bytes.appendUnsigned(index)
    }

    /// The exports that stand in the field of what they export.
    mutating func inlineExports(_ kind: ExternalKind, _ index: UInt32) throws(TextError) {
        while cursor.takeOpen(.export) {
            export(try cursor.name(), kind, index)
            try cursor.close()
        }
    }

    /// Begins an import where one stands in the field of what it imports; whether one does.
    mutating func inlineImport() throws(TextError) -> Bool {
        guard cursor.takeOpen(.import) else { return false }
        try checkImportOrder(at: cursor.token)
        sections.imports.beginElement()
        sections.imports.bytes.appendVector(try cursor.name())
        sections.imports.bytes.appendVector(try cursor.name())
        try cursor.close()
        return true
    }

    /// No import may follow what the module defines itself: its index would be too high.
    private func checkImportOrder(at token: Token) throws(TextError) {
        guard let kind = met.firstDefinition else { return }
        throw cursor.error("import after \(kind): imports come before everything that has an index", at: token)
    }

    /// Remembers that the module defines something itself.
    mutating func beginDefinition(_ kind: String) {
        if met.firstDefinition == nil { met.firstDefinition = kind }
    }

    /// Takes the identifier of what a field defines, and counts it.
    @discardableResult
    mutating func defined(
        _ count: WritableKeyPath<FieldCounts, UInt32>, names: WritableKeyPath<NameSection, NameMap>
    ) throws(TextError) -> UInt32 {
        let index = met[keyPath: count]
        met[keyPath: count] += 1
        if let name = try name(of: cursor.takeIdentifier()) { sections.names[keyPath: names].add(index, name) }
        return index
    }
}
