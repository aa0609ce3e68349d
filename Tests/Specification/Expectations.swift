import Foundation

/// The commands of the suite that are known to fail, with the reasons why: lines of `SCRIPT line N: reason`.
package struct Expectations: Sendable {
    /// By script: the lines.
    private var lines: [String: Set<Int>] = [:]

    package init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count >= 3, words[1] == "line", let number = Int(words[2].prefix { $0 != ":" }) else {
                continue
            }
            lines[String(words[0]), default: []].insert(number)
        }
    }

    package init(contentsOf path: String) throws {
        self.init(try String(contentsOfFile: path, encoding: .utf8))
    }

    /// The failures that are not listed.
    package func unexpected(_ counts: ScriptRunner.Counts, in script: String) -> [ScriptRunner.Failure] {
        counts.failures.filter { lines[script]?.contains($0.line) != true }
    }

    /// The lines that are listed as failing, and do not fail.
    package func cured(_ counts: ScriptRunner.Counts, in script: String) -> [Int] {
        (lines[script] ?? []).subtracting(counts.failures.map(\.line)).sorted()
    }
}
