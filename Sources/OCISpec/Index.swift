/// A list of manifests, often one per platform (image-spec, image-index.md; Docker's manifest list has the same form).
package struct Index: Equatable, Sendable, Codable {
    /// Always 2.
    package var schemaVersion: Int
    /// What the document says it is.
    package var mediaType: MediaType?
    /// The manifests and further indexes, in the publisher's order of preference.
    package var manifests: [Descriptor]
    /// Free words about the whole.
    package var annotations: [String: String]?

    package init(manifests: [Descriptor], annotations: [String: String]? = nil) {
        schemaVersion = 2
        mediaType = .imageIndex
        self.manifests = manifests
        self.annotations = annotations
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: DocumentMember.self)
        schemaVersion = try members.decodeSchemaVersion()
        mediaType = try members.decodeIfPresent(MediaType.self, forKey: .mediaType)
        if let mediaType, !mediaType.isIndex {
            throw DecodingError.dataCorruptedError(
                forKey: .mediaType, in: members, debugDescription: "\(mediaType) is not an index's")
        }
        // A document that is an index to one reader and a manifest to another is refused (image-spec, GHSA-77vh).
        try members.refuse(.layers, .config, in: "an index")
        manifests = try members.decode([Descriptor].self, forKey: .manifests)
        annotations = try members.decodeIfPresent([String: String].self, forKey: .annotations)
    }
}

/// The members of an index or a manifest that one must not share with the other.
enum DocumentMember: String, CodingKey {
    case schemaVersion, mediaType, manifests, config, layers, artifactType, annotations
}

extension KeyedDecodingContainer<DocumentMember> {
    /// Version 2, the only one.
    func decodeSchemaVersion() throws -> Int {
        let version = try decode(Int.self, forKey: .schemaVersion)
        guard version == 2 else {
            throw DecodingError.dataCorruptedError(
                forKey: .schemaVersion, in: self, debugDescription: "is \(version), not 2")
        }
        return version
    }

    /// Throws when one of the members is there.
    func refuse(_ unwanted: DocumentMember..., in document: String) throws {
        for member in unwanted where contains(member) {
            throw DecodingError.dataCorruptedError(
                forKey: member, in: self, debugDescription: "has no place in \(document)")
        }
    }
}
