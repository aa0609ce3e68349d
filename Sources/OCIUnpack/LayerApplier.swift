internal import Glibc
internal import LinuxSystem

/// Applies the entries of layers to a root folder, one layer after the other.
struct LayerApplier: ~Copyable {
    /// A name in a folder, whatever path led there.
    private struct Slot: Hashable {
        var folder: UInt64
        var name: String
    }

    private let limits: UnpackLimits
    private let interpretsWhiteouts: Bool
    /// The user and group that new files have by themselves; `nil` where we may give them no other.
    private let ownOwner: (user: UInt32, group: UInt32)?
    private var root: RootFolder
    /// What the current layer put where; whiteouts of the same layer spare it.
    private var fresh: Set<Slot> = []
    private var entries: Int64 = 0
    private var bytes: Int64 = 0
    /// Entries that were left out, for people.
    private(set) var skipped: [String] = []

    /// `interpretsWhiteouts` is false for archives that are no layers.
    init(root path: String, limits: UnpackLimits, interpretsWhiteouts: Bool = true) throws(UnpackError) {
        root = try RootFolder(at: path)
        self.limits = limits
        self.interpretsWhiteouts = interpretsWhiteouts
        ownOwner = isSuperuser ? (0, effectiveGroup) : nil
    }

    /// Applies a whole layer.
    mutating func apply(_ archive: Archive, place: String) throws(UnpackError) {
        fresh = []
        while let entry = try archive.next() {
            entries += 1
            guard entries <= limits.entries else {
                throw UnpackError(.tooLarge(what: "entries", limit: limits.entries), at: place)
            }
            let path = try EntryPath(entry.path, place: place)
            if interpretsWhiteouts, let whiteout = try Whiteout(path, place: place) {
                try apply(whiteout, place: place)
            } else {
                try apply(entry, at: path, from: archive, place: place)
            }
        }
    }

    /// Makes a folder of the finished root, unless it is there.
    mutating func makeFolder(_ path: EntryPath) throws(UnpackError) { _ = try root.makeFolders(path) }

    /// Gives folders their permissions and times; nothing may be applied after it.
    borrowing func finish() throws(UnpackError) { try root.applyAttributes() }

    private mutating func apply(
        _ entry: ArchiveEntry, at path: EntryPath, from archive: Archive, place: String
    ) throws(UnpackError) {
        guard let name = path.name else {
            guard entry.kind == .folder else {
                throw UnpackError(.conflict(entry: entry.path, reason: "only a folder can be the root"), at: place)
            }
            root.setAttributes(
                of: path, permissions: folderPermissions(entry), modificationTime: entry.validTime)
            return
        }
        if case .special(let kind) = entry.kind {
            skipped.append("\(path.text): \(kind)")
            return
        }
        let parent = try root.makeFolders(path.parent)
        let system = { (body: () throws(SystemCallError) -> Void) throws(UnpackError) in
            try unpacking("\(place): entry \(entry.path.debugDescription)", body)
        }
        switch entry.kind {
        case .regularFile:
            try write(entry, as: name, in: parent, from: archive, place: place)
        case .folder:
            try system { () throws(SystemCallError) in
                if try parent.status(ofEntry: name)?.kind == .folder { return }
                if try parent.status(ofEntry: name) != nil { try parent.removeFile(name) }
                try parent.makeFolder(name, mode: 0o700)
            }
            root.setAttributes(of: path, permissions: folderPermissions(entry), modificationTime: entry.validTime)
            try own(name, in: parent, as: entry, place: place)
        case .symbolicLink(let target):
            guard !target.isEmpty, target.utf8.count < UnpackLimits.pathBytes else {
                throw UnpackError(
                    .unsafeLink(entry: entry.path, reason: "its target has \(target.utf8.count) bytes"), at: place)
            }
            try clear(name, in: parent, place: place)
            try system { () throws(SystemCallError) in try parent.makeSymbolicLink(name, to: target) }
            try own(name, in: parent, as: entry, place: place)
        case .hardLink(let target):
            try link(name, in: parent, to: target, of: entry, place: place)
        case .special: break
        }
        fresh.insert(try slot(name, in: parent, place: place))
    }
}

extension LayerApplier {
    private mutating func write(
        _ entry: ArchiveEntry, as name: String, in parent: borrowing OwnedDescriptor, from archive: Archive,
        place: String
    ) throws(UnpackError) {
        guard entry.size >= 0, entry.size <= limits.imageBytes - bytes else {
            throw UnpackError(.tooLarge(what: "bytes of all files", limit: limits.imageBytes), at: place)
        }
        bytes += entry.size
        let file = try makeFile(name, in: parent, place: place)
        var written: Int64 = 0
        while let content = try archive.nextContent(expectedOffset: written) {
            written += Int64(content.count)
            guard written <= entry.size else {
                throw UnpackError(.corrupt(reason: "an entry longer than its header says"), at: place)
            }
            try unpacking(place) { () throws(SystemCallError) in try file.writeAll(content, name: entry.path) }
        }
        guard written == entry.size else {
            throw UnpackError(.corrupt(reason: "an entry shorter than its header says"), at: place)
        }
        try own(name, in: parent, as: entry, place: place)
        // Nothing runs as the owner of a file here, so setuid and setgid bits could only help an attacker on the host.
        let permissions = entry.permissions & 0o777 | (ownOwner == nil ? 0o600 : 0)
        try unpacking(place) { () throws(SystemCallError) in
            try file.setPermissions(permissions, name: entry.path)
            if let time = entry.validTime { try file.setModificationTime(time, name: entry.path) }
        }
    }

