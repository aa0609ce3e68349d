/// Types (core, 6.4).
extension ModuleAssembler {
    /// Reads all type definitions up to a token, and writes them.
    mutating func learnTypes(to end: Int) throws(TextError) {
        var index: UInt32 = 0
        while cursor.place < end {
            let close = Int(cursor.token.data)
            if cursor.takeOpen(.rec) {
                sections.types.beginElement()
                sections.types.bytes.append(0x4E)
                var group = cursor
                var size = 0
                while group.place < close {
                    group.place = Int(group.token.data) + 1
                    size += 1
                }
                sections.types.bytes.appendCount(size)
                for _ in 0..<size {
                    try cursor.open()
                    cursor.advance()
                    try typeDefinition(index, isAlone: size == 1)
                    index += 1
                }
                try cursor.close()
            } else if cursor.takeOpen(.type) {
                sections.types.beginElement()
                try typeDefinition(index, isAlone: true)
                index += 1
            } else {
                cursor.place = close + 1
            }
        }
    }

    private mutating func typeDefinition(_ index: UInt32, isAlone: Bool) throws(TextError) {
        let symbol = cursor.takeIdentifier()
        if let name = try name(of: symbol) { sections.names.types.add(index, name) }
        try cursor.open()
        var isPlain = true
        if cursor.take(.sub) {
            isPlain = try subtype()
            try cursor.open()
            try compositeType(index, isPlain: isPlain && isAlone)
            try cursor.close()
        } else {
            try compositeType(index, isPlain: isAlone)
        }
        try cursor.close()
    }

    /// What stands before the composite type; whether that is nothing in the binary format.
    private mutating func subtype() throws(TextError) -> Bool {
        let isFinal = cursor.take(.final)
        var supertypes = BinaryVector()
        while let index = try optionalIndex(in: types, "type") {
            supertypes.beginElement()
            supertypes.bytes.appendUnsigned(index)
        }
        if isFinal, supertypes.count == 0 { return true }
        sections.types.bytes.append(isFinal ? 0x4F : 0x50)
        supertypes.write(to: &sections.types.bytes)
        return false
    }

    private mutating func compositeType(_ index: UInt32, isPlain: Bool) throws(TextError) {
        if cursor.take(.func) {
            try signature(names: .ignored)
            signature.write(to: &sections.types.bytes)
            signatures.append(signature)
            if isPlain, typesBySignature[signature] == nil { typesBySignature[signature] = index }
        } else if cursor.take(.array) {
            signatures.append(nil)
            sections.types.bytes.append(0x5E)
            try fieldType()
        } else if cursor.take(.struct) {
            signatures.append(nil)
            try structure(index)
        } else {
            throw cursor.unexpected()
        }
        try cursor.close()
    }

    private mutating func structure(_ type: UInt32) throws(TextError) {
        let outer = sections.types.bytes.count
        var count: UInt32 = 0
        var names = NameMap()
        while cursor.takeOpen(.field) {
            let token = cursor.token
            if let symbol = cursor.takeIdentifier() {
                guard fields.updateValue(count, forKey: UInt64(type) << 32 | UInt64(symbol)) == nil else {
                    throw cursor.error("duplicate field \(cursor.spelling(of: token))", at: token)
                }
                if let name = try name(of: symbol) { names.add(count, name) }
                try fieldType()
                count += 1
            } else {
                while cursor.token.kind != .close {
                    try fieldType()
                    count += 1
                }
            }
            try cursor.close()
        }
        var start: [UInt8] = [0x5F]
        start.appendUnsigned(count)
        sections.types.bytes.insert(contentsOf: start, at: outer)
        sections.names.fields.add(type, &names)
    }

    /// A field's type, written to the type section.
    private mutating func fieldType() throws(TextError) {
        let isMutable = cursor.takeOpen(.mut)
        if cursor.take(.i8) {
            sections.types.bytes.append(0x78)
        } else if cursor.take(.i16) {
            sections.types.bytes.append(0x77)
        } else {
            try valueType(to: &sections.types.bytes)
        }
        if isMutable { try cursor.close() }
        sections.types.bytes.append(isMutable ? 1 : 0)
    }

    // MARK: Value types

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
        shortReferenceType(cursor.token.word) != nil || cursor.opens(.ref)
    }

    /// Reads a value type and appends its bytes.
    mutating func valueType(to bytes: inout [UInt8]) throws(TextError) {
        if let number = numberType(cursor.token.word) {
            cursor.advance()
            bytes.append(number)
        } else {
            try referenceType(to: &bytes)
        }
    }

    /// Reads a reference type and appends its bytes.
    mutating func referenceType(to bytes: inout [UInt8]) throws(TextError) {
        if let short = shortReferenceType(cursor.token.word) {
            cursor.advance()
            bytes.append(short)
            return
        }
        guard cursor.takeOpen(.ref) else { throw cursor.unexpected() }
        if !cursor.take(.null) {
            bytes.append(0x64)
        } else if abstractHeapType(cursor.token.word) == nil {
            bytes.append(0x63)
        }
        try heapType(to: &bytes)
        try cursor.close()
    }

    /// Reads a heap type and appends its bytes.
    mutating func heapType(to bytes: inout [UInt8]) throws(TextError) {
        if let abstract = abstractHeapType(cursor.token.word) {
            cursor.advance()
            bytes.append(abstract)
        } else {
            bytes.appendSigned(Int64(try index(in: types, "type")))
        }
    }

    /// Reads a reference type in the two parts that casts have: whether null is one of its values, and its heap type.
    mutating func castType(to bytes: inout [UInt8]) throws(TextError) -> Bool {
        if let short = shortReferenceType(cursor.token.word) {
            cursor.advance()
            bytes.append(short)
            return true
        }
        guard cursor.takeOpen(.ref) else { throw cursor.unexpected() }
        let isNullable = cursor.take(.null)
        try heapType(to: &bytes)
        try cursor.close()
        return isNullable
    }
}
