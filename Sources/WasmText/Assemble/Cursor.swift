/// A place among tokens, and what can be asked and expected there.
struct Cursor {
    let source: SourceText
    let tokens: [Token]
    var place: Int

    /// A cursor among these tokens, of which the last is `.end`.
    init(_ source: SourceText, _ tokens: [Token], at place: Int = 0) {
        self.source = source
        self.tokens = tokens
        self.place = place
    }

    /// The next token; the last one is `.end`, and stays.
    var token: Token {
        @inline(__always) get { tokens[min(place, tokens.count - 1)] }
    }

    /// The token behind the next one.
    var following: Token {
        @inline(__always) get { tokens[min(place + 1, tokens.count - 1)] }
    }

    /// Whether the next two tokens are an opening parenthesis and this word.
    @inline(__always)
    func opens(_ word: Word) -> Bool {
        token.kind == .open && following.word == word
    }

    // MARK: Errors

    /// What is wrong with the next token, which nothing can begin with here.
    func unexpected() -> TextError {
        let token = token
        switch token.kind {
        case .end: return error("unexpected end of text")
        case .reserved: return error("unknown operator: \(spelling(of: token))")
        case .keyword where token.word == .unknown && token.instruction == Token.noInstruction:
            return error("unknown operator \(spelling(of: token))")
        default: return error("unexpected token: \(spelling(of: token))")
        }
    }

    /// An error at the next token.
    func error(_ reason: String) -> TextError { source.error(reason, at: Int(token.start)) }

    /// An error at an earlier token.
    func error(_ reason: String, at token: Token) -> TextError { source.error(reason, at: Int(token.start)) }

    /// The error of an opening parenthesis without a closing one.
    func unclosed(_ open: Token) -> TextError {
        error("unexpected end of text: this parenthesis is not closed", at: open)
    }

    /// A token's text, cut where it is long.
    func spelling(of token: Token) -> String {
        let start = Int(token.start)
        var end = start
        switch token.kind {
        case .open: return "("
        case .close: return ")"
        case .end: return "end"
        case .identifier:
            while end < source.bytes.count,
                CharacterClass.table[Int(source.bytes[end])] & CharacterClass.identifier != 0,
                end < start + 60
            { end += 1 }
        default: end = min(Int(token.data), start + 60)
        }
        return String(decoding: source.bytes[start..<end], as: UTF8.self)
    }

    // MARK: Taking

    /// Goes on by a token.
    @inline(__always)
    mutating func advance() { place += 1 }

    /// Takes an opening parenthesis.
    mutating func open() throws(TextError) {
        guard token.kind == .open else { throw unexpected() }
        place += 1
    }

    /// Takes a closing parenthesis.
    mutating func close() throws(TextError) {
        guard token.kind == .close else { throw unexpected() }
        place += 1
    }

    /// Takes `(` and the word, if they are next.
    mutating func takeOpen(_ word: Word) -> Bool {
        guard opens(word) else { return false }
        place += 2
        return true
    }

    /// Takes the word, if it is next.
    @inline(__always)
    mutating func take(_ word: Word) -> Bool {
        guard token.word == word else { return false }
        place += 1
        return true
    }

    /// Takes a closing parenthesis, if it is next.
    @inline(__always)
    mutating func takeClose() -> Bool {
        guard token.kind == .close else { return false }
        place += 1
        return true
    }

    /// Takes the word, which must be next.
    mutating func expect(_ word: Word) throws(TextError) {
        guard take(word) else { throw unexpected() }
    }

    /// The symbol of an identifier, if one is next.
    mutating func takeIdentifier() -> UInt32? {
        let token = token
        guard token.kind == .identifier else { return nil }
        place += 1
        return token.data
    }

    /// An unsigned number of at most 32 bits, if an integer is next.
    mutating func takeU32() throws(TextError) -> UInt32? {
        guard token.kind == .integer else { return nil }
        return try u32()
    }

    /// An unsigned number of at most 32 bits.
    mutating func u32() throws(TextError) -> UInt32 {
        let number = try unsigned(bits: 32)
        return UInt32(truncatingIfNeeded: number)
    }

    /// An unsigned number.
    mutating func unsigned(bits: Int) throws(TextError) -> UInt64 {
        let token = token
        guard token.kind == .integer else { throw unexpected() }
        let literal = IntegerLiteral(source.bytes, from: Int(token.start), to: Int(token.data))
        guard !literal.isSigned else { throw unexpected() }
        guard let value = literal.wrapped(bits: bits) else { throw error("i\(bits) constant out of range") }
        place += 1
        return value
    }

    /// An integer in so many bits, signed or not.
    mutating func integer(bits: Int) throws(TextError) -> UInt64 {
        let token = token
        guard token.kind == .integer else { throw unexpected() }
        let literal = IntegerLiteral(source.bytes, from: Int(token.start), to: Int(token.data))
        guard let value = literal.wrapped(bits: bits) else { throw error("constant out of range") }
        place += 1
        return value
    }

    /// A float's bits; an integer is one, too.
    mutating func float(_ format: FloatFormat) throws(TextError) -> UInt64 {
        let token = token
        guard token.kind == .float || token.kind == .integer else { throw unexpected() }
        let literal = FloatLiteral(source.bytes, from: Int(token.start), to: Int(token.data))
        guard let bits = literal.bits(format) else { throw error("constant out of range") }
        place += 1
        return bits
    }

    /// A string's bytes.
    mutating func string() throws(TextError) -> [UInt8] {
        var bytes: [UInt8] = []
        guard token.kind == .string else { throw unexpected() }
        takeString(into: &bytes)
        return bytes
    }

    /// Appends the bytes of the string that is next, if one is.
    @discardableResult
    mutating func takeString(into bytes: inout [UInt8]) -> Bool {
        let token = token
        guard token.kind == .string else { return false }
        StringLiteral.decode(source.bytes, from: Int(token.start), to: Int(token.data), into: &bytes)
        place += 1
        return true
    }

    /// All strings that are next, one behind the other.
    mutating func strings() -> [UInt8] {
        var bytes: [UInt8] = []
        while takeString(into: &bytes) {}
        return bytes
    }

    /// A string that is a name: UTF-8.
    mutating func name() throws(TextError) -> [UInt8] {
        let token = token
        let name = try string()
        guard UTF8Check.isValid(name) else { throw error("malformed UTF-8 encoding", at: token) }
        return name
    }
}

/// Lanes of vectors.
extension Cursor {
    /// The bits of one lane.
    mutating func lane(of shape: VectorShape) throws(TextError) -> UInt64 {
        switch shape {
        case .i8x16, .i16x8, .i32x4, .i64x2: try integer(bits: shape.laneSize * 8)
        case .f32x4: try float(.single)
        case .f64x2: try float(.double)
        }
    }
}
