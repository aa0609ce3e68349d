/// Makes binary modules of a text's tokens, in two passes: the first learns every name and every type, the second writes
/// fields in the order of the text.
struct ModuleAssembler {
    let text: LexedText
    var cursor: Cursor
    /// What each instruction is, by its place in the table.
    let codes: [InstructionCode]

    // what names stand for
    var types = IndexSpace()
    var functions = IndexSpace()
    var tables = IndexSpace()
    var memories = IndexSpace()
    var globals = IndexSpace()
    var tags = IndexSpace()
    var elements = IndexSpace()
    var data = IndexSpace()
    var locals = IndexSpace()
    var labels = LabelStack()
    /// By type's index and symbol.
    var fields: [UInt64: UInt32] = [:]

    // types
    /// By index: its signature as the binary format writes it, where it is a function type.
    var signatures: [Signature?] = []
    /// The first type with a signature, among those that an inline signature may stand for.
    var typesBySignature: [Signature: UInt32] = [:]
    /// Those that only type uses made.
    var implicitTypes: [Signature] = []
    /// The type use that was read last.
    var signature = Signature()

    // the module
    var sections = BinarySections()
    /// How many of each kind the second pass has met.
    var met = FieldCounts()

    // a function, or an expression
    var code: [UInt8] = []
    /// Instructions whose operands come first.
    var pending: [UInt8] = []
    var openInstructions: [OpenInstruction] = []
    var localNames = NameMap()
    var labelNames = NameMap()
    var hints = BinaryVector()
    var isInFunction = false

    /// Whether it is worth while to look for hints before instructions.
    let hasBranchHints: Bool
    /// By place among the text's annotations: whether it was used.
    var usedAnnotations: [Bool]

    /// An assembler for the modules in a text.
    init(_ text: LexedText) {
        self.text = text
        cursor = Cursor(text.source, text.tokens)
        codes = InstructionTable.shared.instructions.map(\.code)
        hasBranchHints = text.annotations.contains { $0.kind == .branchHint }
        usedAnnotations = [Bool](repeating: false, count: text.annotations.count)
    }

    // MARK: Modules

    /// The module that the whole text is, with or without `(module …)` around it.
    mutating func wholeText(quotes: Int) throws(TextError) -> [UInt8] {
        guard cursor.opens(.module) else {
            return try fields(from: 0, to: text.tokens.count - 1)
        }
        let close = Int(cursor.token.data)
        var module = try quotedModule(quotes: quotes)
        if module == nil { module = try self.module() }
        guard cursor.token.kind == .end, close == cursor.place - 1, let module else {
            throw cursor.unexpected()
        }
        return module
    }

    /// The module in binary or quoted text that the cursor is before, if it is one.
    private mutating func quotedModule(quotes: Int) throws(TextError) -> [UInt8]? {
        var inner = cursor
        inner.place += 2
        _ = inner.takeIdentifier()
        let isQuote = inner.token.word == .quote
        guard isQuote || inner.token.word == .binary else { return nil }
        let place = inner.token
        inner.advance()
        let bytes = inner.strings()
        try inner.close()
        cursor = inner
        guard isQuote else { return bytes }
        guard quotes > 0 else { throw cursor.error("unexpected token: a quote in a quote", at: place) }
        return try assemble(bytes, quotes: quotes - 1)
    }

    /// The module that the cursor is before; afterwards it is behind its closing parenthesis.
    mutating func module() throws(TextError) -> [UInt8] {
        let open = cursor.token
        let first = cursor.place
        let close = Int(open.data)
        guard close < text.tokens.count else { throw cursor.unclosed(open) }
        cursor.place += 2
        // In scripts only, which have looked already.
        _ = cursor.take(.definition)
        let symbol = cursor.takeIdentifier()
        sections.names.module = try name(of: symbol)
        try checkOnlyName()
        let binary = try fields(from: cursor.place, to: close, annotationsFrom: first + 1)
        cursor.place = close + 1
        return binary
    }

    /// The module that fields make, from one token to before another.
    private mutating func fields(
        from start: Int, to end: Int, annotationsFrom first: Int = 0
    ) throws(TextError) -> [UInt8] {
        let moduleName = sections.names.module
        reset()
        sections.names.module = moduleName
        defer { sections = BinarySections() }
        cursor.place = start
        try learnNames(to: end)
        cursor.place = start
        try learnTypes(to: end)
        cursor.place = start
        while cursor.place < end {
            try customAnnotations()
            try field()
        }
        try customAnnotations()
        try checkAnnotations(from: first, to: end)
        writeImplicitTypes()
        return sections.binary()
    }

    private mutating func reset() {
        types.reset()
        functions.reset()
        tables.reset()
        memories.reset()
        globals.reset()
        tags.reset()
        elements.reset()
        data.reset()
        fields.removeAll()
        signatures.removeAll()
        typesBySignature.removeAll()
        implicitTypes.removeAll()
        sections = BinarySections()
        met = FieldCounts()
        isInFunction = false
        localNames.removeAll()
        labelNames.removeAll()
        hints.removeAll()
        clearCode()
    }

    /// Makes place for another function or expression.
    mutating func clearCode() {
        code.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
        openInstructions.removeAll(keepingCapacity: true)
        labels.reset()
    }

    private mutating func field() throws(TextError) {
        let start = cursor.token
        guard start.kind == .open else { throw cursor.unexpected() }
        cursor.advance()
        let word = cursor.token.word
        let keyword = cursor
        cursor.advance()
        switch word {
        case .type, .rec: cursor.place = Int(start.data)
        case .import: try importField()
        case .func: try functionField()
        case .table: try tableField()
        case .memory: try memoryField()
        case .global: try globalField()
        case .tag: try tagField()
        case .export: try exportField()
        case .start:
            guard sections.start == nil else { throw cursor.error("multiple start sections", at: start) }
            sections.start = try cursor.index(in: functions, "function")
        case .elem: try elementField()
        case .data: try dataField()
        default: throw keyword.unexpected()
        }
        try cursor.close()
    }
}
