/// Uses of indices.
extension Cursor {
    /// The index of something: a number, or what an identifier stands for.
    @inline(__always)
    mutating func index(in space: borrowing IndexSpace, _ kind: StaticString) throws(TextError) -> UInt32 {
        guard let index = try optionalIndex(in: space, kind) else { throw unexpected() }
        return index
    }

    /// The index of something, if a number or an identifier is next.
    mutating func optionalIndex(in space: borrowing IndexSpace, _ kind: StaticString) throws(TextError) -> UInt32? {
        let token = token
        if token.kind == .identifier {
            guard let index = space[token.data] else {
                throw error("unknown \(kind) \(spelling(of: token))")
            }
            advance()
            return index
        }
        return try takeU32()
    }
}
