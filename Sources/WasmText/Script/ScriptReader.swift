/// Reads a script's tokens.
struct ScriptReader {
    /// Holds the cursor, too.
    private var assembler: ModuleAssembler

    /// A reader of these tokens.
    init(_ text: LexedText) { assembler = ModuleAssembler(text) }

    /// Where it is.
    var cursor: Cursor {
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

    /// The identifier that is next, if one is.
    mutating func name() -> String? {
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
}
