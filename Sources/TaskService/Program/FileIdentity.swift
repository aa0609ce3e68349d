internal import Glibc

/// Which file a path leads to: two are the same only if their numbers are.
struct FileIdentity: Equatable {
    private let device: UInt64
    private let inode: UInt64

    /// `nil` where nothing is there. A symbolic link is itself.
    init?(of path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
