/// Value types (core, 6.4.1 to 6.4.4); each is read and its bytes appended. A type's own name is looked up in `types`.
extension Cursor {
    /// A value type's bytes.
    func numberType(_ word: Word) -> UInt8? {
        switch word {
        case .i32: 0x7F
        case .i64: 0x7E
        case .f32: 0x7D
        case .f64: 0x7C
        case .v128: 0x7B
        default: nil
        }
    }

    /// A reference type of one word.
    func shortReferenceType(_ word: Word) -> UInt8? {
        switch word {
        case .funcref: 0x70
        case .externref: 0x6F
        case .anyref: 0x6E
        case .eqref: 0x6D
        case .i31ref: 0x6C
        case .structref: 0x6B
        case .arrayref: 0x6A
        case .exnref: 0x69
        case .nullref: 0x71
        case .nullfuncref: 0x73
        case .nullexternref: 0x72
        case .nullexnref: 0x74
        default: nil
        }
    }

    /// An abstract heap type.
    private func abstractHeapType(_ word: Word) -> UInt8? {
        switch word {
        case .func: 0x70
        case .extern: 0x6F
        case .any: 0x6E
        case .eq: 0x6D
        case .i31: 0x6C
        case .struct: 0x6B
        case .array: 0x6A
        case .exn: 0x69
        case .none: 0x71
        case .nofunc: 0x73
        case .noextern: 0x72
        case .noexn: 0x74
        default: nil
        }
    }

    /// Whether a reference type is next.
    var isBeforeReferenceType: Bool {
        shortReferenceType(token.word) != nil || opens(.ref)
    }

    /// Reads a value type and appends its bytes.
    mutating func valueType(_ types: borrowing IndexSpace, to bytes: inout [UInt8]) throws(TextError) {
        if let number = numberType(token.word) {
            advance()
            bytes.append(number)
        } else {
            try referenceType(types, to: &bytes)
        }
    }

    /// Reads a reference type and appends its bytes.
    mutating func referenceType(_ types: borrowing IndexSpace, to bytes: inout [UInt8]) throws(TextError) {
        if let short = shortReferenceType(token.word) {
            advance()
            bytes.append(short)
            return
        }
        guard takeOpen(.ref) else { throw unexpected() }
        if !take(.null) {
            bytes.append(0x64)
        } else if abstractHeapType(token.word) == nil {
            bytes.append(0x63)
        }
        try heapType(types, to: &bytes)
        try close()
    }

    /// Reads a heap type and appends its bytes.
    mutating func heapType(_ types: borrowing IndexSpace, to bytes: inout [UInt8]) throws(TextError) {
        if let abstract = abstractHeapType(token.word) {
            advance()
            bytes.append(abstract)
        } else {
            bytes.appendSigned(Int64(try index(in: types, "type")))
        }
    }

    /// Reads a reference type in the two parts that casts have: whether null is one of its values, and its heap type.
    mutating func castType(_ types: borrowing IndexSpace, to bytes: inout [UInt8]) throws(TextError) -> Bool {
        if let short = shortReferenceType(token.word) {
            advance()
            bytes.append(short)
            return true
        }
        guard takeOpen(.ref) else { throw unexpected() }
        let isNullable = take(.null)
        try heapType(types, to: &bytes)
        try close()
        return isNullable
    }
}
