/// One header block of a tar stream, as far as framing goes.
struct TarHeader {
    private let block: [UInt8]

    /// `block` has 512 bytes.
    init(block: [UInt8]) { self.block = block }

    /// Whether it is the block of zeros that ends an archive.
    var isZero: Bool { block.allSatisfy { $0 == 0 } }

    /// What kind of entry follows.
    var type: UInt8 { block[156] }

    /// The name, for errors; up to its first zero.
    var name: String { String(decoding: block[0..<100].prefix { $0 != 0 }, as: UTF8.self) }

    /// Whether the sum of all bytes is the one that is written, with its own bytes taken as spaces. Some writers
    /// summed signed bytes.
    var isChecksumRight: Bool {
        guard let written = TarHeader.number(block[148..<156]) else { return false }
        let field = block[148..<156]
        let spaces = Int64(field.count) * 0x20
        var unsigned: Int64 = 0
        for byte in block { unsigned += Int64(byte) }
        for byte in field { unsigned -= Int64(byte) }
        if written == unsigned + spaces { return true }
        let signed = block.reduce(0) { $0 + Int64(Int8(bitPattern: $1)) }
        return written == field.reduce(signed) { $0 - Int64(Int8(bitPattern: $1)) } + spaces
    }

    /// The length of the content; `nil` where none is written that can be.
    var size: Int64? {
        let field = block[124..<136]
        return field[124] & 0x80 == 0 ? TarHeader.number(field) : TarHeader.binary(field)
    }

    /// An octal number, with spaces before it and spaces or zeros after it; nothing at all is 0.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0 }
        let digits = field.drop { $0 == 0x20 }.prefix { !isBlank($0) }
        guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        guard field[digits.endIndex...].allSatisfy(isBlank) else { return nil }
        return digits.reduce(0) { $0 << 3 | Int64($1 - 0x30) }
    }

    /// A big-endian number after a set first bit (GNU); `nil` where it is negative or has more than 63 bits.
    private static func binary(_ field: ArraySlice<UInt8>) -> Int64? {
        var value = Int64(field[field.startIndex] & 0x7F)
        guard value & 0x40 == 0 else { return nil }
        for byte in field.dropFirst() {
            guard value >> 55 == 0 else { return nil }
            value = value << 8 | Int64(byte)
        }
        return value
    }
}
