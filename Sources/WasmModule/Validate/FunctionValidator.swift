internal import CWasmInterpreter

/// Validates function bodies (core, 3.4 and the algorithm of its appendix): one pass, no output.
///
/// One validator serves all bodies of a module, so its storage is reused.
struct FunctionValidator: ~Copyable {
    var reader: ByteReader
    let types: ModuleTypes
    /// The types' parameters and results once more.
    let signatures: Signatures
    let functions: [Int]
    let tables: [TableType]
    let memories: [MemoryType]
    let globals: [GlobalType]
    let tags: [Int]
    let elementTypes: [ValueType]
    let dataCount: Int?
    let referenced: Set<Int>

    /// The types of locals, parameters first.
    var locals = LocalTypes()
    /// The operand stack's types.
    var operands = OperandTypes()
    var controls: [Control] = []
    /// The innermost block's part of the operand stack starts here; mirrors `controls.last`.
    var height = 0
    /// Whether the rest of the innermost block cannot be reached, so that its stack is polymorphic.
    var isUnreachable = false
    /// Where the instruction under validation starts.
    var place = 0

    /// The most operands at once.
    var operandLimit: Int

    /// Locals without a value yet, of types that have no default one.
    var unsetLocals: Set<Int> = []
    /// Those of them that the open blocks have given one, in order.
    var setLocals: [Int] = []

    struct Control {
        enum Kind { case function, block, loop, then, otherwise, legacyTry, legacyCatch, legacyCatchAll }
        let kind: Kind
        let type: BlockType
        let height: Int
        /// How many locals without a default value had been given one when the block began.
        let setLocals: Int
        var isUnreachable = false
    }

    init(_ module: ModuleReader) {
        reader = module.reader
        types = module.types
        signatures = Signatures(module.types)
        functions = module.functions
        tables = module.tables
        memories = module.memories
        globals = module.globals
        tags = module.tags
        elementTypes = module.elements.map(\.type)
        dataCount = module.dataCount
        referenced = module.referenced
        operandLimit = Self.operandLimit(signatures, globals, types)
    }

    /// Validates the body in `range` of the module's bytes as a function of the given type.
    mutating func validate(_ range: Range<Int>, type: FunctionType) throws(ModuleError) {
        reader.offset = range.lowerBound
        reader.end = range.upperBound
        place = reader.offset
        locals.removeAll()
        operands.lower(to: 0)
        controls.removeAll(keepingCapacity: true)
        unsetLocals.removeAll()
        setLocals.removeAll(keepingCapacity: true)
        for parameter in type.parameters { locals.append(1, of: parameter) }
        try readLocals()
        functionType = type
        pushControl(.function, .empty)
        while !controls.isEmpty {
            place = reader.offset
            try validateInstruction()
        }
        guard reader.isAtEnd else { throw reader.malformed("END opcode expected: code goes on after the last end") }
    }

    /// The type of the function under validation: its outermost block's results.
    var functionType = FunctionType([], [])

    private mutating func readLocals() throws(ModuleError) {
        var slots = locals.slots
        let groups = try reader.count(minimumSize: 2)
        for _ in 0..<groups {
            let start = reader.offset
            let count = Int(try reader.u32())
            let type = try reader.valueType(in: types)
            slots += count * type.slotCount
            if type == .v128 { operandLimit = min(operandLimit, ImplementationLimits.operandsWithVectors) }
            guard slots <= ImplementationLimits.locals else {
                if locals.count + count > Int(UInt32.max) { throw reader.malformed("too many locals", at: start) }
                throw ModuleError(
                    .limit, "too many locals: they take \(slots) slots, and \(ImplementationLimits.locals) is the most",
                    at: start)
            }
            if !type.isDefaultable { unsetLocals.formUnion(locals.count..<locals.count + count) }
            locals.append(count, of: type)
        }
    }

    // MARK: - Errors

    func invalid(_ reason: String) -> ModuleError { ModuleError(.invalid, reason, at: place) }

    func unsupported(_ feature: String, _ reason: String) -> ModuleError {
        ModuleError(.unsupported(feature), reason, at: place)
    }

    /// The function type at an index of which it is known that there is one.
    @inline(__always)
    func function(_ index: Int) -> FunctionType { types.function(index) ?? FunctionType([]) }

    // MARK: - Operands

