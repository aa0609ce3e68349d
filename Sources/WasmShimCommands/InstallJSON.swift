/// A JSON document whose objects can be added to without any other byte of it changing. It must be valid already.
struct InstallJSON {
    /// An object's member: its name with quotation marks and escapes as written, and where its value is.
    struct Member {
        let name: String
        let value: Range<Int>
    }

    /// An object: where it is, and its members in order.
    struct Object {
        let range: Range<Int>
        let members: [Member]
    }

    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The text of a part.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The object that begins at or after an offset, white space apart; `nil` where another value does.
    func object(at offset: Int) -> Object? {
        var position = afterSpace(offset)
        let start = position
        guard byte(position) == UInt8(ascii: "{") else { return nil }
        position = afterSpace(position + 1)
        var members: [Member] = []
        while byte(position) == UInt8(ascii: "\"") {
            let end = afterValue(position)
            let name = text((position + 1)..<(end - 1))
            // The colon.
            let value = afterSpace(afterSpace(end) + 1)
            members.append(Member(name: name, value: value..<afterValue(value)))
            position = afterSpace(afterValue(value))
            if byte(position) == UInt8(ascii: ",") { position = afterSpace(position + 1) }
        }
        return Object(range: start..<(position + 1), members: members)
    }

    /// The document with one more member at the end of an object, laid out as its neighbours are.
    func adding(name: String, value: String, to object: Object) -> String {
        let last = object.members.last.map(\.value.upperBound) ?? object.range.lowerBound + 1
        let outer = indentation(at: object.range.lowerBound)
        let isOneLine = !bytes[object.range].contains(0x0A)
        let comma = object.members.isEmpty ? "" : ","
        let addition: String
        if isOneLine && !object.members.isEmpty {
            addition = ", \"\(name)\": \(value)"
        } else {
            let inner = object.members.first.map { indentation(at: $0.value.lowerBound) } ?? outer + step
            let end = object.members.isEmpty ? "\n\(outer)" : ""
            addition = "\(comma)\n\(inner)\"\(name)\": \(value)\(end)"
        }
        // What was inside an empty object is only white space.
        let rest = object.members.isEmpty ? object.range.upperBound - 1 : last
        return text(0..<last) + addition + text(rest..<bytes.count)
    }

    /// How much deeper each level is than the one around it.
    private var step: String {
        guard let first = object(at: 0)?.members.first else { return "    " }
        let found = indentation(at: first.value.lowerBound)
        return found.isEmpty ? "    " : found
    }

    /// The white space that the line with an offset begins with.
    private func indentation(at offset: Int) -> String {
        let start = bytes[..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return String(decoding: bytes[start...].prefix { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    }

    private func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func afterSpace(_ offset: Int) -> Int {
        var offset = offset
        while let byte = byte(offset), [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
        return offset
    }

    /// Where the value ends that begins at an offset.
    private func afterValue(_ start: Int) -> Int {
        var offset = start
        var depth = 0
        var isInString = false
        while let byte = byte(offset) {
            if isInString {
                if byte == UInt8(ascii: "\\") {
                    offset += 1
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 0 { return offset + 1 }
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { return offset }
                    depth -= 1
                    if depth == 0 { return offset + 1 }
                case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
                    if depth == 0 { return offset }
                default: break
                }
            }
            offset += 1
        }
        return offset
    }
}
