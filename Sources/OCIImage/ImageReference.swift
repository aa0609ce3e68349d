package import OCISpec

/// Which image of a layout is meant.
package enum ImageReference: Equatable, Sendable, CustomStringConvertible {
    /// By its name in the layout, or the end of its name: `latest`, `app:1`, `docker.io/library/app:1`.
    case name(String)
    /// By the digest of its manifest or index.
    case digest(Digest)

    package var description: String {
        switch self {
        case .name(let name): name
        case .digest(let digest): "@\(digest)"
        }
    }

    /// How well a descriptor's names fit.
    enum Fit: Int, Comparable {
        /// Only the end of a name fits: its tag, or its last components.
        case tail
        /// A whole name fits.
        case whole

        static func < (left: Fit, right: Fit) -> Bool { left.rawValue < right.rawValue }
    }

    /// How well a descriptor of `index.json` is what is meant; `nil` where it is not.
    func fit(of descriptor: Descriptor) -> Fit? {
        switch self {
        case .digest(let digest): return descriptor.digest == digest ? .whole : nil
        case .name(let wanted):
            let names = ImageReference.names(of: descriptor)
            if names.contains(wanted) { return .whole }
            let isTail = names.contains { name in
                let last = name.split(separator: "/").last ?? ""
                let tag = last.split(separator: ":", maxSplits: 1).dropFirst().first
                return name.hasSuffix("/\(wanted)") || tag.map(String.init) == wanted
            }
            return isTail ? .tail : nil
        }
    }

    /// What a descriptor is called, its plain name first.
    static func names(of descriptor: Descriptor) -> [String] {
        [Annotation.referenceName, Annotation.containerdImageName].compactMap { descriptor.annotations?[$0] }
    }

    /// What a person can write to mean the descriptor.
    static func label(of descriptor: Descriptor) -> String {
        names(of: descriptor).first.map { ":\($0)" } ?? "@\(descriptor.digest)"
    }
}
