/// How the things of one index space are called in a text: by identifiers where they have a name of their own, else by
/// numbers.
struct Identifiers {
    private let names: BinaryNames.Map
    /// Those whose name a thing before them has already.
    private var repeated: Set<UInt32> = []

    /// Names of things whose index is not below `count` are none.
    init(_ names: BinaryNames.Map, count: UInt32 = .max) {
        let names = count == .max ? names : names.filter { $0.key < count }
        self.names = names
        var taken: Set<[UInt8]> = []
        for (index, name) in names.sorted(by: { $0.key < $1.key }) where name.isEmpty || !taken.insert(name).inserted {
            repeated.insert(index)
        }
    }

    /// ` $name`, or a number.
    func use(_ index: UInt32) -> String {
        guard let name = names[index], !repeated.contains(index) else { return " \(index)" }
        return " " + Self.identifier(name)
    }

    /// What stands behind the word that begins a definition: identifier, number as a comment, name if it is not the first
    /// of that name.
    func definition(_ index: UInt32) -> String {
        guard let name = names[index] else { return " (;\(index);)" }
        if repeated.contains(index) { return " (;\(index);) (@name \(Self.quoted(name)))" }
        return " \(Self.identifier(name)) (;\(index);)"
    }

    /// The same for a local or field, without the number; `nil` where it has no name.
    func name(_ index: UInt32) -> String? {
        guard let name = names[index] else { return nil }
        return repeated.contains(index) ? " (@name \(Self.quoted(name)))" : " " + Self.identifier(name)
    }

    /// A name as an identifier.
    static func identifier(_ name: [UInt8]) -> String {
        let isPlain = name.allSatisfy { CharacterClass.table[Int($0)] & CharacterClass.identifier != 0 }
        return isPlain ? "$" + String(decoding: name, as: UTF8.self) : "$" + quoted(name)
    }

    /// A name as a string; it is known to be UTF-8.
    static func quoted(_ name: [UInt8]) -> String {
        var text: [UInt8] = [0x22]
        for byte in name { append(byte, to: &text, isText: true) }
        text.append(0x22)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends a byte as it stands in a string.
    static func append(_ byte: UInt8, to text: inout [UInt8], isText: Bool) {
        switch byte {
        case 0x22, 0x5C: text += [0x5C, byte]
        case 0x20...0x7E: text.append(byte)
        case 0x80... where isText: text.append(byte)
        default:
            text.append(0x5C)
            text.append(hexadecimal[Int(byte >> 4)])
            text.append(hexadecimal[Int(byte & 15)])
        }
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
