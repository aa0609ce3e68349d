/// Writes the tar stream of a layer (POSIX.1-1988 "ustar" headers): folders and files of nobody's time, so that the same
/// content always has the same digest.
struct TarWriter {
    /// The stream so far, without its end.
    private var bytes: [UInt8] = []

    /// The whole stream: what was added, and the two blocks of zeros that end it.
    var stream: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// The longest path that has room in a header.
    static let pathLimit = 100

    /// Adds a folder; `path` is relative.
    mutating func addFolder(_ path: String) { bytes += header(path + "/", type: "5", mode: "0000755", size: 0) }

    /// Adds a file; `path` is relative.
    mutating func addFile(_ path: String, _ content: [UInt8]) {
        bytes += header(path, type: "0", mode: "0000755", size: content.count)
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    private func header(_ path: String, type: Character, mode: String, size: Int) -> [UInt8] {
        func field(_ text: String, _ width: Int) -> [UInt8] {
            let content = Array(text.utf8.prefix(width))
            return content + [UInt8](repeating: 0, count: width - content.count)
        }
        func octal(_ value: Int, _ digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        var block = field(path, 100) + field(mode, 8) + field("0000000", 8) + field("0000000", 8)
        block += field(octal(size, 11), 12) + field("00000000000", 12) + Array("        ".utf8)
        block += field(String(type), 1) + field("", 100) + field("ustar", 6) + Array("00".utf8)
        block += field("", 512 - block.count)
        let sum = block.reduce(0) { $0 + Int($1) }
        block.replaceSubrange(148..<156, with: field(octal(sum, 6), 7) + Array(" ".utf8))
        return block
    }
}
