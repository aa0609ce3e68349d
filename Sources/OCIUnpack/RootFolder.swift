internal import Glibc
internal import LinuxSystem

/// The folder that layers are unpacked into. Paths are resolved as if it were all there is: links are followed inside
/// it and never out of it (openat2 RESOLVE_IN_ROOT), and the last component is never followed.
struct RootFolder: ~Copyable {
    /// What a folder will have when everything is unpacked. Until then its owner may write.
    private struct Attributes {
        var permissions: UInt32
        var modificationTime: Int64?
    }

    private let descriptor: OwnedDescriptor
    private let place: String
    private var attributes: [EntryPath.Key: Attributes] = [:]

    init(at path: String) throws(UnpackError) {
        place = path
        descriptor = try unpacking(path) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        }
        setAttributes(of: EntryPath(components: []), permissions: 0o755, modificationTime: nil)
    }

    /// Opens a folder; `nil` where there is none.
    borrowing func folder(_ path: EntryPath) throws(UnpackError) -> OwnedDescriptor? {
        do throws(SystemCallError) {
            return try descriptor.folder(inRoot: path.text)
        } catch {
            switch error.code {
            case ENOENT: return nil
            case ENOTDIR: throw UnpackError(.conflict(entry: path.text, reason: "not a folder"), at: place)
            case ELOOP: throw UnpackError(.unsafeLink(entry: path.text, reason: "links lead in a circle"), at: place)
            default: throw UnpackError(.system(error), at: place)
            }
        }
    }

    /// Opens a folder, after making what is missing of it.
    mutating func makeFolders(_ path: EntryPath) throws(UnpackError) -> OwnedDescriptor {
        if let found = try folder(path) { return found }
        var count = path.components.count - 1
        while count > 0, try folder(EntryPath(components: Array(path.components.prefix(count)))) == nil { count -= 1 }
        while count < path.components.count {
            let prefix = EntryPath(components: Array(path.components.prefix(count)))
            let name = path.components[count]
            guard let parent = try folder(prefix) else {
                throw UnpackError(.conflict(entry: prefix.text, reason: "vanished"), at: place)
            }
            let isTaken = try unpacking(place) { () throws(SystemCallError) in
                try parent.status(ofEntry: name) != nil
            }
            guard !isTaken else {
                let link = EntryPath(components: Array(path.components.prefix(count + 1))).text
                throw UnpackError(.unsafeLink(entry: link, reason: "leads to nothing inside"), at: place)
            }
            count += 1
            let made = EntryPath(components: Array(path.components.prefix(count)))
            try unpacking(place) { () throws(SystemCallError) in try parent.makeFolder(name, mode: 0o700) }
            setAttributes(of: made, permissions: 0o755, modificationTime: nil)
        }
        guard let made = try folder(path) else {
            throw UnpackError(.conflict(entry: path.text, reason: "vanished"), at: place)
        }
        return made
    }

    /// Remembers what a folder shall have in the end.
    mutating func setAttributes(of path: EntryPath, permissions: UInt32, modificationTime: Int64?) {
        attributes[path.key] = Attributes(permissions: permissions, modificationTime: modificationTime)
    }

    /// Gives all folders what they shall have, the innermost first.
    borrowing func applyAttributes() throws(UnpackError) {
        for (key, wanted) in attributes.sorted(by: { $0.key.depth > $1.key.depth }) {
            guard let folder = try finished(key) else { continue }
            try unpacking(place) { () throws(SystemCallError) in
                try folder.setPermissions(wanted.permissions, name: key.text)
                if let time = wanted.modificationTime { try folder.setModificationTime(time, name: key.text) }
            }
        }
    }

    /// Opens a folder for changing it; `nil` where something else took its place, or it was hidden.
    private borrowing func finished(_ key: EntryPath.Key) throws(UnpackError) -> OwnedDescriptor? {
        do throws(SystemCallError) {
            return try OwnedDescriptor(
                opening: key.text, inRoot: descriptor, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch {
            if [ENOENT, ENOTDIR, ELOOP].contains(error.code) { return nil }
            throw UnpackError(.system(error), at: place)
        }
    }
}

extension EntryPath {
    /// A path as a key that knows its depth.
    struct Key: Hashable {
        let text: String
        let depth: Int
    }

    /// The path as a key.
    var key: Key { Key(text: text, depth: components.count) }
}
