internal import FoundationEssentials

/// Reads and writes the JSON documents of the specifications.
package enum Document {
    /// The longest document that is read.
    package static let sizeLimit = 4 << 20

    /// Decodes strict JSON: see `StrictJSON` for what is refused that most decoders let pass.
    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8]
    ) throws(SpecError) -> Value {
        guard bytes.count <= sizeLimit else { throw SpecError(.tooLarge(limit: sizeLimit)) }
        try StrictJSON.check(bytes)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as SpecError {
            throw error
        } catch let error as DecodingError {
            throw SpecError(error)
        } catch {
            throw SpecError(.invalidMember(path: "", reason: "cannot be read: \(error)"))
        }
    }

    /// Encodes with sorted members, so that equal values give equal bytes.
    package static func encode(_ value: some Encodable) throws(SpecError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(value))
        } catch {
            throw SpecError(.invalidMember(path: "", reason: "cannot be written: \(error)"))
        }
    }
}

extension SpecError {
    /// Puts what the decoder says in our words.
    fileprivate init(_ error: DecodingError) {
        func name(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .typeMismatch(let type, let context):
            self.init(.invalidMember(path: name(context.codingPath), reason: "is not \(SpecError.words(for: type))"))
        case .valueNotFound(_, let context):
            self.init(.invalidMember(path: name(context.codingPath), reason: "is null or missing"))
        case .keyNotFound(let key, let context):
            self.init(.invalidMember(path: name(context.codingPath + [key]), reason: "is missing"))
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            // That it is JSON is known already; what the decoder does not take then is a number.
            self.init(.invalidMember(path: "", reason: "holds a number that is not whole or out of range"))
        case .dataCorrupted(let context):
            self.init(.invalidMember(path: name(context.codingPath), reason: context.debugDescription))
        @unknown default:
            self.init(.invalidMember(path: "", reason: "cannot be read: \(error)"))
        }
    }

    /// What JSON calls the values that a type is decoded from.
    private static func words(for type: any Any.Type) -> String {
        if type == String.self { return "a string" }
        if type == Bool.self { return "true or false" }
        if type is any BinaryInteger.Type { return "a whole number in range" }
        if type is any ExpressibleByArrayLiteral.Type { return "a list" }
        return "an object"
    }
}
