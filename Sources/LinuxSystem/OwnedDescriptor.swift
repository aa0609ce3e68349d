internal import CLinux
internal import Glibc

/// A file descriptor with exactly one owner, closed when the owner goes.
package struct OwnedDescriptor: ~Copyable {
    /// The number the kernel knows it by. Valid as long as this value lives.
    package let rawValue: Int32

    /// Takes ownership of an open descriptor.
    package init(owning rawValue: Int32) { self.rawValue = rawValue }

    deinit { close(rawValue) }

    /// Opens a path, close-on-exec; `flags` are open(2)'s.
    package init(opening path: String, flags: Int32, mode: UInt32 = 0) throws(SystemCallError) {
        rawValue = try systemCall("open \"\(path)\"") { unsafe CLinux_open(path, flags, mode) }
    }

    /// Opens a path that may not leave `directory`, whatever links lie on the way (openat2 RESOLVE_BENEATH).
    package init(
        opening path: String, beneath directory: borrowing OwnedDescriptor, flags: Int32, mode: UInt32 = 0
    ) throws(SystemCallError) {
        let base = directory.rawValue
        let resolve = UInt64(CLINUX_RESOLVE_BENEATH | CLINUX_RESOLVE_NO_MAGICLINKS)
        rawValue = try systemCall("open \"\(path)\"") {
            unsafe CLinux_openat2(base, path, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), UInt64(mode), resolve)
        }
    }

    /// Gives the number up: the caller closes it, or hands it to a child process.
    package consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }
}
