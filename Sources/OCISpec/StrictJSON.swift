/// Checks that bytes are JSON (RFC 8259) that every reader understands the same way.
///
/// Decoders differ about names that appear twice in an object, bytes that are not UTF-8, and how deep nesting may
/// go; content whose meaning depends on its reader is refused before anything is decoded. Runs in constant stack.
package struct StrictJSON {
    /// How deep objects and lists may nest.
    package static let depthLimit = 64

    /// Where in an object or list the reader is.
    private enum Frame {
        /// In a list.
        case list
        /// In an object that has had these names.
        case object(names: Set<[UInt8]>)
    }

    private let bytes: [UInt8]
    private var offset = 0
    private var frames: [Frame] = []

    /// Throws unless `bytes` is exactly one JSON value.
    package static func check(_ bytes: [UInt8]) throws(SpecError) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw SpecError(.invalidJSON(reason: "not UTF-8", offset: firstInvalid(in: bytes)))
        }
        var reader = StrictJSON(bytes: bytes)
        try reader.document()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// The number of bytes before the first that is not UTF-8.
    private static func firstInvalid(in bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var valid = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { valid += UTF8.width(scalar) }
        return valid
    }

    private func failure(_ reason: String) -> SpecError { SpecError(.invalidJSON(reason: reason, offset: offset)) }

    private mutating func document() throws(SpecError) {
        repeat {
            // A value is expected here. An opened object or list counts as begun, not as read.
            guard try beginValue() else { continue }
            // A value was read: close what ends here, until something goes on.
            while let frame = frames.last {
                skipSpace()
                let next = peek()
                switch (frame, next) {
                case (.list, UInt8(ascii: ",")):
                    offset += 1
                case (.object, UInt8(ascii: ",")):
                    offset += 1
                    try memberName()
                case (.list, UInt8(ascii: "]")), (.object, UInt8(ascii: "}")):
                    offset += 1
                    frames.removeLast()
                    continue
                default:
                    throw failure("expected a comma or the end of the list or object")
                }
                break
            }
        } while !frames.isEmpty
        skipSpace()
        guard offset == bytes.count else { throw failure("something follows the document") }
    }

    /// Reads a scalar or an empty object or list (true), or enters one (false).
    private mutating func beginValue() throws(SpecError) -> Bool {
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"):
            try enter(.object(names: []))
            if closes(with: UInt8(ascii: "}")) { return true }
            try memberName()
            return false
        case UInt8(ascii: "["):
            try enter(.list)
            return closes(with: UInt8(ascii: "]"))
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        default: try number()
        }
        return true
    }

    private mutating func enter(_ frame: Frame) throws(SpecError) {
        guard frames.count < StrictJSON.depthLimit else {
            throw failure("nested deeper than \(StrictJSON.depthLimit) levels")
        }
        offset += 1
        frames.append(frame)
    }

    private mutating func closes(with end: UInt8) -> Bool {
        skipSpace()
        guard peek() == end else { return false }
        offset += 1
        frames.removeLast()
        return true
    }

    /// Reads `"name":` and remembers the name.
    private mutating func memberName() throws(SpecError) {
        skipSpace()
        guard peek() == UInt8(ascii: "\"") else { throw failure("expected a member's name") }
        let name = try string()
        guard case .object(var names)? = frames.popLast() else { throw failure("a name outside an object") }
        guard names.insert(name).inserted else {
            throw failure("the name \(String(decoding: name, as: UTF8.self).debugDescription) appears twice")
        }
        frames.append(.object(names: names))
        skipSpace()
        guard peek() == UInt8(ascii: ":") else { throw failure("expected a colon") }
        offset += 1
    }

    private func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    private mutating func literal(_ word: StaticString) throws(SpecError) {
        for character in "\(word)".utf8 {
            guard peek() == character else { throw failure("expected \(word)") }
            offset += 1
        }
    }
}

extension StrictJSON {
    /// Reads a string; returns its characters in UTF-8 with the escapes resolved.
    private mutating func string() throws(SpecError) -> [UInt8] {
        offset += 1
        var content: [UInt8] = []
        while let byte = peek() {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return content
            case UInt8(ascii: "\\"): content.append(contentsOf: try escape())
            case 0..<0x20: throw failure("a control character in a string")
            default: content.append(byte)
            }
        }
        throw failure("a string without an end")
    }

    private mutating func escape() throws(SpecError) -> [UInt8] {
        guard let byte = peek() else { throw failure("a string without an end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("an unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(SpecError) -> [UInt8] {
        var value = try hexadecimal()
        if (0xD800..<0xDC00).contains(value) {
            guard peek() == UInt8(ascii: "\\") else { throw failure("half a surrogate pair") }
            offset += 1
            guard peek() == UInt8(ascii: "u") else { throw failure("half a surrogate pair") }
            offset += 1
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw failure("half a surrogate pair") }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("half a surrogate pair") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(SpecError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    private mutating func number() throws(SpecError) {
        if peek() == UInt8(ascii: "-") { offset += 1 }
        if peek() == UInt8(ascii: "0") { offset += 1 } else { try digits() }
        if peek() == UInt8(ascii: ".") {
            offset += 1
            try digits()
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            offset += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
    }

    private mutating func digits() throws(SpecError) {
        let start = offset
        while let byte = peek(), (0x30...0x39).contains(byte) { offset += 1 }
        guard offset > start else { throw failure("expected a value") }
    }
}
