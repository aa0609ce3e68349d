package import WasmModule

/// The imports of a module that nobody provides, those of one dialect together: what was missing, and what would provide it.
package struct MissingImports {
    /// Those of one dialect, or of none that is known.
    package struct Group {
        package let dialect: GuestDialect?
        fileprivate(set) package var names: [String]

        /// What is missing, in words: at most so many names, and how many more there are.
        package func reason(naming limit: Int) -> String {
            let list = names.prefix(limit).map { String($0.prefix(200)) }.joined(separator: ", ")
            let more = names.count > limit ? " and \(names.count - limit) more" : ""
            let owner = dialect.map { " (\($0.title))" } ?? ""
            return "\(names.count == 1 ? "import" : "imports") not provided\(owner): \(list)\(more)"
        }

        /// What makes a module of it that can be run.
        package var advice: String {
            dialect?.advice
                ?? "give a module that exports it with --preload NAME=FILE, or build for wasm32-wasip1: wasm-shim "
                + "provides wasi_snapshot_preview1"
        }
    }

    /// In the order in which the first of each was found.
    package private(set) var groups: [Group] = []

    package init() {}

    /// Adds one. `problem` says how what there is differs; `nil` where there is nothing.
    package mutating func add(_ item: Module.Import, problem: String?) {
        let name = "\(item.module).\(item.name)" + (problem.map { " (\($0))" } ?? "")
        let dialect = GuestDialect(item, isProvided: false)
        if let place = groups.firstIndex(where: { $0.dialect == dialect }) {
            groups[place].names.append(name)
        } else {
            groups.append(Group(dialect: dialect, names: [name]))
        }
    }

    /// All of it in one line.
    package func summary(naming limit: Int) -> String {
        groups.map { "\($0.reason(naming: limit)) (\($0.advice))" }.joined(separator: "; ")
    }
}
