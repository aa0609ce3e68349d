/// Reads a script's tokens.
struct ScriptReader {
    /// Holds the cursor, too.
    private var assembler: ModuleAssembler

    init(_ text: LexedText) { assembler = ModuleAssembler(text) }

    private var cursor: Cursor {
        get { assembler.cursor }
        _modify { yield &assembler.cursor }
    }

    /// The commands of the whole text.
    mutating func commands() throws(TextError) -> [ScriptCommand] {
        if isBareModule {
            let position = cursor.source.position(of: Int(cursor.token.start))
            let binary = try assembler.wholeText(quotes: 0)
            let module = ScriptModule(name: nil, form: .text, binary: .success(binary))
            return [ScriptCommand(position: position, kind: .module(module))]
        }
        var commands: [ScriptCommand] = []
        while cursor.token.kind != .end { commands.append(try command(mayBeThread: true)) }
        return commands
    }

    private var isBareModule: Bool {
        guard cursor.token.kind == .open else { return false }
        switch cursor.following.word {
        case .type, .rec, .import, .export, .func, .table, .memory, .global, .tag, .start, .elem, .data: return true
        default: return false
        }
    }

    private mutating func command(mayBeThread: Bool) throws(TextError) -> ScriptCommand {
        let position = cursor.source.position(of: Int(cursor.token.start))
        guard cursor.token.kind == .open else { throw cursor.unexpected() }
        let kind: ScriptCommand.Kind
        if cursor.following.word == .module {
            kind = try moduleCommand()
        } else if cursor.following.word == .invoke || cursor.following.word == .get {
            kind = .action(try action())
        } else {
            kind = try otherCommand(mayBeThread: mayBeThread)
        }
        return ScriptCommand(position: position, kind: kind)
    }

    private mutating func otherCommand(mayBeThread: Bool) throws(TextError) -> ScriptCommand.Kind {
        let start = cursor
        cursor.place += 2
        let kind: ScriptCommand.Kind
        switch start.following.word {
        case .register: kind = .register(as: try cursor.name(), instance: name())
        case .assertReturn:
            let action = try action()
            var patterns: [ScriptPattern] = []
            while cursor.token.kind == .open { patterns.append(try pattern()) }
            kind = .assertReturn(action, patterns)
        case .assertTrap where cursor.opens(.module): kind = .assertTrapAtStart(try module(), reason: try reason())
        case .assertTrap: kind = .assertTrap(try action(), reason: try reason())
        case .assertExhaustion: kind = .assertExhaustion(try action(), reason: try reason())
        case .assertException: kind = .assertException(try action())
        case .assertMalformed: kind = .assertMalformed(try module(), reason: try reason())
        case .assertInvalid: kind = .assertInvalid(try module(), reason: try reason())
        case .assertMalformedCustom: kind = .assertMalformedCustom(try module(), reason: try reason())
        case .assertInvalidCustom: kind = .assertInvalidCustom(try module(), reason: try reason())
        case .assertUnlinkable: kind = .assertUnlinkable(try module(), reason: try reason())
        case .thread where mayBeThread: kind = try thread()
        case .wait: kind = .wait(thread: name())
        default:
            var keyword = start
            keyword.advance()
            throw keyword.unexpected()
        }
        try cursor.close()
        return kind
    }

    private mutating func thread() throws(TextError) -> ScriptCommand.Kind {
        let name = name()
        var shared: [String] = []
        while cursor.takeOpen(.shared) {
            cursor.place += cursor.opens(.module) ? 2 : 0
            guard let module = self.name() else { throw cursor.unexpected() }
            shared.append(module)
            try cursor.close()
            try cursor.close()
        }
        var commands: [ScriptCommand] = []
        while cursor.token.kind == .open { commands.append(try command(mayBeThread: false)) }
        return .thread(name: name, shared: shared, commands)
    }

    private mutating func name() -> String? {
        cursor.takeIdentifier().map { assembler.text.symbols.name(of: $0) }
    }

    private mutating func reason() throws(TextError) -> String {
        String(decoding: try cursor.name(), as: UTF8.self)
    }

    // MARK: Modules

    private mutating func moduleCommand() throws(TextError) -> ScriptCommand.Kind {
        var inner = cursor
        inner.place += 2
        if inner.take(.instance) {
            cursor = inner
            let kind = ScriptCommand.Kind.instance(name: name(), of: name())
            try cursor.close()
            return kind
        }
        return inner.token.word == .definition ? .definition(try module()) : .module(try module())
    }

    /// A module in one of the three forms, with or without `definition`.
    private mutating func module() throws(TextError) -> ScriptModule {
        guard cursor.opens(.module) else { throw cursor.unexpected() }
        let start = cursor
        let close = Int(cursor.token.data)
        cursor.place += 2
        _ = cursor.take(.definition)
        let name = name()
        let form: ScriptModule.Form =
            cursor.token.word == .binary ? .binary : cursor.token.word == .quote ? .quote : .text
        guard form != .text else {
            cursor = start
            let binary = assembled()
            // Where it is none, the rest of it is passed over.
            cursor.place = min(close, assembler.text.tokens.count - 1)
            try cursor.close()
            return ScriptModule(name: name, form: form, binary: binary)
        }
        cursor.advance()
        let bytes = cursor.strings()
        try cursor.close()
        let binary: Result<[UInt8], TextError>
        do {
            binary = .success(form == .binary ? bytes : try assemble(bytes, quotes: 0))
        } catch {
            binary = .failure(error)
        }
        return ScriptModule(name: name, form: form, binary: binary)
    }

