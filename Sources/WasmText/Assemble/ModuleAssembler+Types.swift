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
        while let index = try cursor.optionalIndex(in: types, "type") {
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
            if isBeforeName {
                let symbol = cursor.takeIdentifier()
                if let symbol, fields.updateValue(count, forKey: UInt64(type) << 32 | UInt64(symbol)) != nil {
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
            try cursor.valueType(types, to: &sections.types.bytes)
        }
        if isMutable { try cursor.close() }
        sections.types.bytes.append(isMutable ? 1 : 0)
    }
}
