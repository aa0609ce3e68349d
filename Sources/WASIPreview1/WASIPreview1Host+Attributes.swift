internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import WasmRuntime

/// A file's attributes: type, size, times.
extension WASIPreview1Host {
    func fdFilestatGet(_ call: HostCall, _ generation: Generation) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdFilestatGet)
        try Self.store(Self.status(of: descriptor.number), at: call.i32(1), in: call.memory, generation)
    }

    func fdFilestatSetSize(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdFilestatSetSize)
        let size = try Self.offset(call.i64(1))
        try linux { ftruncate(descriptor.number, size) }
    }

    func fdFilestatSetTimes(_ call: HostCall) throws(Errno) {
        let times = try FileTimes(access: call.i64(1), modification: call.i64(2), flags: call.i32(3))
        let descriptor = try descriptor(call.i32(0), needing: .fdFilestatSetTimes)
        try Self.setTimes(times, of: descriptor.number)
    }

    func pathFilestatGet(_ call: HostCall, _ generation: Generation) throws(Errno) {
        let directory = try descriptor(call.i32(0), needing: .pathFilestatGet)
        let path = try directory.resolved(GuestPath(at: call.i32(2), count: call.i32(3), in: call.memory))
        let follows = try Self.follows(call.i32(1)) && directory.file == nil
        if path.isOneName {
            // One call does where there is no link to follow, which is nearly always.
            let status = try Self.status(of: path, in: directory)
            if !follows || status.st_mode & S_IFMT != S_IFLNK {
                return try Self.store(status, at: call.i32(4), in: call.memory, generation)
            }
        }
        let file = try Self.find(path, in: directory, follows: follows)
        try Self.store(Self.status(of: file.rawValue), at: call.i32(4), in: call.memory, generation)
    }

    func pathFilestatSetTimes(_ call: HostCall) throws(Errno) {
        let times = try FileTimes(access: call.i64(4), modification: call.i64(5), flags: call.i32(6))
        let directory = try descriptor(call.i32(0), needing: .pathFilestatSetTimes)
        let path = try directory.resolved(GuestPath(at: call.i32(2), count: call.i32(3), in: call.memory))
        let file = try Self.find(path, in: directory, follows: Self.follows(call.i32(1)) && directory.file == nil)
        try Self.setTimes(times, of: file.rawValue)
    }

    /// Whether `lookupflags` say to follow a symbolic link at a path's end. A bit without a name is `inval`.
    static func follows(_ lookup: UInt32) throws(Errno) -> Bool {
        guard lookup < 1 << 1 else { throw .inval }
        return lookup == 1
    }

    /// What `path` names, found but not opened; a symbolic link itself unless it is to be followed.
    private static func find(
        _ path: GuestPath, in directory: Descriptor, follows: Bool
    ) throws(Errno) -> OwnedDescriptor {
        let flags = follows ? Beneath.pathOnly : Beneath.pathOnly | O_NOFOLLOW
        return try Beneath.open(path.bytes, in: directory, flags: flags)
    }

    /// Also reaches what is found but not opened, a symbolic link too (Linux 5.8).
    private static func setTimes(_ times: FileTimes, of number: Int32) throws(Errno) {
        try linux { CLinux_set_times(number, times.access, times.modification) }
    }

    private static func status(of number: Int32) throws(Errno) -> stat {
        var status = stat()
        // SAFETY: fstat fills the local it is given.
        try linux { unsafe fstat(number, &status) }
        return status
    }

    /// The status of what a path of one name names, a symbolic link's own.
    private static func status(of path: GuestPath, in directory: Descriptor) throws(Errno) -> stat {
        var status = stat()
        try linux {
            // SAFETY: the array ends with a NUL, and fstatat fills the local it is given.
            unsafe path.bytes.withUnsafeBufferPointer { name in
                unsafe fstatat(directory.number, name.baseAddress!, &status, AT_SYMLINK_NOFOLLOW)
            }
        }
        return status
    }

    private static func store(
        _ status: stat, at address: UInt32, in memory: GuestMemory, _ generation: Generation
    ) throws(Errno) {
        let type = Filetype(mode: status.st_mode, socketType: 0).rawValue
        // Snapshot 0 has `nlink` in 32 bits beside the type; from there on all is 8 bytes earlier.
        let isWide = generation == .preview1
        try memory.check(address, count: isWide ? 64 : 56)
        try memory.write(UInt64(status.st_dev), at: address)
        try memory.write(UInt64(status.st_ino), at: address + 8)
        if isWide {
            try memory.write(UInt64(type), at: address + 16)
            try memory.write(UInt64(status.st_nlink), at: address + 24)
        } else {
            let links = UInt32(clamping: status.st_nlink)
            try memory.write(UInt64(type) | UInt64(links) << 32, at: address + 16)
        }
        let rest = address + (isWide ? 32 : 24)
        try memory.write(UInt64(status.st_size), at: rest)
        try memory.write(status.st_atim.nanoseconds, at: rest + 8)
        try memory.write(status.st_mtim.nanoseconds, at: rest + 16)
        try memory.write(status.st_ctim.nanoseconds, at: rest + 24)
    }
}
