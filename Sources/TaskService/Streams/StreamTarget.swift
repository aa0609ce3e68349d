/// What one of containerd's names for a stream means (shim contract, "stdio").
package enum StreamTarget: Equatable, Sendable {
    case nothing
    case fifo(path: String)
    /// Appended to.
    case file(path: String)
    /// A program that reads what is written: its path, and for it names, each with its value, in order.
    case logger(path: String, arguments: [String])

    package init(_ name: String) throws(StreamError) {
        guard !name.isEmpty else {
            self = .nothing
            return
        }
        let scheme = name.prefix { $0 != ":" && $0 != "/" }
        guard name.dropFirst(scheme.count).hasPrefix("://") else {
            self = .fifo(path: name)
            return
        }
        let rest = name.dropFirst(scheme.count + 3)
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = try Self.decoded(parts[0], of: name)
        switch scheme {
        case "fifo": self = .fifo(path: path)
        case "file": self = .file(path: path)
        case "binary":
            var arguments: [String] = []
            for pair in (parts.count == 2 ? parts[1] : "").split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                arguments.append(try Self.decoded(sides[0], of: name, isQuery: true))
                arguments.append(sides.count == 2 ? try Self.decoded(sides[1], of: name, isQuery: true) : "")
            }
            self = .logger(path: path, arguments: arguments)
        default: throw StreamError(.unknownScheme, at: name)
        }
        guard path.hasPrefix("/") else { throw StreamError(.notAbsolute, at: name) }
    }

    /// Text of a URL with its %XX, and in a query +, read.
    private static func decoded(
        _ text: Substring, of name: String, isQuery: Bool = false
    ) throws(StreamError) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard rest.count >= 2, digits.utf8.first != UInt8(ascii: "+"), let value = UInt8(digits, radix: 16),
                    value != 0
                else { throw StreamError(.badEscape, at: name) }
                bytes.append(value)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "+") where isQuery: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
