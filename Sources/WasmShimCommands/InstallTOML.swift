/// A TOML document, read as far as adding a table to it needs: which tables and keys there are, and the values that
/// decide something. What it cannot read, it refuses.
struct InstallTOML {
    /// A value, as far as we look at it.
    enum Value: Equatable {
        case string(String)
        case integer(Int)
        case list([Value])
        /// A table in braces: nothing can be added to it from outside.
        case inlineTable
        /// A number with a fraction, a truth value, a date.
        case other
    }

    /// The tables that have a header of their own.
    private(set) var tables: Set<[String]> = []
    /// Every key with its table's path, and what it is set to.
    private(set) var values: [[String]: Value] = [:]
    /// Paths of lists of tables (`[[name]]`).
    private(set) var tableLists: Set<[String]> = []

    /// Reads a whole document.
    init(_ text: String) throws(TOMLProblem) {
        var reader = InstallTOMLReader(text)
        var table: [String] = []
        while try reader.skipToContent() {
            switch reader.peek {
            case UInt8(ascii: "["):
                let header = try reader.header()
                table = header.path
                if header.isList {
                    guard !tables.contains(table), values[table] == nil else { throw reader.problem("defined twice") }
                    tableLists.insert(table)
                    // Its keys may come again in each element.
                    forget(below: table)
                } else {
                    guard values[table] == nil, !tableLists.contains(table), tables.insert(table).inserted else {
                        throw reader.problem("the table \(Self.text(of: table)) is defined twice")
                    }
                }
            default:
                let path = try table + reader.keyPath(until: UInt8(ascii: "="))
                guard values[path] == nil, !tables.contains(path), !tableLists.contains(path) else {
                    throw reader.problem("the key \(Self.text(of: path)) is defined twice")
                }
                values[path] = try reader.value()
            }
            try reader.endOfLine()
        }
    }

    private mutating func forget(below list: [String]) {
        tables = tables.filter { !$0.starts(with: list) }
        values = values.filter { !$0.key.starts(with: list) }
    }

    /// Whether anything is at a path: a table, or something in it.
    func has(_ path: [String]) -> Bool {
        tables.contains { $0.starts(with: path) } || values.keys.contains { $0.starts(with: path) }
    }

    /// What keeps a table from being added: a part of its path that has a value, or is a list.
    func obstacle(to path: [String]) -> [String]? {
        (1...path.count).map { Array(path.prefix($0)) }.first { values[$0] != nil || tableLists.contains($0) }
    }

    /// A path as it is written in a header.
    static func text(of path: [String]) -> String {
        path.map { part in
            let isBare = !part.isEmpty && part.utf8.allSatisfy(InstallTOMLReader.isBare)
            return isBare ? part : "\"\(part)\""
        }.joined(separator: ".")
    }
}

/// What is wrong with a document, and where.
struct TOMLProblem: Error, Equatable {
    let reason: String
    let line: Int
}