    /// Makes a file, in place of what has its name. Mostly nothing has.
    private func makeFile(
        _ name: String, in parent: borrowing OwnedDescriptor, place: String
    ) throws(UnpackError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try parent.makeFile(name, mode: 0o600)
        } catch {
            guard error.code == EEXIST else { throw UnpackError(.system(error), at: place) }
        }
        try clear(name, in: parent, place: place)
        return try unpacking(place) { () throws(SystemCallError) in try parent.makeFile(name, mode: 0o600) }
    }

    private func link(
        _ name: String, in parent: borrowing OwnedDescriptor, to target: String, of entry: ArchiveEntry, place: String
    ) throws(UnpackError) {
        let source = try EntryPath(target, place: place)
        guard let sourceName = source.name, let folder = try root.folder(source.parent) else {
            throw UnpackError(.unsafeLink(entry: entry.path, reason: "its target is not there"), at: place)
        }
        let found = try unpacking(place) { () throws(SystemCallError) in try folder.status(ofEntry: sourceName) }
        guard let found else {
            throw UnpackError(.unsafeLink(entry: entry.path, reason: "its target is not there"), at: place)
        }
        guard found.kind != .folder else {
            throw UnpackError(.unsafeLink(entry: entry.path, reason: "its target is a folder"), at: place)
        }
        let existing = try unpacking(place) { () throws(SystemCallError) in try parent.status(ofEntry: name) }
        if let existing, existing.inode == found.inode, existing.device == found.device { return }
        try clear(name, in: parent, place: place)
        try unpacking("\(place): entry \(entry.path.debugDescription)") { () throws(SystemCallError) in
            try parent.makeHardLink(name, to: sourceName, in: folder)
        }
    }

    /// Gives an entry the owner that its archive says. An ordinary user cannot, and keeps it.
    private func own(
        _ name: String, in parent: borrowing OwnedDescriptor, as entry: ArchiveEntry, place: String
    ) throws(UnpackError) {
        guard let ownOwner, let user = entry.user, let group = entry.group, (user, group) != ownOwner else { return }
        do throws(SystemCallError) {
            try parent.setOwner(ofEntry: name, user: user, group: group)
        } catch {
            // In a user namespace not every number can be had.
            guard error.code == EINVAL || error.code == EPERM else { throw UnpackError(.system(error), at: place) }
        }
    }

    private func folderPermissions(_ entry: ArchiveEntry) -> UInt32 {
        entry.permissions & 0o1777 | (ownOwner == nil ? 0o700 : 0)
    }

    private func slot(
        _ name: String, in parent: borrowing OwnedDescriptor, place: String
    ) throws(UnpackError) -> Slot {
        let status = try unpacking(place) { () throws(SystemCallError) in try parent.status(name: "a folder") }
        return Slot(folder: status.inode, name: name)
    }
}

extension LayerApplier {
    /// Removes what has a name, with all below it.
    private func clear(
        _ name: String, in parent: borrowing OwnedDescriptor, place: String
    ) throws(UnpackError) {
        _ = try unpacking(place) { () throws(SystemCallError) in try remove(name, from: parent, sparing: []) }
    }

    private func apply(_ whiteout: Whiteout, place: String) throws(UnpackError) {
        switch whiteout {
        case .ignored: break
        case .entry(let name, let path):
            guard let folder = try root.folder(path) else { return }
            _ = try unpacking(place) { () throws(SystemCallError) in
                try remove(name, from: folder, sparing: fresh)
            }
        case .opaque(let path):
            guard let folder = try root.folder(path) else { return }
            try unpacking(place) { () throws(SystemCallError) in
                for entry in try folder.entryNames(of: path.text) {
                    _ = try remove(entry.text, from: folder, sparing: fresh)
                }
            }
        }
    }

    /// Removes an entry and what is below it, except what is spared and the folders that lead there; `false` where
    /// something was spared.
    private func remove(
        _ name: String, from parent: borrowing OwnedDescriptor, sparing spared: Set<Slot>
    ) throws(SystemCallError) -> Bool {
        guard let status = try parent.status(ofEntry: name) else { return true }
        let inode = spared.isEmpty ? 0 : try parent.status(name: name).inode
        let isSpared = !spared.isEmpty && spared.contains(Slot(folder: inode, name: name))
        guard status.kind == .folder else {
            if !isSpared { try parent.removeFile(name) }
            return !isSpared
        }
        let folder = try OwnedDescriptor(
            opening: name, withoutLinksBeneath: parent, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        var isEmpty = true
        for entry in try folder.entryNames(of: name) where try !remove(entry.text, from: folder, sparing: spared) {
            isEmpty = false
        }
        guard isEmpty, !isSpared else { return false }
        try parent.removeEmptyFolder(name)
        return true
    }
}

extension ArchiveEntry {
    /// The time of last change, where it is one that file systems can hold.
    fileprivate var validTime: Int64? { (0..<(1 << 33)).contains(modificationTime) ? modificationTime : nil }
}
