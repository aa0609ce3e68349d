internal import Glibc
internal import LinuxSystem
internal import OCISpec

/// What a native runtime has written into its log: a JSON object in each line.
package struct NativeLog: Sendable {
    private struct Line: Decodable {
        var level: String?
        var msg: String?
    }

    /// The last error, or the last words of any kind.
    package let reason: String?

    package init(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            try? Document.decode(Line.self, from: Array(line))
        }
        let last = lines.last { $0.level == "error" || $0.level == "fatal" } ?? lines.last
        let text = String(decoding: bytes.suffix(2000), as: UTF8.self)
        reason = last?.msg ?? (text.allSatisfy(\.isWhitespace) ? nil : text)
    }

    /// Reads a log, and removes it.
    init(takenFrom path: String) {
        let file = try? OwnedDescriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        self.init((try? file?.readAll(limit: 1 << 20, name: path)) ?? [])
        unsafe unlink(path)
    }
}
