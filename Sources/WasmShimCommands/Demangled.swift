/// Functions' names as their languages write them.
enum Demangled {
    /// The name that a compiler made a linker's symbol of; the symbol itself where that is not known.
    static func name(_ symbol: String) -> String {
        rustLegacy(symbol) ?? RustSymbol.name(symbol) ?? CxxSymbol.name(symbol) ?? symbol
    }

    /// Rust's older form, one of C++'s with a hash at its end: `_ZN4core3fmt5write17h0123456789abcdefE`.
    static func rustLegacy(_ symbol: String) -> String? {
        guard symbol.hasPrefix("_ZN") else { return nil }
        var rest = symbol.utf8.dropFirst(3)
        var parts: [String] = []
        while let first = rest.first, (0x30...0x39).contains(first) {
            var length = 0
            while let digit = rest.first, (0x30...0x39).contains(digit), length < 100_000 {
                length = length * 10 + Int(digit - 0x30)
                rest = rest.dropFirst()
            }
            guard length > 0, length <= rest.count else { return nil }
            parts.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
        guard rest.first == UInt8(ascii: "E"), let hash = parts.popLast(), isHash(hash), !parts.isEmpty else {
            return nil
        }
        return parts.map(unescaped).joined(separator: "::")
    }

    private static func isHash(_ text: String) -> Bool {
        text.utf8.count == 17 && text.hasPrefix("h") && text.dropFirst().allSatisfy { $0.isHexDigit }
    }

    /// `$LT$impl$u20$Trait$GT$` → `<impl Trait>`; two points are `::`.
    private static func unescaped(_ part: String) -> String {
        var rest = part.hasPrefix("_$") ? part.dropFirst() : part[...]
        var text = ""
        let signs = ["SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ","]
        while let next = rest.first {
            if rest.hasPrefix("..") {
                text += "::"
                rest = rest.dropFirst(2)
            } else if next == "$", let end = rest.dropFirst().firstIndex(of: "$") {
                let word = rest[rest.index(after: rest.startIndex)..<end]
                if let sign = signs[String(word)] {
                    text += sign
                } else if word.hasPrefix("u"), let code = UInt32(word.dropFirst(), radix: 16),
                    let scalar = Unicode.Scalar(code)
                {
                    text.unicodeScalars.append(scalar)
                } else {
                    text += "$\(word)$"
                }
                rest = rest[rest.index(after: end)...]
            } else {
                text.append(next)
                rest = rest.dropFirst()
            }
        }
        return text
    }
}
