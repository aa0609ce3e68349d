package import OCISpec

/// A manifest that could be taken, and what it is made for.
package struct ManifestCandidate: Equatable, Sendable {
    /// How the platform is known.
    package enum Source: String, Sendable {
        /// The descriptor in the index names it.
        case descriptor = "its descriptor"
        /// The image's config names it.
        case config = "its config"
        /// Nothing names it; its layer is a module.
        case layers = "its layer's type"
        /// Nothing names it.
        case nothing
    }

    /// Refers to the manifest.
    package let descriptor: Descriptor
    /// What it is made for.
    package let platform: Platform?
    /// How that is known.
    package let source: Source

    package init(descriptor: Descriptor, platform: Platform?, source: Source) {
        self.descriptor = descriptor
        self.platform = platform
        self.source = source
    }

    /// How the candidate appears in a list for people.
    var label: String { platform?.description ?? "no platform (\(descriptor.digest.short))" }
}
