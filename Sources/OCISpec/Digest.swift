/// The name of content by its hash: `sha256:9f3c…` (image-spec, descriptor.md, "Digests").
///
/// A value of this type is well formed, so it can safely become part of a path.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The registered algorithms.
    package enum Algorithm: String, Sendable {
        case sha256
        case sha512

        /// How many hexadecimal digits a digest has.
        package var digits: Int {
            switch self {
            case .sha256: 64
            case .sha512: 128
            }
        }
    }

    /// How the content was hashed.
    package let algorithm: Algorithm

    /// The hash, in lower-case hexadecimal digits.
    package let encoded: String

    /// Takes `algorithm:encoded`, and nothing but the form that the specification registers.
    package init(_ text: String) throws(SpecError) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")),
            let algorithm = Algorithm(rawValue: String(text[..<colon]))
        else { throw SpecError(.invalidDigest(text)) }
        let encoded = text.utf8[text.utf8.index(after: colon)...]
        let isHexadecimal = encoded.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard encoded.count == algorithm.digits, isHexadecimal else { throw SpecError(.invalidDigest(text)) }
        self.algorithm = algorithm
        self.encoded = String(text[encoded.startIndex...])
    }

    /// Names a hash that was just computed.
    package init(_ algorithm: Algorithm, hash: some Sequence<UInt8>) {
        let digits = Array("0123456789abcdef".utf8)
        self.algorithm = algorithm
        encoded = String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    package var description: String { "\(algorithm.rawValue):\(encoded)" }

    /// Enough of the digest for a person to tell it from others.
    package var short: String { "\(algorithm.rawValue):\(encoded.prefix(12))" }
}

extension Digest: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
