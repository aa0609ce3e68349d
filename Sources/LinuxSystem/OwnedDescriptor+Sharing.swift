internal import CLinux
internal import Glibc

extension OwnedDescriptor {
    /// Opens a path as if `directory` were the root folder: links, absolute ones too, stay inside (openat2
    /// RESOLVE_IN_ROOT).
    package init(
        opening path: String, inRoot directory: borrowing OwnedDescriptor, flags: Int32
    ) throws(SystemCallError) {
        let base = directory.rawValue
        let resolve = UInt64(CLINUX_RESOLVE_IN_ROOT | CLINUX_RESOLVE_NO_MAGICLINKS)
        let number = try systemCall("open \"\(path)\"") {
            unsafe CLinux_openat2(base, path, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), 0, resolve)
        }
        self.init(owning: number)
    }

    /// Makes an anonymous file in memory that holds `bytes` and can never change again.
    ///
    /// `name` is only for people who look at `/proc`.
    package static func sealed(_ bytes: [UInt8], name: String) throws(SystemCallError) -> OwnedDescriptor {
        let file = OwnedDescriptor(owning: try systemCall("make a file in memory") { unsafe CLinux_memfd(name) })
        try file.writeAll(bytes, name: name)
        let number = file.rawValue
        try systemCall("seal a file in memory") { CLinux_seal(number) }
        try systemCall("rewind a file in memory") { lseek(number, 0, SEEK_SET) }
        return file
    }

    /// Makes an anonymous file in memory of so many bytes, all zero, to be shared with a child process.
    package static func shared(size: Int, name: String) throws(SystemCallError) -> OwnedDescriptor {
        OwnedDescriptor(
            owning: try systemCall("make a file in memory") { unsafe CLinux_memfd_of_size(name, size) })
    }

    /// The first bytes of the file, at most `count`; where reading goes on does not change.
    package borrowing func firstBytes(_ count: Int, name: String) throws(SystemCallError) -> [UInt8] {
        let number = rawValue
        var failure: SystemCallError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // SAFETY: the kernel writes at most `count` bytes into a buffer of that capacity.
            do throws(SystemCallError) {
                filled = try systemCall("read \"\(name)\"") { unsafe pread(number, buffer.baseAddress, count, 0) }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// What the descriptor refers to.
    package borrowing func fileKind(name: String) throws(SystemCallError) -> FileKind {
        var status = stat()
        let number = rawValue
        try systemCall("look at \"\(name)\"") { unsafe fstat(number, &status) }
        return FileKind(mode: status.st_mode)
    }

    /// Another descriptor for the same open file, with a number of at least `minimum`.
    package borrowing func duplicate(from minimum: Int32 = 3) throws(SystemCallError) -> OwnedDescriptor {
        let number = rawValue
        return OwnedDescriptor(
            owning: try systemCall("duplicate descriptor \(number)") {
                CLinux_fcntl(number, F_DUPFD_CLOEXEC, minimum)
            })
    }

    /// Marks every open descriptor from 3 on close-on-exec, also those that our own starter left open.
    package static func closeAllOnExec() throws(SystemCallError) {
        try systemCall("mark descriptors close-on-exec") { CLinux_close_on_exec_from(3) }
    }

    /// Makes calls fail with EAGAIN where they would wait, through every copy of the descriptor.
    package borrowing func stopWaiting(name: String) throws(SystemCallError) {
        let number = rawValue
        try systemCall("make \(name) not block") { CLinux_fcntl(number, F_SETFL, O_NONBLOCK) }
    }
}
