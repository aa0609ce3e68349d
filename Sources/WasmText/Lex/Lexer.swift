/// Cuts a text into tokens (core, 6.3), in one pass and with a stack of its own for what is nested.
struct Lexer {
    private let bytes: [UInt8]
    private let source: SourceText
    private let classes = CharacterClass.table
    private let keywords = KeywordTable.shared
    private let noHash = ByteHash.empty
    private let offsetIs = Array("offset=".utf8)
    private let alignIs = Array("align=".utf8)
    private var offset = 0
    private var result: LexedText
    /// Places of the parentheses that are open.
    private var open: [UInt32] = []
    private var annotation: OpenAnnotation?

    /// An annotation whose end has not come yet.
    private struct OpenAnnotation {
        let id: [UInt8]
        let start: Int
        let firstToken: Int
        var depth = 1
    }

    /// The tokens of a text.
    static func lex(_ bytes: [UInt8]) throws(TextError) -> LexedText {
        var lexer = Lexer(try SourceText(bytes))
        try lexer.run()
        return lexer.result
    }

    private init(_ source: SourceText) {
        self.source = source
        bytes = source.bytes
        result = LexedText(source)
        result.tokens.reserveCapacity(bytes.count / 5 + 1)
    }

    private mutating func run() throws(TextError) {
        while offset < bytes.count {
            let byte = bytes[offset]
            let kind = classes[Int(byte)]
            if kind & CharacterClass.space != 0 {
                offset += 1
            } else if kind & CharacterClass.identifier != 0 || byte == 0x22 {
                try word()
            } else if byte == 0x28 {
                try openParenthesis()
            } else if byte == 0x29 {
                closeParenthesis()
            } else if byte == 0x3B, next(is: 0x3B) {
                lineComment()
            } else if kind & CharacterClass.reserved != 0 {
                append(.reserved, from: offset, data: offset + 1)
                offset += 1
            } else {
                throw source.error("illegal character", at: offset)
            }
        }
        if let annotation { throw source.error("unclosed annotation", at: annotation.start) }
        for place in open { result.tokens[Int(place)].data = .max }
        append(.end, from: bytes.count, data: bytes.count)
    }

    private func next(is byte: UInt8) -> Bool { offset + 1 < bytes.count && bytes[offset + 1] == byte }

    @inline(__always)
    private mutating func append(_ kind: Token.Kind, from start: Int, data: Int) {
        result.tokens.append(
            Token(start: UInt32(truncatingIfNeeded: start), data: UInt32(truncatingIfNeeded: data), kind: kind))
    }

    // MARK: Parentheses and comments

    private mutating func openParenthesis() throws(TextError) {
        if next(is: 0x3B) { return try blockComment() }
        if annotation != nil {
            annotation?.depth += 1
            append(.open, from: offset, data: 0)
            offset += 1
        } else if next(is: 0x40) {
            try openAnnotation()
        } else {
            open.append(UInt32(truncatingIfNeeded: result.tokens.count))
            append(.open, from: offset, data: 0)
            offset += 1
        }
    }

    private mutating func closeParenthesis() {
        if let current = annotation {
            if current.depth == 1 { return closeAnnotation(current) }
            annotation?.depth -= 1
        } else if let place = open.popLast() {
            result.tokens[Int(place)].data = UInt32(truncatingIfNeeded: result.tokens.count)
        }
        append(.close, from: offset, data: offset + 1)
        offset += 1
    }

    private mutating func lineComment() {
        while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
    }

    private mutating func blockComment() throws(TextError) {
        let start = offset
        var depth = 1
        offset += 2
        while depth > 0 {
            guard offset + 1 < bytes.count else { throw source.error("unclosed comment", at: start) }
            if bytes[offset] == 0x28, bytes[offset + 1] == 0x3B {
                depth += 1
                offset += 2
            } else if bytes[offset] == 0x3B, bytes[offset + 1] == 0x29 {
                depth -= 1
                offset += 2
            } else {
                offset += 1
            }
        }
    }

    // MARK: Annotations

    private mutating func openAnnotation() throws(TextError) {
        let start = offset
        offset += 2
        var id: [UInt8] = []
        if offset < bytes.count, bytes[offset] == 0x22 {
            let (end, problem) = StringLiteral.end(bytes, from: offset)
            if problem == .unclosed, end == bytes.count { throw source.error("unclosed string", at: offset) }
            guard problem == nil else { throw source.error("empty annotation id", at: start) }
            StringLiteral.decode(bytes, from: offset, to: end, into: &id)
            guard UTF8Check.isValid(id) else { throw source.error("malformed UTF-8 encoding", at: offset) }
            offset = end
        } else {
            while offset < bytes.count, classes[Int(bytes[offset])] & CharacterClass.identifier != 0 {
                id.append(bytes[offset])
                offset += 1
            }
        }
        guard !id.isEmpty else { throw source.error("empty annotation id", at: start) }
        annotation = OpenAnnotation(id: id, start: start, firstToken: result.tokens.count)
    }

