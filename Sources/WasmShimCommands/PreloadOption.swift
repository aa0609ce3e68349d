/// What `--preload` takes: `NAME=FILE`.
struct PreloadOption: Equatable, Sendable {
    /// The module name of the imports that the file provides.
    let name: String
    let path: String

    init(_ text: String) throws(UsageError) {
        guard let equals = text.firstIndex(of: "=") else { throw UsageError.preload(text, reason: "there is no =") }
        name = String(text[..<equals])
        path = String(text[text.index(after: equals)...])
        guard !name.isEmpty else { throw UsageError.preload(text, reason: "NAME is empty") }
        guard !path.isEmpty else { throw UsageError.preload(text, reason: "FILE is empty") }
    }
}
