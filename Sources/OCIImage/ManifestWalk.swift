internal import OCILayout
internal import OCISpec

/// Collects the manifests that an index leads to, in the publisher's order.
struct ManifestWalk {
    /// How deep indexes may lie in one another.
    static let nestingLimit = 8

    /// A blob, as something for a platform.
    private struct Visit: Hashable {
        var digest: Digest
        var platform: Platform?
    }

    private let layout: Layout
    /// What was found.
    private(set) var candidates: [ManifestCandidate] = []
    private var seen: Set<Visit> = []
    /// What lists something of an unknown type.
    private var unknownType: MediaType?
    /// The first blob that is listed and absent: layouts made from one platform of several lack the others.
    private var absence: LayoutError?

    init(of layout: Layout) { self.layout = layout }

    /// Collects what `descriptors` lead to; throws where that is nothing.
    static func candidates(
        from descriptors: [Descriptor], in layout: Layout
    ) throws(ImageError) -> [ManifestCandidate] {
        var walk = ManifestWalk(of: layout)
        try walk.visit(descriptors, depth: 0)
        guard walk.candidates.isEmpty else { return walk.candidates }
        if let absence = walk.absence { throw ImageError(absence) }
        if let type = walk.unknownType { throw ImageError(.mediaType(type, of: "manifest"), at: layout.name) }
        throw ImageError(.noManifests, at: layout.name)
    }

    private mutating func visit(_ descriptors: [Descriptor], depth: Int) throws(ImageError) {
        // Every blob once, however many paths lead to it.
        for descriptor in descriptors {
            let key = Visit(digest: descriptor.digest, platform: descriptor.platform)
            guard seen.insert(key).inserted else { continue }
            if descriptor.annotations?[Annotation.dockerReferenceType] != nil { continue }
            if descriptor.mediaType.isIndex {
                guard depth < ManifestWalk.nestingLimit else {
                    throw ImageError(.nesting(limit: ManifestWalk.nestingLimit), at: layout.place(of: descriptor))
                }
                guard let index = try present({ [layout] () throws(LayoutError) in try layout.index(of: descriptor) })
                else { continue }
                try visit(index.manifests, depth: depth + 1)
            } else if descriptor.mediaType.isManifest {
                if let candidate = try candidate(descriptor) { candidates.append(candidate) }
            } else {
                unknownType = unknownType ?? descriptor.mediaType
            }
        }
    }

    private mutating func candidate(_ descriptor: Descriptor) throws(ImageError) -> ManifestCandidate? {
        if let platform = descriptor.platform {
            return ManifestCandidate(descriptor: descriptor, platform: platform, source: .descriptor)
        }
        guard let manifest = try present({ [layout] () throws(LayoutError) in try layout.manifest(of: descriptor) })
        else { return nil }
        if manifest.config.mediaType.isImageConfig || manifest.config.mediaType == .wasmConfig {
            guard
                let config = try present({ [layout] () throws(LayoutError) in try layout.config(of: manifest.config) })
            else { return nil }
            if let platform = config.platform {
                return ManifestCandidate(descriptor: descriptor, platform: platform, source: .config)
            }
        }
        let isModule =
            manifest.config.mediaType == .spinConfig
            || manifest.layers.contains { LayerKind($0.mediaType) == .module }
        return isModule
            ? ManifestCandidate(descriptor: descriptor, platform: .wasip1, source: .layers)
            : ManifestCandidate(descriptor: descriptor, platform: nil, source: .nothing)
    }

    /// What `read` gives; `nil` where the blob is absent, which is remembered.
    private mutating func present<Value>(
        _ read: () throws(LayoutError) -> Value
    ) throws(ImageError) -> Value? {
        do throws(LayoutError) {
            return try read()
        } catch {
            guard error.problem == .missingBlob else { throw ImageError(error) }
            absence = absence ?? error
            return nil
        }
    }
}
