internal import ContainerProcess
internal import GuestDialects
internal import OCILayout
internal import OCISpec

/// Saying it.
extension InspectReport {
    /// The report as JSON.
    func json() throws(Failure) -> String {
        try Failure.wrapping { () throws(LayoutError) in
            do throws(SpecError) {
                return String(decoding: try Document.encode(self), as: UTF8.self)
            } catch {
                throw LayoutError(.document(error), at: "--json")
            }
        }
    }

    /// The report for people. Names in it are a module's, so every line is made harmless.
    var text: String {
        var lines = ["\(target): \(found)"]
        lines += verdict
        lines += facts.map { "  \($0.0.padded(to: 10))  \($0.1)" }
        if !imports.isEmpty {
            lines +=
                ["", "  imports (\(imports.count))"]
                + table(
                    imports.map { item in
                        let name = item.name.isEmpty ? item.module : "\(item.module).\(item.name)"
                        return [
                            item.isProvided ? "ok" : "NO", name, Self.described(item.kind, item.type),
                            item.problem ?? "",
                        ]
                    })
        }
        if !exports.isEmpty {
            lines +=
                ["", "  exports (\(exports.count))"]
                + table(exports.map { ["", $0.name, Self.described($0.kind, $0.type ?? "")] })
        }
        return lines.map(CommandLineMain.printable).joined(separator: "\n")
    }

    private var verdict: [String] {
        let begins = function == "_start" && !exports.contains { $0.name == function }
        if runs { return ["  runs        yes: calls \(begins ? "its start function" : function)"] }
        return obstacles.enumerated().map { index, obstacle in
            (index == 0 ? "  runs        no: " : "              and: ") + obstacle.reason
                + (obstacle.advice.map { "; \($0)" } ?? "")
        }
    }

    private var facts: [(String, String)] {
        var facts: [(String, String)] = []
        if let path { facts.append(("file", path)) }
        facts.append(("size", "\(size) bytes"))
        if !dialects.isEmpty { facts.append(("made for", dialects.map(\.title).joined(separator: ", "))) }
        for field in producers.map(\.field).uniqued {
            let tools = producers.filter { $0.field == field }.map {
                $0.version.isEmpty ? $0.name : "\($0.name) \($0.version)"
            }
            facts.append((field == "processed-by" ? "made by" : field, tools.joined(separator: ", ")))
        }
        if functions != nil {
            facts.append(("features", features.isEmpty ? "those of 1.0 only" : features.joined(separator: ", ")))
        }
        for memory in memories { facts.append(("memory \(memory.index)", described(memory))) }
        for table in tables { facts.append(("table \(table.index)", described(table))) }
        if let functions {
            let names = namedFunctions ?? 0
            facts.append(("functions", "\(functions) of its own" + (names == 0 ? ", no names" : ", \(names) names")))
        }
        if let start { facts.append(("start", "function \(start.function)" + (start.name.map { ", \($0)" } ?? ""))) }
        if !customSections.isEmpty {
            facts.append(("sections", customSections.map { "\($0.name) (\($0.size) bytes)" }.joined(separator: ", ")))
        }
        return facts
    }

    private func described(_ storage: Storage) -> String { storage.type + (storage.isImported ? ", imported" : "") }

    private static func described(_ kind: String, _ type: String) -> String {
        kind == "function" ? type : type.isEmpty ? kind : "\(kind): \(type)"
    }

    /// Lines of columns, indented; the first and last as wide as they are.
    private func table(_ rows: [[String]]) -> [String] {
        // A few long names do not push all types out of sight.
        let width = min(rows.map { $0[1].count }.max() ?? 0, 48)
        return rows.map { row in
            let rest = row.dropFirst(2).filter { !$0.isEmpty }.joined(separator: "  ")
            return (row[0].isEmpty ? "    " : "    \(row[0])  ") + row[1].padded(to: width) + "  " + rest
        }
    }
}

extension String {
    /// With spaces behind it.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension [String] {
    /// Each once, where it first stands.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
