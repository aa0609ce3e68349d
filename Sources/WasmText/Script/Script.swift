/// A test script (`.wast`): commands, of which each stands for itself. Modules are assembled already; what a command's
/// module cannot be assembled for is part of its value, because some commands say that it cannot.
package struct Script: Sendable {
    /// In the order of the text.
    package let commands: [ScriptCommand]

    /// Reads a script. Throws where it is no script at all; a text that is only a module's fields is one, too.
    package init(_ text: [UInt8]) throws(TextError) {
        var reader = ScriptReader(try Lexer.lex(text))
        commands = try reader.commands()
    }
}
