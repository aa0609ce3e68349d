/// Type uses (core, 6.4.9): a type's index, an inline signature, or both.
extension ModuleAssembler {
    /// What becomes of parameters' names.
    enum ParameterNames {
        /// They are locals.
        case locals
        /// They may be there, and mean nothing.
        case ignored
        /// There may be none.
        case forbidden
    }

    /// Reads a type use and gives the type's index.
    mutating func typeUse(names: ParameterNames) throws(TextError) -> UInt32 {
        let start = cursor.token
        let explicit = try explicitType()
        try signature(names: names)
        return try typeIndex(explicit, at: start, names: names)
    }

    /// `(type …)`, if it is next.
    mutating func explicitType() throws(TextError) -> UInt32? {
        guard cursor.takeOpen(.type) else { return nil }
        let index = try cursor.index(in: types, "type")
        try cursor.close()
        return index
    }

    /// The type that an explicit index and `signature` together mean.
    mutating func typeIndex(
        _ explicit: UInt32?, at start: Token, names: ParameterNames
    ) throws(TextError) -> UInt32 {
        guard let explicit else { return implicitType() }
        let definition = Int(explicit) < signatures.count ? signatures[Int(explicit)] : nil
        if signature.isEmpty {
            if case .locals = names { locals.add(unnamed: definition?.parameterCount ?? 0) }
        } else if Int(explicit) >= signatures.count {
            throw cursor.error("unknown type \(explicit)", at: start)
        } else if definition != signature {
            throw cursor.error("inline function type: it is not that of type \(explicit)", at: start)
        }
        return explicit
    }

    /// The first type of the module that has the signature; a new one where none has.
    private mutating func implicitType() -> UInt32 {
        if let index = typesBySignature[signature] { return index }
        let index = UInt32(signatures.count)
        signatures.append(signature)
        typesBySignature[signature] = index
        implicitTypes.append(signature)
        return index
    }

    /// Writes the types that only type uses made.
    mutating func writeImplicitTypes() {
        for signature in implicitTypes {
            sections.types.beginElement()
            signature.write(to: &sections.types.bytes)
        }
        implicitTypes.removeAll()
    }

    /// Reads parameters and results into `signature`.
    mutating func signature(names: ParameterNames) throws(TextError) {
        signature.removeAll()
        while cursor.takeOpen(.param) {
            if isBeforeName {
                if case .forbidden = names { throw cursor.unexpected() }
                if case .locals = names { try namedLocal() } else { _ = try name(of: cursor.takeIdentifier()) }
                try cursor.valueType(types, to: &signature.parameters)
                signature.parameterCount += 1
            } else {
                while cursor.token.kind != .close {
                    try cursor.valueType(types, to: &signature.parameters)
                    signature.parameterCount += 1
                    if case .locals = names { locals.add(unnamed: 1) }
                }
            }
            try cursor.close()
        }
        while cursor.takeOpen(.result) {
            while cursor.token.kind != .close {
                try cursor.valueType(types, to: &signature.results)
                signature.resultCount += 1
            }
            try cursor.close()
        }
        // Results come last.
        if cursor.opens(.param) { throw cursor.unexpected() }
    }

    /// A parameter or local with the name that is next.
    mutating func namedLocal() throws(TextError) {
        let token = cursor.token
        let symbol = cursor.takeIdentifier()
        let index = locals.count
        guard locals.add(symbol) else {
            throw cursor.error("duplicate local \(cursor.spelling(of: token))", at: token)
        }
        if let name = try name(of: symbol) { localNames.add(index, name) }
    }
}
