/// The records of a pax extended header, as far as framing goes: `LENGTH KEY=VALUE` and a line feed each.
struct PaxRecords {
    /// The size that they give to the entry.
    private(set) var size: Int64?

    /// Throws where a record is malformed, or its meaning would differ from reader to reader.
    init(_ bytes: ArraySlice<UInt8>, place: String) throws(UnpackError) {
        var rest = bytes
        while !rest.isEmpty {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty, digits.count <= 7, let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 2, length <= rest.count,
                rest[digits.endIndex] == UInt8(ascii: " "),
                rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
            else { throw UnpackError(.corrupt(reason: "a pax record has a wrong length"), at: place) }
            let record = rest[(digits.endIndex + 1)..<(rest.startIndex + length - 1)]
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")), equals > record.startIndex else {
                throw UnpackError(.corrupt(reason: "a pax record has no key"), at: place)
            }
            let key = String(decoding: record[..<equals], as: UTF8.self)
            try take(key, record[(equals + 1)...], place: place)
            rest = rest[(rest.startIndex + length)...]
        }
    }

    private mutating func take(_ key: String, _ value: ArraySlice<UInt8>, place: String) throws(UnpackError) {
        switch key {
        case "size":
            guard !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int64(String(decoding: value, as: UTF8.self))
            else { throw UnpackError(.corrupt(reason: "a pax size is no number in range"), at: place) }
            size = number
        case "path", "linkpath":
            guard !value.contains(0) else {
                throw UnpackError(.corrupt(reason: "a pax path holds a zero byte"), at: place)
            }
        case _ where key.hasPrefix("GNU.sparse."):
            throw UnpackError(.unsupportedEntry(entry: key, kind: "a sparse file"), at: place)
        default: break
        }
    }
}