    @inline(__always)
    mutating func push(_ type: ValueType) { operands.push(type) }

    @inline(__always)
    mutating func pop(_ expected: ValueType) throws(ModuleError) {
        if operands.count > height {
            let found = operands.pop()
            if found == expected || types.hierarchy.matches(found, expected) { return }
            throw mismatch(expected, found)
        }
        if !isUnreachable { throw underflow(expected) }
    }

    /// Pops an operand of any type.
    mutating func popAny() throws(ModuleError) -> ValueType {
        if operands.count > height { return operands.pop() }
        guard isUnreachable else { throw invalid("type mismatch: the operand stack is empty here") }
        return .unknown
    }

    private func mismatch(_ expected: ValueType, _ found: ValueType) -> ModuleError {
        invalid("type mismatch: expected \(expected), found \(found)")
    }

    private func underflow(_ expected: ValueType) -> ModuleError {
        invalid("type mismatch: expected \(expected), and the operand stack is empty here")
    }

    mutating func pop(_ list: [ValueType]) throws(ModuleError) {
        for type in list.reversed() { try pop(type) }
    }

    mutating func push(_ list: [ValueType]) {
        for type in list { operands.push(type) }
    }

    /// Pops operands of the types in a part of `signatures.types`.
    @inline(__always)
    mutating func pop(_ part: Range<Int>) throws(ModuleError) {
        var index = part.upperBound
        while index > part.lowerBound {
            index -= 1
            try pop(signatures.types[index])
        }
    }

    @inline(__always)
    mutating func push(_ part: Range<Int>) {
        for index in part { operands.push(signatures.types[index]) }
    }

    // MARK: - Blocks

    mutating func pushControl(_ kind: Control.Kind, _ type: BlockType) {
        controls.append(Control(kind: kind, type: type, height: operands.count, setLocals: setLocals.count))
        height = operands.count
        isUnreachable = false
    }

    /// Ends the innermost block: its results must be all that is left.
    mutating func popControl() throws(ModuleError) -> Control {
        let ended = controls[controls.count - 1]
        try popResults(of: ended)
        guard operands.count == height else {
            throw invalid("type mismatch: \(operands.count - height) values are left at the end of the block")
        }
        controls.removeLast()
        while setLocals.count > ended.setLocals { unsetLocals.insert(setLocals.removeLast()) }
        if let outer = controls.last {
            height = outer.height
            isUnreachable = outer.isUnreachable
        }
        return ended
    }

    mutating func markUnreachable() {
        operands.lower(to: height)
        isUnreachable = true
        controls[controls.count - 1].isUnreachable = true
    }

    mutating func popParameters(of type: BlockType) throws(ModuleError) {
        if case .type(let index) = type { try pop(signatures.parameters(index)) }
    }

    mutating func pushParameters(of type: BlockType) {
        if case .type(let index) = type { push(signatures.parameters(index)) }
    }

    mutating func popResults(of control: Control) throws(ModuleError) {
        if control.kind == .function { return try pop(functionType.results) }
        switch control.type {
        case .empty: break
        case .value(let type): try pop(type)
        case .type(let index): try pop(signatures.results(index))
        }
    }

    mutating func pushResults(of control: Control) {
        if control.kind == .function { return push(functionType.results) }
        switch control.type {
        case .empty: break
        case .value(let type): push(type)
        case .type(let index): push(signatures.results(index))
        }
    }

    /// The block that a branch names.
    mutating func label() throws(ModuleError) -> Control {
        let depth = Int(try reader.u32())
        guard depth < controls.count else { throw invalid("unknown label \(depth)") }
        return controls[controls.count - 1 - depth]
    }

    mutating func popLabel(_ target: Control) throws(ModuleError) {
        if target.kind == .loop { try popParameters(of: target.type) } else { try popResults(of: target) }
    }

    mutating func pushLabel(_ target: Control) {
        if target.kind == .loop { pushParameters(of: target.type) } else { pushResults(of: target) }
    }

    /// The types that a branch to `target` carries.
    func labelTypes(_ target: Control) -> [ValueType] {
        if target.kind == .function { return functionType.results }
        return switch target.type {
        case .empty: []
        case .value(let type): target.kind == .loop ? [] : [type]
        case .type(let index): target.kind == .loop ? function(index).parameters : function(index).results
        }
    }
}
