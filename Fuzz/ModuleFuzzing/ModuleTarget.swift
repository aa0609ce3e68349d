internal import Glibc
internal import WasmModule
internal import WasmText

/// Whatever bytes are taken for a module, the result is a module or an error (specs/wasm.md, WASM-9): of a module, each
/// function becomes code that holds together, and its text is assembled to the same again.
package enum ModuleTarget {
    /// Tries the bytes as a module; whether they are a valid one. What must never be ends the program. `prints`: its text too.
    @discardableResult
    package static func take(_ bytes: [UInt8], prints: Bool = true) -> Bool {
        guard let module = try? Module(bytes) else { return false }
        for index in module.bodies.indices { translate(module, index) }
        if prints { checkText(module) }
        return true
    }

    /// Translates a function with a source map and without, which gives the same code, and looks at that.
    private static func translate(_ module: Module, _ index: Int) {
        let code = FunctionTranslator.translate(module, body: index, wantsSourceMap: true)
        if let problem = CodeCheck.problem(of: code) { harm("function \(index): \(problem)") }
        let plain = FunctionTranslator.translate(module, body: index)
        if plain.words != code.words || plain.clauses != code.clauses || plain.frameSlots != code.frameSlots {
            harm("function \(index): the source map changes the code")
        }
        let range = module.bodies[index].range
        if !code.sourceMap.allSatisfy({ $0.word <= code.words.count && range.contains($0.byte) }) {
            harm("function \(index): the source map leaves the code")
        }
        // What the translator cannot read, though validation did, is code that does nothing but trap.
        let first = code.sourceMap.last { $0.word == 0 }
        if code.words.count == 1, first.map({ module.bytes[$0.byte] }) != 0 {
            harm("function \(index) was not translated")
        }
    }

    /// Tries the bytes as a text; whether it is one of a module.
    @discardableResult
    package static func takeText(_ text: [UInt8]) -> Bool {
        _ = try? Script(text)
        do throws(TextError) {
            let bytes = try assemble(text)
            // A module may be quoted as its bytes, which may be anything; whatever else the assembler makes is well-formed:
            // it can be printed, and that assembled again.
            if text.firstRange(of: Array("binary".utf8)) != nil {
                take(bytes, prints: false)
                return true
            }
            guard let printed = try? disassemble(bytes) else { harm("what was assembled cannot be printed") }
            if (try? assemble(printed)) == nil { harm("what was assembled and printed cannot be assembled") }
            take(bytes, prints: false)
            return true
        } catch {
            if error.position.line < 1 || error.position.column < 1 { harm("an error at \(error.position)") }
            return false
        }
    }

    /// A valid module's text is one, and is of a module with the same text and the same code.
    private static func checkText(_ module: Module) {
        guard let text = try? disassemble(module.bytes) else { harm("a valid module cannot be printed") }
        guard let again = try? assemble(text) else { harm("a printed module cannot be assembled") }
        guard let copy = try? Module(again) else { harm("a printed module is not valid any more") }
        guard let printed = try? disassemble(again) else { harm("a printed module cannot be printed") }
        if withoutCustomSections(printed) != withoutCustomSections(text) { harm("a printed module is another one") }
        if copy.bodies.count != module.bodies.count { harm("a printed module has other functions") }
        for index in module.bodies.indices {
            let code = FunctionTranslator.translate(module, body: index)
            let other = FunctionTranslator.translate(copy, body: index)
            if code.words != other.words || code.clauses != other.clauses {
                harm("function \(index): its text does something else")
            }
        }
    }
}

/// A text without its lines of custom sections: their place may be after a section that is empty, and not written again.
private func withoutCustomSections(_ text: [UInt8]) -> [[UInt8].SubSequence] {
    text.split(separator: UInt8(ascii: "\n")).filter { !$0.starts(with: Array("  (@custom".utf8)) }
}

/// Ends the program, saying what must never be.
private func harm(_ problem: String) -> Never {
    print(problem)
    fflush(nil)
    abort()
}
