/// A member of a document that is there, whatever it says.
package struct UnreadMember: Equatable, Sendable, Codable {
    package init() {}

    package init(from decoder: any Decoder) {}

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encodeNil()
    }
}
