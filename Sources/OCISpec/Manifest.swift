/// One image: its config and its layers (image-spec, manifest.md; Docker's schema 2 has the same form).
package struct Manifest: Equatable, Sendable, Codable {
    /// Always 2.
    package var schemaVersion: Int
    /// What the document says it is.
    package var mediaType: MediaType?
    /// What the manifest is, when it is no container image.
    package var artifactType: String?
    /// The blob that says how the content is to be run.
    package var config: Descriptor
    /// The content, lowest layer first.
    package var layers: [Descriptor]
    /// Free words about the image.
    package var annotations: [String: String]?

    package init(
        config: Descriptor, layers: [Descriptor], artifactType: String? = nil, annotations: [String: String]? = nil
    ) {
        schemaVersion = 2
        mediaType = .imageManifest
        self.artifactType = artifactType
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: DocumentMember.self)
        schemaVersion = try members.decodeSchemaVersion()
        mediaType = try members.decodeIfPresent(MediaType.self, forKey: .mediaType)
        if let mediaType, !mediaType.isManifest {
            throw DecodingError.dataCorruptedError(
                forKey: .mediaType, in: members, debugDescription: "\(mediaType) is not a manifest's")
        }
        try members.refuse(.manifests, in: "a manifest")
        artifactType = try members.decodeIfPresent(String.self, forKey: .artifactType)
        config = try members.decode(Descriptor.self, forKey: .config)
        layers = try members.decode([Descriptor].self, forKey: .layers)
        annotations = try members.decodeIfPresent([String: String].self, forKey: .annotations)
    }
}
