/// Symbols of C++ (Itanium C++ ABI, 5.1), the common parts: names, templates, operators, lambdas. Parameters are left out: a
/// bar has no room for them. What is not known makes the whole symbol unknown.
struct CxxSymbol {
    private var reader: SymbolReader
    /// What `S_`, `S0_` … refer to.
    private var substitutions: [String] = []

    /// The name that a symbol stands for; `nil` for what is no such symbol.
    static func name(_ symbol: String) -> String? {
        guard let reader = SymbolReader(symbol, after: ["_Z", "__Z"]) else { return nil }
        var parser = CxxSymbol(reader: reader)
        if let special = parser.specialName() { return special }
        return parser.name()
    }

    private mutating func specialName() -> String? {
        for (code, words) in [
            ("TV", "vtable for "), ("TI", "typeinfo for "), ("TS", "typeinfo name for "), ("GV", "guard variable for "),
        ]
        where reader.take(code) {
            return (code == "GV" ? name() : type()).map { words + $0 }
        }
        return nil
    }

    private mutating func within(_ body: (inout CxxSymbol) -> String?) -> String? {
        var copy = self
        var known = substitutions
        let text = copy.reader.nested { reader in
            var inner = CxxSymbol(reader: reader, substitutions: known)
            let text = body(&inner)
            reader = inner.reader
            known = inner.substitutions
            return text
        }
        self = copy
        substitutions = known
        return text
    }

    private mutating func add(_ text: String) { if substitutions.count < 1000 { substitutions.append(text) } }

    // MARK: - Names

    private mutating func name() -> String? { within { $0.someName() } }

    private mutating func someName() -> String? {
        switch reader.next {
        case "N": return nestedName()
        case "Z": return localName()
        case "S" where reader.afterNext != "t":
            guard let known = substitution() else { return nil }
            return reader.next == "I" ? arguments().map { known + $0 } : known
        default:
            let prefix = reader.take("St") ? "std::" : ""
            guard let own = unqualified(in: prefix) else { return nil }
            guard reader.next == "I" else { return prefix + own }
            add(prefix + own)
            return arguments().map { prefix + own + $0 }
        }
    }

    private mutating func nestedName() -> String? {
        guard reader.take("N") else { return nil }
        while reader.take("r") || reader.take("V") || reader.take("K") || reader.take("R") || reader.take("O") {}
        var name = ""
        while !reader.take("E") {
            switch reader.next {
            case "S":
                guard name.isEmpty else { return nil }
                if reader.take("St") {
                    name = "std"
                } else {
                    guard let known = substitution() else { return nil }
                    name = known
                }
                continue
            case "I":
                guard let arguments = arguments() else { return nil }
                name += arguments
            case "T":
                guard let parameter = templateParameter() else { return nil }
                name = parameter
            default:
                guard let own = unqualified(in: name) else { return nil }
                name += name.isEmpty ? own : "::\(own)"
            }
            guard name.utf8.count <= SymbolReader.longestName else { return nil }
            if reader.next != "E" { add(name) }
        }
        return name.isEmpty ? nil : name
    }

    /// A name in a function: `Z` its encoding `E`, then the name.
    private mutating func localName() -> String? {
        guard reader.take("Z"), let function = name() else { return nil }
        while reader.next != "E" { guard type() != nil else { return nil } }
        _ = reader.take("E")
        if reader.take("s") { return function + "::string literal" }
        guard let entity = name() else { return nil }
        if reader.take("__") {
            _ = reader.number(); _ = reader.take("_")
        } else if reader.take("_") {
            _ = reader.number()
        }
        return "\(function)::\(entity)"
    }

    /// One part of a name; `outer` is what stands before it, for constructors.
    private mutating func unqualified(in outer: String) -> String? {
        _ = reader.take("L")
        guard var name = ownName(in: outer) else { return nil }
        while reader.take("B") {
            guard let length = reader.number(), let tag = reader.text(length) else { return nil }
            name += "[\(tag)]"
        }
        return name
    }

    private mutating func ownName(in outer: String) -> String? {
        if let length = reader.number() {
            guard let text = reader.text(length) else { return nil }
            return text.hasPrefix("_GLOBAL__N") ? "(anonymous namespace)" : text
        }
        if reader.take("Ul") {
            while !reader.take("E") { guard type() != nil else { return nil } }
            let number = reader.number().map { $0 + 2 } ?? 1
            return reader.take("_") ? "{lambda#\(number)}" : nil
        }
        if reader.take("Ut") {
            let number = reader.number().map { $0 + 2 } ?? 1
            return reader.take("_") ? "{unnamed#\(number)}" : nil
        }
        for code in ["C1", "C2", "C3", "D0", "D1", "D2"] where reader.take(code) {
            return (code.hasPrefix("D") ? "~" : "") + Self.lastPart(of: outer)
        }
        if reader.take("cv") { return type().map { "operator \($0)" } }
        guard let code = reader.text(2) else { return nil }
        return Self.operators[code].map { "operator\($0)" }
    }

    /// A class's own name, without what it is in and without template arguments.
    private static func lastPart(of name: String) -> String {
        var depth = 0
        var part = ""
        for character in name {
            switch character {
            case "<": depth += 1
            case ">": depth -= 1
            case ":" where depth == 0: part = ""
            default: if depth == 0 { part.append(character) }
            }
        }
        return part
    }

