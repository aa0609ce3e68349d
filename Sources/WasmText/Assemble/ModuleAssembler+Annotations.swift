/// Annotations that mean something (core, appendix 7.4 and 7.5).
extension ModuleAssembler {
    /// The places, among the text's annotations, of those that stand before a token.
    private func annotations(at place: Int) -> Range<Int> {
        guard !text.annotations.isEmpty else { return 0..<0 }
        let start = firstAnnotation(from: place)
        var end = start
        while end < text.annotations.count, text.annotations[end].place == place { end += 1 }
        return start..<end
    }

    private func firstAnnotation(from place: Int) -> Int {
        var low = 0
        var high = text.annotations.count
        while low < high {
            let middle = (low + high) / 2
            if text.annotations[middle].place < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func error(_ reason: String, _ annotation: Annotation) -> TextError {
        text.source.error("\(annotation.title) annotation: \(reason)", at: annotation.start)
    }

    /// What is in an annotation.
    private func contents(of annotation: Annotation) -> Cursor {
        // Its own end stands behind the tokens.
        Cursor(
            text.source, Array(text.annotationTokens[annotation.contents.lowerBound...annotation.contents.upperBound]))
    }

    // MARK: Names

    /// The name of something with this identifier, behind which the cursor is: its own, or that of an annotation.
    mutating func name(of symbol: UInt32?) throws(TextError) -> [UInt8]? {
        if let name = try nameAnnotation() { return name }
        return symbol.map { Array(text.symbols.spelling(of: $0)) }
    }

    /// The name in the first `(@name "…")` before the cursor that was not used yet.
    mutating func nameAnnotation() throws(TextError) -> [UInt8]? {
        for index in annotations(at: cursor.place) {
            let annotation = text.annotations[index]
            guard annotation.kind == .name, !usedAnnotations[index] else { continue }
            usedAnnotations[index] = true
            var inner = contents(of: annotation)
            guard inner.token.kind == .string else { throw error("missing name", annotation) }
            let name = try inner.name()
            guard inner.token.kind == .end else { throw error("unexpected token", annotation) }
            return name
        }
        return nil
    }

    /// A module's name may not be annotated twice.
    func checkOnlyName() throws(TextError) {
        for index in annotations(at: cursor.place) where !usedAnnotations[index] {
            let annotation = text.annotations[index]
            if annotation.kind == .name { throw error("multiple module names", annotation) }
        }
    }

    /// Whether an identifier is next, or an annotation that stands for one.
    var isBeforeName: Bool {
        if cursor.token.kind == .identifier { return true }
        return annotations(at: cursor.place).contains { text.annotations[$0].kind == .name && !usedAnnotations[$0] }
    }

    // MARK: Custom sections

    /// Takes the custom sections that are asked for before the cursor.
    mutating func customAnnotations() throws(TextError) {
        for index in annotations(at: cursor.place) where text.annotations[index].kind == .custom {
            guard !usedAnnotations[index] else { continue }
            usedAnnotations[index] = true
            sections.custom.append(try customSection(text.annotations[index]))
        }
    }

    private func customSection(_ annotation: Annotation) throws(TextError) -> CustomSection {
        var inner = contents(of: annotation)
        guard inner.token.kind == .string else { throw error("missing section name", annotation) }
        let name = try inner.string()
        guard UTF8Check.isValid(name) else { throw error("malformed UTF-8 encoding", annotation) }
        var place = CustomSection.Place.last
        var isAfter = true
        if inner.token.kind == .open {
            inner.advance()
            guard inner.token.word == .before || inner.token.word == .after else {
                throw error("malformed placement: it is (before …) or (after …)", annotation)
            }
            isAfter = inner.token.word == .after
            inner.advance()
            guard let section = CustomSection.Place(inner.token.word) else {
                throw error("malformed section kind", annotation)
            }
            place = section
            inner.advance()
            guard inner.takeClose() else { throw error("unexpected token", annotation) }
        }
        let contents = inner.strings()
        guard inner.token.kind == .end else { throw error("unexpected token", annotation) }
        return CustomSection(place: place, isAfter: isAfter, name: name, contents: contents)
    }

    // MARK: Branch hints

    /// The hint before the instruction that begins with the token at `place`.
    mutating func branchHint(before instruction: InstructionCode, at place: Int) throws(TextError) -> UInt8? {
        var hint: UInt8?
        for index in annotations(at: place) where text.annotations[index].kind == .branchHint {
            let annotation = text.annotations[index]
            usedAnnotations[index] = true
            guard isInFunction else { throw error("not in a function", annotation) }
            guard hint == nil else { throw error("duplicate annotation", annotation) }
            guard instruction.prefix == 0, instruction.opcode == 0x04 || instruction.opcode == 0x0D else {
                throw error("invalid target: it stands before if or br_if", annotation)
            }
            var inner = contents(of: annotation)
            let bytes = inner.strings()
            guard inner.token.kind == .end, bytes == [0] || bytes == [1] else {
                throw error("invalid value: it is \"\\00\" or \"\\01\"", annotation)
            }
            hint = bytes[0]
        }
        return hint
    }

    // MARK: The rest

    /// Every annotation between two tokens must have been used.
    func checkAnnotations(from start: Int, to end: Int) throws(TextError) {
        guard !text.annotations.isEmpty else { return }
        var index = firstAnnotation(from: start)
        while index < text.annotations.count, text.annotations[index].place <= end {
            let annotation = text.annotations[index]
            if !usedAnnotations[index] {
                if annotation.kind == .branchHint, !isInFunction { throw error("not in a function", annotation) }
                throw text.source.error("misplaced \(annotation.title) annotation", at: annotation.start)
            }
            index += 1
        }
    }
}
