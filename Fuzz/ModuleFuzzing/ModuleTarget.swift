internal import Glibc
internal import WasmModule
internal import WasmText

/// Whatever bytes are taken for a module, the result is a module or an error (specs/wasm.md, WASM-30): of a module, each
/// function becomes code that holds together, and its text is assembled to the same again.
package enum ModuleTarget {
    /// Tries the bytes as a module; whether they are a valid one. What must never be ends the program.
    @discardableResult
    package static func take(_ bytes: [UInt8]) -> Bool {
        guard let module = try? Module(bytes) else { return false }
        for index in module.bodies.indices {
            let code = FunctionTranslator.translate(module, body: index)
            if let problem = CodeCheck.problem(of: code) { harm("function \(index): \(problem)") }
        }
        if bytes.count % 8 == 0 { checkText(bytes) }
        return true
    }

    /// Tries the bytes as a text; whether it is one of a module.
    @discardableResult
    package static func takeText(_ text: [UInt8]) -> Bool {
        guard let bytes = try? assemble(text) else { return false }
        _ = try? Module(bytes)
        return true
    }

    /// A valid module's text is one, and is of a module with the same text.
    private static func checkText(_ bytes: [UInt8]) {
        guard let text = try? disassemble(bytes) else { harm("a valid module cannot be printed") }
        guard let again = try? assemble(text) else { harm("a printed module cannot be assembled") }
        guard (try? Module(again)) != nil else { harm("a printed module is not valid any more") }
        guard let printed = try? disassemble(again) else { harm("a printed module cannot be printed") }
        if withoutCustomSections(printed) != withoutCustomSections(text) { harm("a printed module is another one") }
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