    private mutating func assembled() -> Result<[UInt8], TextError> {
        do {
            return .success(try assembler.module())
        } catch {
            return .failure(error)
        }
    }

    // MARK: Actions and values

    private mutating func action() throws(TextError) -> ScriptAction {
        let action: ScriptAction
        if cursor.takeOpen(.invoke) {
            let instance = name()
            let export = try cursor.name()
            var arguments: [ScriptValue] = []
            while cursor.token.kind == .open { arguments.append(try value()) }
            action = .invoke(instance: instance, export: export, arguments: arguments)
        } else if cursor.takeOpen(.get) {
            action = .get(instance: name(), export: try cursor.name())
        } else {
            throw cursor.unexpected()
        }
        try cursor.close()
        return action
    }

    private mutating func value() throws(TextError) -> ScriptValue {
        let start = cursor
        let value: ScriptValue
        switch try pattern() {
        case .i32(let number): value = .i32(number)
        case .i64(let number): value = .i64(number)
        case .f32(.bits(let bits)): value = .f32(UInt32(truncatingIfNeeded: bits))
        case .f64(.bits(let bits)): value = .f64(bits)
        case .v128(let lane, let lanes): value = .v128(try bytes(lane, lanes, at: start))
        case .null(let type): value = .null(type)
        case .extern(let number?): value = .extern(number)
        case .host(let number?): value = .host(number)
        default: throw start.error("unexpected token: a pattern, where a value is wanted")
        }
        return value
    }

    private func bytes(
        _ lane: ScriptPattern.Lane, _ lanes: [ScriptPattern.Number], at start: Cursor
    ) throws(TextError) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in lanes {
            guard case .bits(let bits) = number else {
                throw start.error("unexpected token: a pattern, where a value is wanted")
            }
            bytes.appendLittleEndian(bits, count: 16 / lanes.count)
        }
        return bytes
    }

    private mutating func pattern() throws(TextError) -> ScriptPattern {
        guard cursor.token.kind == .open else { throw cursor.unexpected() }
        guard cursor.following.word == .either else { return try simplePattern() }
        cursor.place += 2
        var patterns: [ScriptPattern] = []
        while cursor.token.kind == .open { patterns.append(try simplePattern()) }
        try cursor.close()
        return .either(patterns)
    }

    private mutating func simplePattern() throws(TextError) -> ScriptPattern {
        try cursor.open()
        let keyword = cursor
        cursor.advance()
        let pattern: ScriptPattern
        switch keyword.token.word {
        case .i32Const: pattern = .i32(UInt32(truncatingIfNeeded: try cursor.integer(bits: 32)))
        case .i64Const: pattern = .i64(try cursor.integer(bits: 64))
        case .f32Const: pattern = .f32(try float(.single))
        case .f64Const: pattern = .f64(try float(.double))
        case .v128Const: pattern = try vector()
        case .refNull: pattern = .null(try heapType())
        case .refExtern: pattern = .extern(try cursor.takeU32())
        case .refHost: pattern = .host(try cursor.takeU32())
        case .refFunc:
            _ = try cursor.takeU32()
            pattern = .function
        case .refStruct: pattern = .structure
        case .refArray: pattern = .array
        case .refEq: pattern = .eq
        case .refI31: pattern = .i31
        case .refAny: pattern = .any
        case .refExn: pattern = .exception
        default: throw keyword.unexpected()
        }
        try cursor.close()
        return pattern
    }

    private mutating func heapType() throws(TextError) -> ScriptHeapType? {
        if cursor.token.kind == .close { return nil }
        guard let type = ScriptHeapType(rawValue: cursor.token.word.rawValue) else {
            // A type of the module's own, whose number says nothing here.
            guard cursor.takeIdentifier() != nil || cursor.token.kind == .integer else { throw cursor.unexpected() }
            _ = try cursor.takeU32()
            return nil
        }
        cursor.advance()
        return type
    }

    private mutating func float(_ format: FloatFormat) throws(TextError) -> ScriptPattern.Number {
        if cursor.take(.nanCanonical) { return .canonicalNaN }
        if cursor.take(.nanArithmetic) { return .arithmeticNaN }
        return .bits(try cursor.float(format))
    }

    private mutating func vector() throws(TextError) -> ScriptPattern {
        guard let shape = VectorShape(cursor.token.word) else { throw cursor.unexpected() }
        cursor.advance()
        var lanes: [ScriptPattern.Number] = []
        for _ in 0..<shape.laneCount {
            switch shape {
            case .f32x4: lanes.append(try float(.single))
            case .f64x2: lanes.append(try float(.double))
            default: lanes.append(.bits(try cursor.lane(of: shape)))
            }
        }
        let lane: ScriptPattern.Lane =
            switch shape {
            case .i8x16: .i8
            case .i16x8: .i16
            case .i32x4: .i32
            case .i64x2: .i64
            case .f32x4: .f32
            case .f64x2: .f64
            }
        return .v128(lane, lanes)
    }
}
