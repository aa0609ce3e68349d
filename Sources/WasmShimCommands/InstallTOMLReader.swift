/// Reads TOML 1.0 from the front.
struct InstallTOMLReader {
    private let bytes: [UInt8]
    private var offset = 0
    /// How deep lists and tables in braces nest.
    private var depth = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The next byte; `nil` at the end.
    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func problem(_ reason: String) -> TOMLProblem {
        TOMLProblem(reason: reason, line: 1 + bytes[..<offset].count { $0 == 0x0A })
    }

    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Passes over empty lines and comments; whether anything is left.
    mutating func skipToContent() throws(TOMLProblem) -> Bool {
        while true {
            skipBlanks()
            switch peek {
            case nil: return false
            case 0x0A: offset += 1
            case 0x0D: try newline()
            case UInt8(ascii: "#"): skipComment()
            default: return true
            }
        }
    }

    /// Passes over what may follow a header or value in its line.
    mutating func endOfLine() throws(TOMLProblem) {
        skipBlanks()
        if peek == UInt8(ascii: "#") { skipComment() }
        switch peek {
        case nil: return
        case 0x0A: offset += 1
        case 0x0D: try newline()
        default: throw problem("something follows at the end of the line")
        }
    }

    /// `[a.b]`, or `[[a.b]]`.
    mutating func header() throws(TOMLProblem) -> (path: [String], isList: Bool) {
        try take(UInt8(ascii: "["))
        let isList = peek == UInt8(ascii: "[")
        if isList { offset += 1 }
        let path = try keyPath(until: UInt8(ascii: "]"))
        if isList { try take(UInt8(ascii: "]")) }
        return (path, isList)
    }

    /// `a."b".c` and the byte that ends it.
    mutating func keyPath(until end: UInt8) throws(TOMLProblem) -> [String] {
        var path: [String] = []
        while true {
            skipBlanks()
            switch peek {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): path.append(try string(isKey: true))
            default:
                let start = offset
                while let byte = peek, Self.isBare(byte) { offset += 1 }
                guard offset > start else { throw problem("expected a key") }
                path.append(String(decoding: bytes[start..<offset], as: UTF8.self))
            }
            skipBlanks()
            if peek == end {
                offset += 1
                return path
            }
            try take(UInt8(ascii: "."))
        }
    }

    /// Any value.
    mutating func value() throws(TOMLProblem) -> InstallTOML.Value {
        skipBlanks()
        switch peek {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string(isKey: false))
        case UInt8(ascii: "["): return .list(try list())
        case UInt8(ascii: "{"):
            try inlineTable()
            return .inlineTable
        default: return try word()
        }
    }

    /// A number, truth value or date: its form is looked at no closer than that.
    private mutating func word() throws(TOMLProblem) -> InstallTOML.Value {
        let start = offset
        while let byte = peek, Self.isBare(byte) || byte == 0x2B || byte == 0x2E || byte == 0x3A { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if let number = Int(text) { return .integer(number) }
        guard
            text == "true" || text == "false" || text == "inf" || text == "nan"
                || text.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 })
        else { throw problem("expected a value") }
        return .other
    }

    private mutating func list() throws(TOMLProblem) -> [InstallTOML.Value] {
        try enter(UInt8(ascii: "["))
        var values: [InstallTOML.Value] = []
        while true {
            guard try skipToContent() else { throw problem("a list without an end") }
            if peek == UInt8(ascii: "]") { break }
            values.append(try value())
            guard try skipToContent() else { throw problem("a list without an end") }
            if peek == UInt8(ascii: "]") { break }
            try take(UInt8(ascii: ","))
        }
        leave()
        return values
    }

    private mutating func inlineTable() throws(TOMLProblem) {
        try enter(UInt8(ascii: "{"))
        skipBlanks()
        while peek != UInt8(ascii: "}") {
            _ = try keyPath(until: UInt8(ascii: "="))
            _ = try value()
            skipBlanks()
            if peek == UInt8(ascii: "}") { break }
            try take(UInt8(ascii: ","))
            skipBlanks()
        }
        leave()
    }

    private mutating func enter(_ byte: UInt8) throws(TOMLProblem) {
        try take(byte)
        depth += 1
        if depth > 64 { throw problem("nested too deep") }
    }

    private mutating func leave() {
        offset += 1
        depth -= 1
    }

    /// A string in one or three quotation marks of either kind; a key has one alone.
    private mutating func string(isKey: Bool) throws(TOMLProblem) -> String {
        guard let quote = peek else { throw problem("expected a string") }
        let isLong = !isKey && bytes[offset...].starts(with: [quote, quote, quote])
        let end = [UInt8](repeating: quote, count: isLong ? 3 : 1)
        offset += end.count
        var text: [UInt8] = []
        while true {
            guard let byte = peek else { throw problem("a string without an end") }
            if bytes[offset...].starts(with: end) { break }
            if byte == 0x0A && !isLong { throw problem("a string without an end") }
            offset += 1
            if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                text += try escape()
            } else {
                text.append(byte)
            }
        }
        offset += end.count
        // Up to two quotation marks may stand before the closing three.
        while isLong, peek == quote {
            text.append(quote)
            offset += 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape() throws(TOMLProblem) -> [UInt8] {
        guard let byte = peek else { throw problem("a string without an end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "u"): return try scalar(digits: 4)
        case UInt8(ascii: "U"): return try scalar(digits: 8)
        // A line that goes on in the next.
        case 0x0A, 0x0D, 0x20, 0x09:
            while let next = peek, [0x0A, 0x0D, 0x20, 0x09].contains(next) { offset += 1 }
            return []
        default: throw problem("an unknown escape")
        }
    }

    private mutating func scalar(digits: Int) throws(TOMLProblem) -> [UInt8] {
        let text = String(decoding: bytes[offset...].prefix(digits), as: UTF8.self)
        guard text.utf8.count == digits, let code = UInt32(text, radix: 16), let scalar = Unicode.Scalar(code) else {
            throw problem("an escape that is no character")
        }
        offset += digits
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func take(_ byte: UInt8) throws(TOMLProblem) {
        guard peek == byte else {
            throw problem("expected \(String(decoding: [byte], as: UTF8.self).debugDescription)")
        }
        offset += 1
    }

    private mutating func newline() throws(TOMLProblem) {
        try take(0x0D)
        try take(0x0A)
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 { offset += 1 }
    }

    private mutating func skipComment() {
        while let byte = peek, byte != 0x0A { offset += 1 }
    }
}