    /// Moves the tokens of an annotation away, so that the assembler does not meet them.
    private mutating func closeAnnotation(_ closed: OpenAnnotation) {
        let first = result.annotationTokens.count
        let count = result.tokens.count - closed.firstToken
        let contents = first..<first + count
        if let kept = Annotation(id: closed.id, start: closed.start, place: closed.firstToken, contents: contents) {
            result.annotations.append(kept)
            result.annotationTokens.append(contentsOf: result.tokens[closed.firstToken...])
            let end = Token(start: UInt32(offset), data: UInt32(offset), kind: .end)
            result.annotationTokens.append(end)
        }
        result.tokens.removeLast(count)
        annotation = nil
        offset += 1
    }

    // MARK: Words

    /// Everything that ends at white space, a parenthesis or a comment.
    private mutating func word() throws(TextError) {
        let start = offset
        var hash = noHash
        var end = start
        let first = bytes[start]
        while end < bytes.count {
            let byte = bytes[end]
            guard classes[Int(byte)] & CharacterClass.identifier != 0 else { break }
            // An identifier's hash is that of its name, without `$`.
            if end != start || byte != 0x24 { hash.combine(byte) }
            end += 1
        }
        if end < bytes.count, bytes[end] == 0x22 { return try wordWithString(from: start, quoteAt: end) }
        offset = end
        if first == 0x24 {
            if end - start > 1 {
                let symbol = result.symbols.symbol(bytes, from: start + 1, to: end, hash: hash)
                append(.identifier, from: start, data: Int(symbol))
            } else if annotation == nil {
                throw source.error("empty identifier", at: start)
            } else {
                append(.reserved, from: start, data: end)
            }
        } else if first >= 0x61, first <= 0x7A {
            keyword(from: start, to: end, hash: hash)
        } else if classes[Int(first)] & CharacterClass.number != 0,
            let kind = NumberSyntax.kind(bytes, from: start, to: end)
        {
            append(kind, from: start, data: end)
        } else {
            append(.reserved, from: start, data: end)
        }
    }

    private mutating func keyword(from start: Int, to end: Int, hash: ByteHash) {
        var token = Token(start: UInt32(start), data: UInt32(end), kind: .keyword)
        if let entry = keywords.find(bytes, from: start, to: end, hash: hash) {
            token.word = entry.word
            token.instruction = entry.instruction
        } else if starts(offsetIs, from: start, to: end) {
            token.word = .offsetIs
        } else if starts(alignIs, from: start, to: end) {
            token.word = .alignIs
        } else if let kind = NumberSyntax.kind(bytes, from: start, to: end) {
            return append(kind, from: start, data: end)
        }
        result.tokens.append(token)
    }

    private func starts(_ prefix: [UInt8], from start: Int, to end: Int) -> Bool {
        guard end - start >= prefix.count else { return false }
        for index in 0..<prefix.count where bytes[start + index] != prefix[index] { return false }
        return true
    }

    /// A string, an identifier in quotation marks, or a string that touches something, which is no token.
    private mutating func wordWithString(from start: Int, quoteAt quote: Int) throws(TextError) {
        let isIdentifier = quote == start + 1 && bytes[start] == 0x24
        var end = try string(at: quote, isIdentifier: isIdentifier)
        if end == bytes.count || classes[Int(bytes[end])] & CharacterClass.identifier == 0 && bytes[end] != 0x22 {
            offset = end
            if start == quote { return append(.string, from: start, data: end) }
            if isIdentifier { return try quotedIdentifier(from: start, to: end) }
        }
        while end < bytes.count {
            if bytes[end] == 0x22 {
                end = try string(at: end, isIdentifier: false)
            } else if classes[Int(bytes[end])] & CharacterClass.identifier != 0 {
                end += 1
            } else {
                break
            }
        }
        offset = end
        append(.reserved, from: start, data: end)
    }

    private func string(at quote: Int, isIdentifier: Bool) throws(TextError) -> Int {
        let (end, problem) = StringLiteral.end(bytes, from: quote)
        guard let problem else { return end }
        if isIdentifier, problem != .illegalEscape { throw source.error("empty identifier", at: quote) }
        switch problem {
        case .unclosed: throw source.error("unclosed string", at: quote)
        case .illegalCharacter: throw source.error("illegal control character in string", at: end)
        case .illegalEscape: throw source.error("illegal escape", at: end)
        }
    }

    private mutating func quotedIdentifier(from start: Int, to end: Int) throws(TextError) {
        var name: [UInt8] = []
        StringLiteral.decode(bytes, from: start + 1, to: end, into: &name)
        guard !name.isEmpty else { throw source.error("empty identifier", at: start) }
        guard UTF8Check.isValid(name) else { throw source.error("malformed UTF-8 encoding", at: start) }
        let symbol = result.symbols.symbol(name, from: 0, to: name.count, hash: ByteHash(name))
        append(.identifier, from: start, data: Int(symbol))
    }
}
