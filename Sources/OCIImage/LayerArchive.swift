/// Writes a tar layer with one file in it (POSIX, "ustar Interchange Format"); equal input gives equal bytes.
enum LayerArchive {
    private static let blockSize = 512

    /// The whole archive. `name` has at most 100 bytes and no folder.
    static func bytes(name: String, content: [UInt8]) -> [UInt8] {
        var bytes = header(name: name, size: content.count)
        bytes += content
        bytes += [UInt8](repeating: 0, count: (blockSize - content.count % blockSize) % blockSize)
        bytes += [UInt8](repeating: 0, count: 2 * blockSize)
        return bytes
    }

    private static func header(name: String, size: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ field: [UInt8], at offset: Int) {
            for (index, byte) in field.enumerated() { block[offset + index] = byte }
        }
        put(Array(name.utf8.prefix(100)), at: 0)
        put(octal(0o755, digits: 7), at: 100)  // mode
        put(octal(0, digits: 7), at: 108)  // user
        put(octal(0, digits: 7), at: 116)  // group
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)  // time of last change
        put([UInt8](repeating: 0x20, count: 8), at: 148)  // the checksum, as it counts in the sum
        put(Array("0".utf8), at: 156)  // a regular file
        put(Array("ustar".utf8) + [0] + Array("00".utf8), at: 257)
        put(octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + [0, 0x20], at: 148)
        return block
    }

    private static func octal(_ number: Int, digits: Int) -> [UInt8] {
        let text = Array(String(number, radix: 8).utf8)
        return [UInt8](repeating: 0x30, count: digits - text.count) + text
    }
}
