/// A change to one file, decided and not made.
struct InstallEdit: Equatable {
    /// The file.
    let path: String
    /// What it says; `nil` where it is not there.
    let old: String?
    /// What it shall say.
    let new: String
    /// Which service reads it, and only when it starts.
    let service: String

    /// The change for people and `patch`: unified, one hunk, three lines around it.
    var diff: String {
        let before = Self.lines(of: old ?? "")
        let after = Self.lines(of: new)
        let shorter = min(before.count, after.count)
        let same = (0..<shorter).first { before[$0] != after[$0] } ?? shorter
        let room = shorter - same
        let tail = (0..<room).first { before[before.count - 1 - $0] != after[after.count - 1 - $0] } ?? room
        let from = max(0, same - 3)
        let beforeEnd = min(before.count, before.count - tail + 3)
        let afterEnd = min(after.count, after.count - tail + 3)
        var lines = ["--- \(old == nil ? "/dev/null" : path)", "+++ \(path)"]
        lines.append("@@ -\(Self.range(from, beforeEnd)) +\(Self.range(from, afterEnd)) @@")
        lines += before[from..<same].flatMap { Self.marked(" ", $0) }
        lines += before[same..<(before.count - tail)].flatMap { Self.marked("-", $0) }
        lines += after[same..<(after.count - tail)].flatMap { Self.marked("+", $0) }
        lines += before[(before.count - tail)..<beforeEnd].flatMap { Self.marked(" ", $0) }
        return lines.joined(separator: "\n")
    }

    /// Lines with their ends.
    private static func lines(of text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        for byte in text.utf8 {
            line.append(byte)
            if byte == 0x0A {
                lines.append(line)
                line = []
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private static func range(_ from: Int, _ end: Int) -> String { "\(end > from ? from + 1 : from),\(end - from)" }

    private static func marked(_ mark: String, _ line: [UInt8]) -> [String] {
        guard line.last == 0x0A else {
            return [mark + String(decoding: line, as: UTF8.self), "\\ No newline at end of file"]
        }
        return [mark + String(decoding: line.dropLast(), as: UTF8.self)]
    }
}