    private static let operators: [String: String] = [
        "nw": " new", "na": " new[]", "dl": " delete", "da": " delete[]", "ps": "+", "ng": "-", "ad": "&", "de": "*",
        "co": "~", "pl": "+", "mi": "-", "ml": "*", "dv": "/", "rm": "%", "an": "&", "or": "|", "eo": "^", "aS": "=",
        "pL": "+=", "mI": "-=", "mL": "*=", "dV": "/=", "rM": "%=", "aN": "&=", "oR": "|=", "eO": "^=", "ls": "<<",
        "rs": ">>", "lS": "<<=", "rS": ">>=", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
        "ss": "<=>", "nt": "!", "aa": "&&", "oo": "||", "pp": "++", "mm": "--", "cm": ",", "pm": "->*", "pt": "->",
        "cl": "()", "ix": "[]", "qu": "?",
    ]

    private mutating func substitution() -> String? {
        guard reader.take("S") else { return nil }
        let known: [Character: String] = [
            "a": "std::allocator", "b": "std::basic_string", "s": "std::string", "i": "std::istream",
            "o": "std::ostream", "d": "std::iostream",
        ]
        if let next = reader.next, let name = known[next] {
            reader.place += 1
            return name
        }
        return sequenceNumber().flatMap { $0 < substitutions.count ? substitutions[$0] : nil }
    }

    /// `_` is 0, `0_` is 1, with digits and capital letters.
    private mutating func sequenceNumber() -> Int? {
        if reader.take("_") { return 0 }
        var digits = ""
        while let next = reader.character(), next != "_" { digits.append(next) }
        guard digits.allSatisfy({ $0.isNumber || $0.isUppercase }), digits.count < 6 else { return nil }
        return Int(digits, radix: 36).map { $0 + 1 }
    }

    private mutating func templateParameter() -> String? {
        guard reader.take("T"), sequenceNumber() != nil else { return nil }
        return "auto"
    }

    // MARK: - Types

    private mutating func arguments() -> String? {
        guard reader.take("I"), let list = argumentList() else { return nil }
        return "<\(list.joined(separator: ", "))>"
    }

    private mutating func argumentList() -> [String]? {
        var list: [String] = []
        while !reader.take("E") {
            guard list.count < 100 else { return nil }
            if reader.take("J") {
                guard let pack = argumentList() else { return nil }
                list += pack
            } else {
                guard let argument = reader.next == "L" ? literal() : type() else { return nil }
                list.append(argument)
            }
        }
        return list
    }

    private mutating func literal() -> String? {
        guard reader.take("L") else { return nil }
        if reader.take("_Z") {
            guard let name = name() else { return nil }
            while !reader.take("E") { guard type() != nil else { return nil } }
            return name
        }
        guard let type = type() else { return nil }
        var value = ""
        while let next = reader.character(), next != "E" { value.append(next == "n" ? "-" : next) }
        if type == "bool" { return value == "0" ? "false" : "true" }
        return value.isEmpty ? type : value
    }

    private static let builtin: [Character: String] = [
        "v": "void", "w": "wchar_t", "b": "bool", "c": "char", "a": "signed char", "h": "unsigned char", "s": "short",
        "t": "unsigned short", "i": "int", "j": "unsigned int", "l": "long", "m": "unsigned long", "x": "long long",
        "y": "unsigned long long", "n": "__int128", "o": "unsigned __int128", "f": "float", "d": "double",
        "e": "long double", "g": "__float128", "z": "...",
    ]

    private mutating func type() -> String? { within { $0.someType() } }

    private mutating func someType() -> String? {
        guard let next = reader.next else { return nil }
        if let builtin = Self.builtin[next] {
            reader.place += 1
            return builtin
        }
        for (code, name) in [
            ("Dn", "std::nullptr_t"), ("Di", "char32_t"), ("Ds", "char16_t"), ("Du", "char8_t"), ("Da", "auto"),
        ]
        where reader.take(code) { return name }
        if reader.take("Dp") { return type() }
        for (code, sign) in [("P", "*"), ("R", "&"), ("O", "&&"), ("K", " const"), ("V", " volatile")]
        where reader.take(code) {
            guard let pointed = type() else { return nil }
            add(pointed + sign)
            return pointed + sign
        }
        switch next {
        case "F": return functionType()
        case "A": return arrayType()
        case "M":
            reader.place += 1
            guard let owner = type(), let member = type() else { return nil }
            add("\(member) \(owner)::*")
            return "\(member) \(owner)::*"
        case "T":
            guard let parameter = templateParameter() else { return nil }
            add(parameter)
            guard reader.next == "I" else { return parameter }
            return arguments().map { parameter + $0 }
        case "S" where reader.afterNext != "t":
            guard let known = substitution() else { return nil }
            guard reader.next == "I" else { return known }
            guard let arguments = arguments() else { return nil }
            add(known + arguments)
            return known + arguments
        default:
            guard let name = name() else { return nil }
            add(name)
            return name
        }
    }

    private mutating func functionType() -> String? {
        guard reader.take("F") else { return nil }
        _ = reader.take("Y")
        guard let result = type() else { return nil }
        var parameters: [String] = []
        while !reader.take("E") {
            guard let parameter = type(), parameters.count < 100 else { return nil }
            if parameter != "void" { parameters.append(parameter) }
        }
        let text = "\(result) (\(parameters.joined(separator: ", ")))"
        add(text)
        return text
    }

    private mutating func arrayType() -> String? {
        guard reader.take("A") else { return nil }
        let count = reader.number().map(String.init) ?? ""
        guard reader.take("_"), let element = type() else { return nil }
        add("\(element)[\(count)]")
        return "\(element)[\(count)]"
    }
}
