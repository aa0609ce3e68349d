/// The first pass: what every name stands for, because any may be used before it is given.
extension ModuleAssembler {
    /// Reads the names of all fields up to a token.
    mutating func learnNames(to end: Int) throws(TextError) {
        while cursor.place < end {
            let start = cursor.token
            guard start.kind == .open else { throw cursor.unexpected() }
            let close = Int(start.data)
            guard close < text.tokens.count else { throw cursor.unclosed(start) }
            try learnName(to: close)
            cursor.place = close + 1
        }
    }

    private mutating func learnName(to close: Int) throws(TextError) {
        cursor.advance()
        var word = cursor.token.word
        cursor.advance()
        if word == .rec {
            while cursor.place < close {
                let inner = cursor.token
                guard cursor.takeOpen(.type) else { throw cursor.unexpected() }
                try add(to: \.types, "type")
                cursor.place = Int(inner.data) + 1
            }
            return
        }
        if word == .import {
            // Two strings, and a field in parentheses.
            cursor.place += 2
            guard cursor.token.kind == .open else { return }
            cursor.advance()
            word = cursor.token.word
            cursor.advance()
        }
        switch word {
        case .type: try add(to: \.types, "type")
        case .func: try add(to: \.functions, "func")
        case .table:
            try add(to: \.tables, "table")
            if hasPart(.elem, to: close) { _ = elements.add(nil) }
        case .memory:
            try add(to: \.memories, "memory")
            if hasPart(.data, to: close) { _ = data.add(nil) }
        case .global: try add(to: \.globals, "global")
        case .tag: try add(to: \.tags, "tag")
        case .elem: try add(to: \.elements, "elem")
        case .data: try add(to: \.data, "data")
        default: break
        }
    }

    private mutating func add(
        to space: WritableKeyPath<Self, IndexSpace>, _ kind: String
    ) throws(TextError) {
        let token = cursor.token
        guard self[keyPath: space].add(cursor.takeIdentifier()) else {
            throw cursor.error("duplicate \(kind) \(cursor.spelling(of: token))", at: token)
        }
    }

    /// Whether a part in parentheses that begins with this word is in the field.
    private func hasPart(_ word: Word, to close: Int) -> Bool {
        var cursor = cursor
        while cursor.place < close {
            if cursor.opens(word) { return true }
            cursor.place = (cursor.token.kind == .open ? Int(cursor.token.data) : cursor.place) + 1
        }
        return false
    }
}
