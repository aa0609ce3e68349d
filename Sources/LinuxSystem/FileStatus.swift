internal import Glibc

/// What the kernel knows about a file, as far as we ask.
package struct FileStatus: Equatable, Sendable {
    /// What it is.
    package let kind: FileKind
    /// Its length in bytes.
    package let size: Int64
    /// Its permission bits.
    package let permissions: UInt32
    /// Which file it is, together with `inode`.
    package let device: UInt64
    /// Which file it is on its device.
    package let inode: UInt64

    init(_ status: stat) {
        kind = FileKind(mode: status.st_mode)
        size = Int64(status.st_size)
        permissions = status.st_mode & 0o7777
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension OwnedDescriptor {
    /// Looks at what the descriptor refers to.
    package borrowing func status(name: String) throws(SystemCallError) -> FileStatus {
        var status = stat()
        let number = rawValue
        try systemCall("look at \"\(name)\"") { unsafe fstat(number, &status) }
        return FileStatus(status)
    }

    /// Looks at an entry of this folder, without following a link; `nil` where there is none.
    package borrowing func status(ofEntry entry: String) throws(SystemCallError) -> FileStatus? {
        var status = stat()
        let number = rawValue
        do throws(SystemCallError) {
            try systemCall("look at \"\(entry)\"") { unsafe fstatat(number, entry, &status, AT_SYMLINK_NOFOLLOW) }
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        return FileStatus(status)
    }
}
