/// Symbols of Rust's newer form (RFC 2603): `_RNvCs1234_7mycrate3foo` is `mycrate::foo`.
struct RustSymbol {
    private var reader: SymbolReader

    /// The name that a symbol stands for; `nil` for what is no such symbol.
    static func name(_ symbol: String) -> String? {
        guard let reader = SymbolReader(symbol, after: ["_R", "__R"]) else { return nil }
        var parser = RustSymbol(reader: reader)
        return parser.path()
    }

    private mutating func within(_ body: (inout RustSymbol) -> String?) -> String? {
        var copy = self
        let text = copy.reader.nested { reader in
            var inner = RustSymbol(reader: reader)
            let text = body(&inner)
            reader = inner.reader
            return text
        }
        self = copy
        return text
    }

    private mutating func path() -> String? { within { $0.somePath() } }

    private mutating func somePath() -> String? {
        switch reader.character() {
        case "C": return identifier()?.name
        case "M":
            guard skipImplementation(), let type = type() else { return nil }
            return "<\(type)>"
        case "X":
            guard skipImplementation(), let type = type(), let trait = path() else { return nil }
            return "<\(type) as \(trait)>"
        case "Y":
            guard let type = type(), let trait = path() else { return nil }
            return "<\(type) as \(trait)>"
        case "N": return nestedPath()
        case "I":
            guard let path = path(), let arguments = list({ $0.argument() }) else { return nil }
            return "\(path)<\(arguments.joined(separator: ", "))>"
        case "B": return back { $0.path() }
        default: return nil
        }
    }

    private mutating func nestedPath() -> String? {
        guard let space = reader.character(), let path = path(), let (number, name) = identifier() else { return nil }
        guard space.isUppercase else { return name.isEmpty ? path : "\(path)::\(name)" }
        let kind = space == "C" ? "closure" : space == "S" ? "shim" : "\(space)"
        return "\(path)::{\(kind)\(name.isEmpty ? "" : ":\(name)")#\(number)}"
    }

    private mutating func skipImplementation() -> Bool { disambiguator() != nil && path() != nil }

    /// What tells apart things of one name; 0 where nothing is written.
    private mutating func disambiguator() -> Int? { reader.take("s") ? base62().map { $0 &+ 1 } : 0 }

    private mutating func identifier() -> (number: Int, name: String)? {
        guard let number = disambiguator() else { return nil }
        _ = reader.take("u")
        guard let length = reader.number() else { return nil }
        _ = reader.take("_")
        guard let name = reader.text(length) else { return nil }
        return (number, name)
    }

    /// `_` is 0, `0_` is 1. Hashes are written so too, of which only some digits fit: nobody reads them.
    private mutating func base62() -> Int? {
        if reader.take("_") { return 0 }
        var value = 0
        while let next = reader.character() {
            if next == "_" { return value &+ 1 }
            guard let code = next.asciiValue else { return nil }
            switch next {
            case "0"..."9": value = value &* 62 &+ Int(code - 0x30)
            case "a"..."z": value = value &* 62 &+ Int(code - 0x61) + 10
            case "A"..."Z": value = value &* 62 &+ Int(code - 0x41) + 36
            default: return nil
            }
        }
        return nil
    }

    /// What stands earlier in the symbol: always before, so that this ends.
    private mutating func back(_ body: (inout RustSymbol) -> String?) -> String? {
        let start = reader.place - 1
        guard let target = base62(), target >= 0, target < start else { return nil }
        let after = reader.place
        reader.place = target
        defer { reader.place = after }
        return body(&self)
    }

    private mutating func list(_ element: (inout RustSymbol) -> String?) -> [String]? {
        var list: [String] = []
        while !reader.take("E") {
            guard let text = element(&self), list.count < 100 else { return nil }
            if !text.isEmpty { list.append(text) }
        }
        return list
    }

    private mutating func argument() -> String? {
        if reader.take("L") { return base62().map { _ in "" } }
        if reader.take("K") { return constant() }
        return type()
    }

    private mutating func constant() -> String? {
        if reader.take("p") { return "_" }
        if reader.take("B") { return back { $0.constant() } }
        guard let type = reader.character(), type.isLowercase else { return nil }
        let sign = reader.take("n") ? "-" : ""
        var digits = ""
        while let next = reader.character(), next != "_" { digits.append(next) }
        guard let value = UInt64(digits.isEmpty ? "0" : digits, radix: 16) else { return "0x\(digits)" }
        return type == "b" ? (value == 0 ? "false" : "true") : sign + "\(value)"
    }

    private static let basic: [Character: String] = [
        "a": "i8", "b": "bool", "c": "char", "d": "f64", "e": "str", "f": "f32", "h": "u8", "i": "isize", "j": "usize",
        "l": "i32", "m": "u32", "n": "i128", "o": "u128", "p": "_", "s": "i16", "t": "u16", "u": "()", "v": "...",
        "x": "i64", "y": "u64", "z": "!",
    ]

    private mutating func type() -> String? { within { $0.someType() } }

    private mutating func someType() -> String? {
        guard let next = reader.next else { return nil }
        if let basic = Self.basic[next] {
            reader.place += 1
            return basic
        }
        guard "ASTRQPOFDB".contains(next) else { return path() }
        reader.place += 1
        switch next {
        case "A":
            guard let element = type(), let count = constant() else { return nil }
            return "[\(element); \(count)]"
        case "S": return type().map { "[\($0)]" }
        case "T": return list { $0.type() }.map { "(\($0.joined(separator: ", ")))" }
        case "R", "Q":
            if reader.take("L"), base62() == nil { return nil }
            return type().map { next == "R" ? "&\($0)" : "&mut \($0)" }
        case "P": return type().map { "*const \($0)" }
        case "O": return type().map { "*mut \($0)" }
        case "F": return function()
        case "D": return object()
        default: return back { $0.type() }
        }
    }

    private mutating func function() -> String? {
        if reader.take("G"), base62() == nil { return nil }
        _ = reader.take("U")
        if reader.take("K"), !reader.take("C"), identifier() == nil { return nil }
        guard let parameters = list({ $0.type() }), let result = type() else { return nil }
        return "fn(\(parameters.joined(separator: ", ")))" + (result == "()" ? "" : " -> \(result)")
    }

    private mutating func object() -> String? {
        if reader.take("G"), base62() == nil { return nil }
        let traits = list { parser in
            guard let trait = parser.path() else { return nil }
            while parser.reader.take("p") { guard parser.identifier() != nil, parser.type() != nil else { return nil } }
            return trait
        }
        guard let traits, reader.take("L"), base62() != nil else { return nil }
        return "dyn \(traits.joined(separator: " + "))"
    }
}
