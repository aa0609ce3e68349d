internal import CLibArchive
internal import Glibc

/// An entry of an archive, as values.
struct ArchiveEntry {
    /// What the entry is.
    enum Kind: Equatable {
        case regularFile
        case folder
        case symbolicLink(target: String)
        /// Another name of an entry.
        case hardLink(target: String)
        /// A device, pipe or socket.
        case special(String)
    }

    /// The name, as written.
    let path: String
    /// What it is.
    let kind: Kind
    /// Bytes of content.
    let size: Int64
    /// Permission bits.
    let permissions: UInt32
    /// The owner's number, where it is one that Linux has.
    let user: UInt32?
    /// The group's number, where it is one that Linux has.
    let group: UInt32?
    /// When it was last changed, in seconds since 1970.
    let modificationTime: Int64

    /// Copies what libarchive holds until its next call.
    @unsafe init(_ entry: OpaquePointer, place: String) throws(UnpackError) {
        // SAFETY: the strings belong to the entry, which is valid during this call; they are copied.
        path = try unsafe ArchiveEntry.text(archive_entry_pathname(entry), "name", place)
        size = unsafe archive_entry_size(entry)
        permissions = unsafe UInt32(archive_entry_perm(entry))
        user = unsafe ArchiveEntry.identifier(archive_entry_uid(entry))
        group = unsafe ArchiveEntry.identifier(archive_entry_gid(entry))
        modificationTime = unsafe Int64(archive_entry_mtime(entry))
        if let target = unsafe archive_entry_hardlink(entry) {
            kind = .hardLink(target: try unsafe ArchiveEntry.text(target, "hard link", place))
            return
        }
        switch unsafe UInt32(archive_entry_filetype(entry)) {
        case S_IFREG: kind = .regularFile
        case S_IFDIR: kind = .folder
        case S_IFLNK:
            kind = .symbolicLink(target: try unsafe ArchiveEntry.text(archive_entry_symlink(entry), "link", place))
        case S_IFCHR: kind = .special("a character device")
        case S_IFBLK: kind = .special("a block device")
        case S_IFIFO: kind = .special("a pipe")
        case S_IFSOCK: kind = .special("a socket")
        default: throw UnpackError(.unsupportedEntry(entry: path, kind: "of an unknown type"), at: place)
        }
    }

    private static func text(
        _ string: UnsafePointer<CChar>?, _ what: String, _ place: String
    ) throws(UnpackError) -> String {
        guard let string = unsafe string else {
            throw UnpackError(.corrupt(reason: "an entry without a \(what)"), at: place)
        }
        guard let text = unsafe String(validatingCString: string) else {
            throw UnpackError(
                .unsafePath(entry: unsafe String(cString: string), reason: "the \(what) is not UTF-8"), at: place)
        }
        return text
    }

    private static func identifier(_ number: Int64) -> UInt32? {
        UInt32(exactly: number).flatMap { $0 == .max ? nil : $0 }
    }
}
