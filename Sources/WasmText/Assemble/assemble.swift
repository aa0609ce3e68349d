/// A module's text as a binary module (core, chapter 6). The result is well-formed; whether it is valid, the validator
/// says.
package func assemble(_ text: [UInt8]) throws(TextError) -> [UInt8] {
    try assemble(text, quotes: 1)
}

/// A text may be a module that quotes another; how often is bounded.
func assemble(_ text: [UInt8], quotes: Int) throws(TextError) -> [UInt8] {
    let lexed = try Lexer.lex(text)
    var assembler = ModuleAssembler(lexed)
    return try assembler.wholeText(quotes: quotes)
}
