/// Which file is the module and which of its functions starts the program: `file.wasm#function`.
package struct Entrypoint: Equatable, Sendable {
    /// The function where none is named (WASI, "commands").
    package static let defaultFunction = "_start"

    /// The file, as written; empty where only a function was named.
    package let path: String
    /// The exported function.
    package let function: String

    /// Splits at the first `#`.
    package init(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        let named = parts.count == 2 ? String(parts[1]) : ""
        function = named.isEmpty ? Entrypoint.defaultFunction : named
    }

    /// Where to look for the file inside a root folder, in order (rule BUN-7): a path with
    /// more than one component relative to the working folder, a bare name in every folder of `searchPath`, then in
    /// the working folder.
    package func candidates(workingFolder: String, searchPath: String?) -> [String] {
        if path.utf8.first == UInt8(ascii: "/") { return [path] }
        let here = "\(workingFolder)/\(path)"
        if path.utf8.contains(UInt8(ascii: "/")) { return [here] }
        let folders = (searchPath ?? "").split(separator: ":").map(String.init)
        return folders.map { "\($0.hasPrefix("/") ? $0 : "\(workingFolder)/\($0)")/\(path)" } + [here]
    }
}
