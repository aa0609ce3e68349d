package import OCISpec

/// Which manifest was taken, and why.
package struct ManifestChoice: Equatable, Sendable {
    /// What made the candidate the one.
    package enum Reason: Equatable, Sendable {
        /// `--platform` asked for it.
        case wanted
        /// The best in the order of preference.
        case preferred(rank: Int)
        /// Made for Linux on a processor, and taken only because nothing else is there; its entrypoint must be a
        /// module.
        case lastResort
    }

    /// What was taken.
    package let candidate: ManifestCandidate
    /// Why.
    package let reason: Reason
    /// What else was there.
    package let passedOver: [String]

    /// Chooses; throws where no candidate is for a platform that we run.
    ///
    /// Among equals the first is taken (image-spec, image-index.md: "the first matching entry SHOULD be used").
    package init(
        among candidates: [ManifestCandidate], wanted: Platform?, at place: String
    ) throws(ImageError) {
        let choice: (index: Int, reason: Reason)?
        if let wanted {
            choice = candidates.firstIndex { $0.platform?.satisfies(wanted) == true }.map { ($0, .wanted) }
        } else {
            let ranks = candidates.enumerated().compactMap { index, candidate in
                candidate.platform.flatMap(PlatformPreference.rank).map { (rank: $0, index: index) }
            }
            choice =
                ranks.min { $0 < $1 }.map { ($0.index, .preferred(rank: $0.rank)) }
                ?? candidates.firstIndex { $0.platform?.satisfies(.linuxAMD64) == true }.map { ($0, .lastResort) }
        }
        guard let choice else {
            throw ImageError(.platform(wanted: wanted, available: candidates.map(\.label)), at: place)
        }
        candidate = candidates[choice.index]
        reason = choice.reason
        passedOver = candidates.indices.filter { $0 != choice.index }.map { candidates[$0].label }
    }

    /// One line for `--verbose`.
    package var explanation: String {
        let platform = candidate.platform?.description ?? "no platform"
        let why =
            switch reason {
            case .wanted: "asked for with --platform"
            case .preferred(let rank):
                "number \(rank + 1) in the order "
                    + PlatformPreference.order.map(\.description).joined(separator: ", ")
            case .lastResort: "no WebAssembly platform is there, but its entrypoint is a .wasm file"
            }
        let others = passedOver.isEmpty ? "nothing else is there" : "passed over: \(passedOver.joined(separator: ", "))"
        return
            "took manifest \(candidate.descriptor.digest.short) for \(platform) (named by \(candidate.source.rawValue)):"
            + " \(why); \(others)"
    }
}
