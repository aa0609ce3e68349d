/// Functions with a body (core, 6.6.5), and constant expressions.
extension ModuleAssembler {
    /// `(func …)`.
    mutating func functionField() throws(TextError) {
        let index = try functionName()
        try inlineExports(.function, index)
        if try inlineImport() { return try importedFunction() }
        beginDefinition("function")
        locals.reset()
        let type = try typeUse(names: .locals)
        sections.functions.beginElement()
        sections.functions.bytes.appendUnsigned(type)
        clearCode()
        try localDeclarations()
        isInFunction = true
        try instructions()
        isInFunction = false
        code.append(0x0B)
        sections.code.beginElement()
        sections.code.bytes.appendCount(code.count)
        sections.code.bytes += code
        sections.names.locals.add(index, &localNames)
        sections.names.labels.add(index, &labelNames)
        if hints.count > 0 {
            sections.branchHints.beginElement()
            sections.branchHints.bytes.appendUnsigned(index)
            hints.write(to: &sections.branchHints.bytes)
            hints.removeAll()
        }
    }

    /// The identifier and name of a function, which counts it.
    @discardableResult
    mutating func functionName() throws(TextError) -> UInt32 {
        try defined(\.functions, names: \.functions)
    }

    /// The type of an imported function.
    mutating func importedFunction() throws(TextError) {
        locals.reset()
        localNames.removeAll()
        sections.imports.bytes.append(ExternalKind.function.rawValue)
        sections.imports.bytes.appendUnsigned(try typeUse(names: .locals))
        localNames.removeAll()
    }

    /// Locals, of which the binary format counts neighbours of the same type together.
    private mutating func localDeclarations() throws(TextError) {
        var groups = BinaryVector()
        var type: [UInt8] = []
        var next: [UInt8] = []
        var count: UInt32 = 0
        while cursor.takeOpen(.local) {
            let isNamed = isBeforeName
            if isNamed { try namedLocal() }
            while isNamed || cursor.token.kind != .close {
                next.removeAll(keepingCapacity: true)
                try cursor.valueType(types, to: &next)
                if !isNamed { locals.add(unnamed: 1) }
                if next == type {
                    count += 1
                } else {
                    flush(count, type, to: &groups)
                    swap(&type, &next)
                    count = 1
                }
                if isNamed { break }
            }
            try cursor.close()
        }
        flush(count, type, to: &groups)
        groups.write(to: &code)
    }

    private func flush(_ count: UInt32, _ type: [UInt8], to groups: inout BinaryVector) {
        guard count > 0 else { return }
        groups.beginElement()
        groups.bytes.appendUnsigned(count)
        groups.bytes += type
    }

    /// Reads the instructions of a constant expression up to a closing parenthesis; `code` is then the expression.
    mutating func constantExpression() throws(TextError) {
        clearCode()
        try instructions()
        code.append(0x0B)
    }

    /// Reads one folded instruction, which is a constant expression; `code` is then the expression.
    mutating func foldedConstantExpression() throws(TextError) {
        clearCode()
        guard cursor.token.kind == .open else { throw cursor.unexpected() }
        try instructions(onlyOne: true)
        code.append(0x0B)
    }
}
