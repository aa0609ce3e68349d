/// Writes tar archives entry by entry, good ones and bad ones (POSIX, "ustar Interchange Format").
package struct TarBuilder: Sendable {
    /// The archive so far, without the blocks that end it.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// The archive with the two zero blocks that end it.
    package var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    /// Adds a regular file.
    package func file(_ name: String, _ content: String = "", mode: Int = 0o644) -> TarBuilder {
        file(name, Array(content.utf8), mode: mode)
    }

    /// Adds a regular file.
    package func file(_ name: String, _ content: [UInt8], mode: Int = 0o644) -> TarBuilder {
        entry(TarBuilder.header(name: name, size: content.count, type: "0", mode: mode), content)
    }

    /// Adds a folder.
    package func folder(_ name: String, mode: Int = 0o755) -> TarBuilder {
        entry(TarBuilder.header(name: name, type: "5", mode: mode))
    }

    /// Adds a symbolic link.
    package func symbolicLink(_ name: String, to target: String) -> TarBuilder {
        entry(TarBuilder.header(name: name, type: "2", mode: 0o777, link: target))
    }

    /// Adds another name for an entry.
    package func hardLink(_ name: String, to target: String) -> TarBuilder {
        entry(TarBuilder.header(name: name, type: "1", link: target))
    }

    /// Adds a pax header that is for the next entry.
    package func pax(_ records: (String, String)...) -> TarBuilder {
        pax(raw: records.flatMap { TarBuilder.record($0, $1) })
    }

    /// Adds a pax header with any content.
    package func pax(raw content: [UInt8]) -> TarBuilder {
        entry(TarBuilder.header(name: "PaxHeaders/x", size: content.count, type: "x"), content)
    }

    /// Adds a header and content, whatever they are; the content is padded to whole blocks.
    package func entry(_ header: [UInt8], _ content: [UInt8] = []) -> TarBuilder {
        var longer = self
        longer.bytes += header + content
        longer.bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
        return longer
    }

    /// A header block. `sizeField` and `checksum` replace what would be right.
    package static func header(
        name: String, size: Int = 0, type: Character, mode: Int = 0o644, link: String = "", sizeField: [UInt8]? = nil,
        checksum: [UInt8]? = nil
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        put(Array(name.utf8).prefix(100), at: 0)
        put(octal(mode, width: 8), at: 100)
        put(octal(0, width: 8), at: 108)
        put(octal(0, width: 8), at: 116)
        put(sizeField ?? octal(size, width: 12), at: 124)
        put(octal(0, width: 12), at: 136)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        put(Array("\(type)".utf8), at: 156)
        put(Array(link.utf8).prefix(100), at: 157)
        put(Array("ustar\u{0}00".utf8), at: 257)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(checksum ?? octal(sum, width: 7) + [0x20], at: 148)
        return block
    }

    /// A number as octal digits and a zero byte, `width` bytes together.
    package static func octal(_ number: Int, width: Int) -> [UInt8] {
        let digits = Array(String(number, radix: 8).utf8)
        return [UInt8](repeating: 0x30, count: width - 1 - digits.count) + digits + [0]
    }

    /// A pax record: its own length, key and value.
    package static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)".utf8.count + rest.utf8.count != length { length = "\(length)".utf8.count + rest.utf8.count }
        return Array("\(length)\(rest)".utf8)
    }
}
