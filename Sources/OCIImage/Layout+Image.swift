package import OCILayout
package import OCISpec

extension Layout {
    /// The image that `reference` means, for `platform` or the best WebAssembly platform that is there.
    ///
    /// Without a reference the layout must hold one image only; manifests without a name, or with the same name,
    /// are one image for several platforms.
    package func image(
        _ reference: ImageReference? = nil, for platform: Platform? = nil
    ) throws(ImageError) -> Image {
        guard !index.manifests.isEmpty else { throw ImageError(.noManifests, at: "\(name)/index.json") }
        let descriptors = try descriptors(meantBy: reference)
        let candidates = try ManifestWalk.candidates(from: descriptors, in: self)
        let choice = try ManifestChoice(among: candidates, wanted: platform, at: name)
        return try Image(choice, in: self, passedOver: candidates.map(\.label))
    }

    /// What can be written after `:` or `@` to mean an image of this layout.
    package var references: [String] {
        var labels: [String] = []
        for label in index.manifests.map(ImageReference.label) where !labels.contains(label) { labels.append(label) }
        return labels
    }

    private func descriptors(meantBy reference: ImageReference?) throws(ImageError) -> [Descriptor] {
        guard let reference else {
            let names = Set(index.manifests.compactMap { ImageReference.names(of: $0).first })
            let digests = Set(index.manifests.map(\.digest))
            guard names.count <= 1 || digests.count == 1 else {
                throw ImageError(.ambiguousReference(nil, available: references), at: name)
            }
            return index.manifests
        }
        let fits = index.manifests.compactMap { descriptor in
            reference.fit(of: descriptor).map { (fit: $0, descriptor: descriptor) }
        }
        if let best = fits.map(\.fit).max() {
            let meant = fits.filter { $0.fit == best }.map(\.descriptor)
            let names = Set(meant.map { ImageReference.names(of: $0).joined(separator: " ") })
            guard best == .whole || names.count == 1 || Set(meant.map(\.digest)).count == 1 else {
                throw ImageError(
                    .ambiguousReference(reference.description, available: meant.map(ImageReference.label)), at: name)
            }
            return meant
        }
        if case .digest(let digest) = reference, let nested = try nested(digest, in: index.manifests, depth: 0) {
            return [nested]
        }
        throw ImageError(.unknownReference(reference.description, available: references), at: name)
    }

    /// Looks for a digest in the indexes below.
    private func nested(_ digest: Digest, in descriptors: [Descriptor], depth: Int) throws(ImageError) -> Descriptor? {
        if let found = descriptors.first(where: { $0.digest == digest }) { return found }
        guard depth < ManifestWalk.nestingLimit else { return nil }
        var seen: Set<Digest> = []
        for descriptor in descriptors where descriptor.mediaType.isIndex && seen.insert(descriptor.digest).inserted {
            let index: Index
            do throws(LayoutError) {
                index = try self.index(of: descriptor)
            } catch {
                if error.problem == .missingBlob { continue }
                throw ImageError(.layout(error), at: error.place)
            }
            if let found = try nested(digest, in: index.manifests, depth: depth + 1) { return found }
        }
        return nil
    }
}
