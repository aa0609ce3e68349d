/// A module in a script.
package struct ScriptModule: Sendable {
    /// How it is written.
    package enum Form: Sendable {
        /// As text, which is part of the script's.
        case text
        /// As the bytes of a binary module, in strings.
        case binary
        /// As text in strings, so that it need not even have tokens.
        case quote
    }

    package let name: String?
    package let form: Form
    /// The binary module, or why the text is none. Positions in a quoted text count from its own beginning.
    package let binary: Result<[UInt8], TextError>
}
