/// A validated module: core, 2.5. It holds no pointer and nothing of the system, and never changes.
///
/// Its bytes are a private copy, since translation trusts what validation saw.
package final class Module: Sendable {
    package struct Import: Sendable {
        package let module: String
        package let name: String
        package let type: ExternalType
    }

    package struct Export: Sendable {
        package enum Kind: UInt8, Sendable { case function, table, memory, global, tag }
        package let name: String
        package let kind: Kind
        /// In the index space of its kind.
        package let index: Int
    }

    /// A function's body in the file: its locals, then its code up to the final `end`.
    package struct Body: Sendable {
        package let range: Range<Int>
    }

    package struct Global: Sendable {
        package let type: GlobalType
        package let value: ConstantExpression
    }

    package struct Table: Sendable {
        package let type: TableType
        /// What its elements start as; null where nothing is said.
        package let value: ConstantExpression?
    }

    /// An element segment: core, 2.5.9.
    package struct ElementSegment: Sendable {
        package let type: ValueType
        package let values: ElementValues
        package let mode: SegmentMode
    }

    /// A segment's references: mostly functions by index, which take four bytes each.
    package enum ElementValues: Sendable {
        case functions([UInt32])
        case expressions([ConstantExpression])
    }

    /// A data segment: core, 2.5.10; its bytes as a range of the file.
    package struct DataSegment: Sendable {
        package let range: Range<Int>
        package let mode: SegmentMode
    }

    package enum SegmentMode: Sendable {
        case passive
        /// Copied at instantiation into the table or memory with this index.
        case active(index: Int, offset: ConstantExpression)
        /// Elements only: declares functions that `ref.func` may name.
        case declarative
    }

    /// A section that does not change what the module does: core, 5.5.3. Its contents as a range of the file.
    package struct CustomSection: Sendable {
        package let name: String
        package let range: Range<Int>

        package init(name: String, range: Range<Int>) {
            self.name = name
            self.range = range
        }
    }

    package let bytes: [UInt8]
    package let types: ModuleTypes
    package let imports: [Import]
    /// The type index of every function, imported ones first; the other lists likewise.
    package let functions: [Int]
    package let tables: [TableType]
    package let memories: [MemoryType]
    package let globals: [GlobalType]
    /// The types of tags, by index: what their exceptions carry are the parameters (core, 2.5.6).
    package let tags: [Int]
    package let exports: [Export]
    package let start: Int?
    package let bodies: [Body]
    package let definedTables: [Table]
    package let definedGlobals: [Global]
    package let elements: [ElementSegment]
    package let data: [DataSegment]
    package let customSections: [CustomSection]

    package var importedFunctionCount: Int { functions.count - bodies.count }

    /// Reads and validates a module in the binary format: core, chapters 5 and 3.
    ///
    /// Throws `ModuleError` when the bytes are not a module, break a rule, or need a feature that is not here.
    package convenience init(_ bytes: [UInt8]) throws(ModuleError) {
        var reader = ModuleReader(bytes)
        try reader.read()
        self.init(reader)
    }

    private init(_ reader: consuming ModuleReader) {
        bytes = reader.reader.bytes
        types = reader.types
        imports = reader.imports
        functions = reader.functions
        tables = reader.tables
        memories = reader.memories
        globals = reader.globals
        tags = reader.tags
        exports = reader.exports
        start = reader.start
        bodies = reader.bodies
        definedTables = reader.definedTables
        definedGlobals = reader.definedGlobals
        elements = reader.elements
        data = reader.data
        customSections = reader.customSections
    }

    /// The type of the function at `index` of the function index space.
    package func type(ofFunction index: Int) -> FunctionType { functionType(functions[index]) }

    /// The function type at `index` of the module's types; validation has seen that it is one.
    package func functionType(_ index: Int) -> FunctionType { types.function(index) ?? FunctionType([]) }

    /// The contents of the first custom section of this name.
    package func customSection(_ name: String) -> Range<Int>? { customSections.first { $0.name == name }?.range }

    /// The export called `name`, if any.
    package func export(_ name: String) -> Export? { exports.first { $0.name.utf8.elementsEqual(name.utf8) } }
}
