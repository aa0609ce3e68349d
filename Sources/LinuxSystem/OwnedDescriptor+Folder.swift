internal import CLinux
internal import Glibc

/// What can be done to the entries of an open folder. Names are single components: no link is ever followed.
extension OwnedDescriptor {
    /// Opens a path beneath `directory` on which no link may lie (openat2 RESOLVE_NO_SYMLINKS).
    package init(
        opening path: String, withoutLinksBeneath directory: borrowing OwnedDescriptor, flags: Int32, mode: UInt32 = 0
    ) throws(SystemCallError) {
        let base = directory.rawValue
        let resolve = UInt64(CLINUX_RESOLVE_BENEATH | CLINUX_RESOLVE_NO_SYMLINKS | CLINUX_RESOLVE_NO_MAGICLINKS)
        let number = try systemCall("open \"\(path)\"") {
            unsafe CLinux_openat2(base, path, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), UInt64(mode), resolve)
        }
        self.init(owning: number)
    }

    /// Opens a folder, as if this one were the root, for use in further calls only (O_PATH).
    package borrowing func folder(inRoot path: String) throws(SystemCallError) -> OwnedDescriptor {
        try OwnedDescriptor(opening: path, inRoot: self, flags: Int32(CLINUX_O_PATH) | O_DIRECTORY)
    }

    /// Makes a file that was not there, for writing.
    package borrowing func makeFile(_ entry: String, mode: UInt32) throws(SystemCallError) -> OwnedDescriptor {
        let number = rawValue
        return OwnedDescriptor(
            owning: try systemCall("make \"\(entry)\"") {
                unsafe CLinux_openat(number, entry, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
            })
    }

    /// Makes a folder that was not there.
    package borrowing func makeFolder(_ entry: String, mode: UInt32) throws(SystemCallError) {
        let number = rawValue
        try systemCall("make the folder \"\(entry)\"") { unsafe mkdirat(number, entry, mode) }
    }

    /// Makes a symbolic link to `target`, whatever that is.
    package borrowing func makeSymbolicLink(_ entry: String, to target: String) throws(SystemCallError) {
        let number = rawValue
        try systemCall("make the link \"\(entry)\"") { unsafe symlinkat(target, number, entry) }
    }

    /// Gives the entry `source` of `folder` another name here.
    package borrowing func makeHardLink(
        _ entry: String, to source: String, in folder: borrowing OwnedDescriptor
    ) throws(SystemCallError) {
        let from = folder.rawValue
        let number = rawValue
        try systemCall("make the hard link \"\(entry)\"") { unsafe linkat(from, source, number, entry, 0) }
    }

    /// Gives an entry another name in this folder, in place of what has it.
    package borrowing func rename(_ entry: String, to name: String) throws(SystemCallError) {
        let number = rawValue
        try systemCall("rename \"\(entry)\" to \"\(name)\"") { unsafe renameat(number, entry, number, name) }
    }

    /// Removes an entry that is no folder.
    package borrowing func removeFile(_ entry: String) throws(SystemCallError) {
        let number = rawValue
        try systemCall("remove \"\(entry)\"") { unsafe unlinkat(number, entry, 0) }
    }

    /// Removes an empty folder.
    package borrowing func removeEmptyFolder(_ entry: String) throws(SystemCallError) {
        let number = rawValue
        try systemCall("remove \"\(entry)\"") { unsafe unlinkat(number, entry, AT_REMOVEDIR) }
    }

    /// Gives an entry another owner.
    package borrowing func setOwner(
        ofEntry entry: String, user: UInt32, group: UInt32
    ) throws(SystemCallError) {
        let number = rawValue
        try systemCall("give \"\(entry)\" to user \(user)") {
            unsafe fchownat(number, entry, user, group, AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Gives the open file its permission bits.
    package borrowing func setPermissions(_ permissions: UInt32, name: String) throws(SystemCallError) {
        let number = rawValue
        try systemCall("change the mode of \"\(name)\"") { fchmod(number, permissions) }
    }

    /// Gives the open file its time of last change, in seconds since 1970; the time of last access too.
    package borrowing func setModificationTime(_ seconds: Int64, name: String) throws(SystemCallError) {
        let number = rawValue
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        try systemCall("set the time of \"\(name)\"") { unsafe futimens(number, [time, time]) }
    }

    /// Reads on, at most `count` bytes; empty at the end.
    package borrowing func readPiece(upTo count: Int, name: String) throws(SystemCallError) -> [UInt8] {
        let number = rawValue
        var failure: SystemCallError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // SAFETY: the kernel writes at most `count` bytes into a buffer of that capacity.
            do throws(SystemCallError) {
                filled = try systemCall("read \"\(name)\"") { unsafe read(number, buffer.baseAddress, count) }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }
}

/// Gives a file or folder another path, in place of a file or empty folder that has it.
package func renamePath(_ path: String, to newPath: String) throws(SystemCallError) {
    try systemCall("rename \"\(path)\" to \"\(newPath)\"") { unsafe rename(path, newPath) }
}

/// Makes a folder that was not there.
package func makeFolder(at path: String, mode: UInt32) throws(SystemCallError) {
    try systemCall("make the folder \"\(path)\"") { unsafe mkdir(path, mode) }
}

/// Whether this process may give files to other users.
package var isSuperuser: Bool { geteuid() == 0 }

/// The group that files of ours get.
package var effectiveGroup: UInt32 { getegid() }

/// Makes a folder and those above it that are missing.
package func makeFolders(at path: String, mode: UInt32) throws(SystemCallError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
        made += "/\(part)"
        if unsafe access(made, F_OK) == 0 { continue }
        do throws(SystemCallError) {
            try makeFolder(at: made, mode: mode)
        } catch  where error.code == EEXIST {
            // Somebody else made it in the meantime.
        }
    }
}
