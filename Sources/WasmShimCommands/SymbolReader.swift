/// Takes a linker's symbol apart from its beginning. Symbols are a module's: how deep and how long a name gets is bounded.
struct SymbolReader {
    /// Longer names mean nothing to anybody; nested references could make them grow without end.
    static let longestName = 4096
    private static let deepest = 100

    let bytes: [UInt8]
    var place = 0
    private var depth = 0

    /// A symbol of which a prefix is known.
    init?(_ symbol: String, after prefixes: [String]) {
        guard let prefix = prefixes.first(where: { symbol.hasPrefix($0) }) else { return nil }
        bytes = Array(symbol.utf8.dropFirst(prefix.utf8.count))
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    }

    var next: Character? { place < bytes.count ? Character(Unicode.Scalar(bytes[place])) : nil }

    var afterNext: Character? { place + 1 < bytes.count ? Character(Unicode.Scalar(bytes[place + 1])) : nil }

    /// The next character, read.
    mutating func character() -> Character? {
        defer { place += 1 }
        return next
    }

    /// Reads over `text` if it is next.
    mutating func take(_ text: String) -> Bool {
        guard bytes[min(place, bytes.count)...].starts(with: text.utf8) else { return false }
        place += text.utf8.count
        return true
    }

    /// A decimal number.
    mutating func number() -> Int? {
        var value: Int?
        while let digit = next, ("0"..."9").contains(digit), (value ?? 0) < 1_000_000 {
            value = (value ?? 0) * 10 + Int(bytes[place] - 0x30)
            place += 1
        }
        return value
    }

    /// So many characters.
    mutating func text(_ length: Int) -> String? {
        guard length >= 0, length <= bytes.count - place else { return nil }
        defer { place += length }
        return String(decoding: bytes[place..<place + length], as: UTF8.self)
    }

    /// Reads a part within another.
    mutating func nested(_ body: (inout SymbolReader) -> String?) -> String? {
        guard depth < Self.deepest else { return nil }
        depth += 1
        defer { depth -= 1 }
        guard let text = body(&self), text.utf8.count <= Self.longestName else { return nil }
        return text
    }
}
