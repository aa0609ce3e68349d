/// An entry that hides something of the layers below (image-spec, layer.md, "Whiteouts").
enum Whiteout: Equatable {
    /// Hides the entry `name` of `folder`.
    case entry(name: String, folder: EntryPath)
    /// Hides all that lower layers put into `folder`.
    case opaque(folder: EntryPath)
    /// Means something to AUFS only.
    case ignored

    private static let prefix = ".wh."
    private static let aufsPrefix = ".wh..wh."
    private static let opaqueName = ".wh..wh..opq"

    /// `nil` for an ordinary entry; throws for one that hides nothing that can be named.
    init?(_ path: EntryPath, place: String) throws(UnpackError) {
        guard path.components.contains(where: { $0.hasPrefix(Whiteout.prefix) }) else { return nil }
        if path.name == Whiteout.opaqueName, !path.parent.components.contains(where: { $0.hasPrefix(Whiteout.prefix) })
        {
            self = .opaque(folder: path.parent)
            return
        }
        if path.components.contains(where: { $0.hasPrefix(Whiteout.aufsPrefix) }) {
            self = .ignored
            return
        }
        guard let name = path.name, name.hasPrefix(Whiteout.prefix),
            !path.parent.components.contains(where: { $0.hasPrefix(Whiteout.prefix) })
        else {
            throw UnpackError(.unsafePath(entry: path.text, reason: "lies in a whiteout"), at: place)
        }
        let hidden = String(name.dropFirst(Whiteout.prefix.count))
        guard !["", ".", ".."].contains(hidden) else {
            throw UnpackError(.unsafePath(entry: path.text, reason: "a whiteout of no name"), at: place)
        }
        self = .entry(name: hidden, folder: path.parent)
    }
}
