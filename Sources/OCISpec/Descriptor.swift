/// A reference to a blob: what it is, what it hashes to, how long it is (image-spec, descriptor.md).
package struct Descriptor: Equatable, Sendable, Codable {
    /// What the blob holds.
    package var mediaType: MediaType
    /// What the blob hashes to.
    package var digest: Digest
    /// The blob's length in bytes.
    package var size: Int64
    /// What the manifest it refers to is made for.
    package var platform: Platform?
    /// What a manifest is, when it is no image.
    package var artifactType: String?
    /// Free words about the blob.
    package var annotations: [String: String]?

    package init(
        mediaType: MediaType, digest: Digest, size: Int64, platform: Platform? = nil, artifactType: String? = nil,
        annotations: [String: String]? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
        self.artifactType = artifactType
        self.annotations = annotations
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        mediaType = try members.decode(MediaType.self, forKey: .mediaType)
        digest = try members.decode(Digest.self, forKey: .digest)
        size = try members.decode(Int64.self, forKey: .size)
        platform = try members.decodeIfPresent(Platform.self, forKey: .platform)
        artifactType = try members.decodeIfPresent(String.self, forKey: .artifactType)
        annotations = try members.decodeIfPresent([String: String].self, forKey: .annotations)
        guard size >= 0 else {
            throw DecodingError.dataCorruptedError(forKey: .size, in: members, debugDescription: "is negative")
        }
    }
}
