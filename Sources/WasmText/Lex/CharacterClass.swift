/// What a byte can be part of.
enum CharacterClass {
    static let identifier: UInt8 = 1
    static let space: UInt8 = 2
    /// A comma, a bracket or a brace, which stand alone and mean nothing.
    static let reserved: UInt8 = 4
    /// The first byte of a number, or its sign.
    static let number: UInt8 = 8

    /// By byte.
    static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        for byte in "!#$%&'*+-./:<=>?@\\^_`|~".utf8 { table[Int(byte)] = identifier }
        for range in [0x30...0x39, 0x41...0x5A, 0x61...0x7A] {
            for byte in range { table[byte] = identifier }
        }
        for byte in 0x30...0x39 { table[byte] |= number }
        for byte in "+-".utf8 { table[Int(byte)] |= number }
        for byte in " \t\n\r".utf8 { table[Int(byte)] = space }
        for byte in ",;[]{}".utf8 { table[Int(byte)] = reserved }
        return table
    }()
}
