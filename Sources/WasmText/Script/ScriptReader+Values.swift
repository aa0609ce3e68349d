/// Actions, values, and patterns of values.
extension ScriptReader {
    /// `(invoke …)` or `(get …)`.
    mutating func action() throws(TextError) -> ScriptAction {
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

    /// A value, or what describes one.
    mutating func pattern() throws(TextError) -> ScriptPattern {
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
