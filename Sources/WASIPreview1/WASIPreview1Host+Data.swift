internal import CLinux
internal import Glibc
internal import WasmRuntime

/// The bytes behind a descriptor.
extension WASIPreview1Host {
    @inline(__always)
    func fdRead(_ call: HostCall) throws(Errno) {
        let descriptor = try access(call.i32(0), needing: .fdRead)
        let vectors = GuestVectors(memory: call.memory, address: call.i32(1), count: call.i32(2))
        try call.memory.check(call.i32(3), count: 4)
        if descriptor.emulatesNonblocking { try Self.expect(Int16(POLLIN), of: descriptor) }
        let number = descriptor.number
        // SAFETY: the vectors are inside the guest's memory, which cannot move during the call.
        let count = try unlocked(call.i32(0)) { () throws(Errno) in
            try unsafe vectors.transfer(
                one: { unsafe read(number, $0, $1) }, many: { unsafe readv(number, $0, $1) })
        }
        try call.memory.write(count, at: call.i32(3))
    }

    @inline(__always)
    func fdWrite(_ call: HostCall) throws(Errno) {
        let descriptor = try access(call.i32(0), needing: .fdWrite)
        let vectors = GuestVectors(memory: call.memory, address: call.i32(1), count: call.i32(2))
        try call.memory.check(call.i32(3), count: 4)
        var most = Int.max
        if descriptor.emulatesNonblocking {
            try Self.expect(Int16(POLLOUT), of: descriptor)
            // A pipe that takes anything takes this much without waiting.
            most = Int(PIPE_BUF)
        }
        let number = descriptor.number
        // SAFETY: as in `fdRead`.
        let count = try unlocked(call.i32(0)) { () throws(Errno) in
            try unsafe vectors.transfer(
                most: most, one: { unsafe write(number, $0, $1) }, many: { unsafe writev(number, $0, $1) })
        }
        try call.memory.write(count, at: call.i32(3))
    }

    func fdPread(_ call: HostCall) throws(Errno) {
        let descriptor = try access(call.i32(0), needing: [.fdRead, .fdSeek])
        let vectors = GuestVectors(memory: call.memory, address: call.i32(1), count: call.i32(2))
        let offset = try Self.offset(call.i64(3))
        try call.memory.check(call.i32(4), count: 4)
        let number = descriptor.number
        // SAFETY: as in `fdRead`.
        let count = try unlocked(call.i32(0)) { () throws(Errno) in
            try unsafe vectors.transfer(
                one: { unsafe pread(number, $0, $1, offset) }, many: { unsafe preadv(number, $0, $1, offset) })
        }
        try call.memory.write(count, at: call.i32(4))
    }

    func fdPwrite(_ call: HostCall) throws(Errno) {
        let descriptor = try access(call.i32(0), needing: [.fdWrite, .fdSeek])
        let vectors = GuestVectors(memory: call.memory, address: call.i32(1), count: call.i32(2))
        let offset = try Self.offset(call.i64(3))
        try call.memory.check(call.i32(4), count: 4)
        let number = descriptor.number
        // SAFETY: as in `fdRead`.
        let count = try unlocked(call.i32(0)) { () throws(Errno) in
            try unsafe vectors.transfer(
                one: { unsafe pwrite(number, $0, $1, offset) }, many: { unsafe pwritev(number, $0, $1, offset) })
        }
        try call.memory.write(count, at: call.i32(4))
    }

    func fdSeek(_ call: HostCall, _ generation: Generation) throws(Errno) {
        let offset = Int(Int64(bitPattern: call.i64(1)))
        let whence: Int32
        switch (call.i32(2), generation) {
        case (0, .preview1), (2, .unstable): whence = SEEK_SET
        case (1, .preview1), (0, .unstable): whence = SEEK_CUR
        case (2, .preview1), (1, .unstable): whence = SEEK_END
        default: throw .inval
        }
        // Asking where one is needs no more than the right to tell.
        let isTelling = offset == 0 && whence == SEEK_CUR
        let descriptor = try descriptor(call.i32(0), needing: isTelling ? .fdTell : .fdSeek)
        try call.memory.check(call.i32(3), count: 8)
        let position = try linux { lseek(descriptor.number, offset, whence) }
        try call.memory.write(UInt64(position), at: call.i32(3))
    }

    func fdTell(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdTell)
        let position = try linux { lseek(descriptor.number, 0, SEEK_CUR) }
        try call.memory.write(UInt64(position), at: call.i32(1))
    }

    func fdSync(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdSync)
        try unlocked(call.i32(0)) { () throws(Errno) in try linux { fsync(descriptor.number) } }
    }

    func fdDatasync(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdDatasync)
        try unlocked(call.i32(0)) { () throws(Errno) in try linux { fdatasync(descriptor.number) } }
    }

    func fdAdvise(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdAdvise)
        let offset = try Self.offset(call.i64(1))
        let length = try Self.offset(call.i64(2))
        let advice =
            switch call.i32(3) {
            case 0: POSIX_FADV_NORMAL
            case 1: POSIX_FADV_SEQUENTIAL
            case 2: POSIX_FADV_RANDOM
            case 3: POSIX_FADV_WILLNEED
            case 4: POSIX_FADV_DONTNEED
            case 5: POSIX_FADV_NOREUSE
            default: throw Errno.inval
            }
        // Returns the error itself.
        let code = posix_fadvise(descriptor.number, offset, length, advice)
        if code != 0 { throw Errno(linux: code) }
    }

    func fdAllocate(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: .fdAllocate)
        let offset = try Self.offset(call.i64(1))
        let length = try Self.offset(call.i64(2))
        // Not posix_fallocate, which writes zeros where the file system cannot: a guest could fill a disk unasked.
        try linux { CLinux_fallocate(descriptor.number, offset, length) }
    }

    /// A `filesize` as the kernel takes it; `inval` beyond what it can.
    static func offset(_ value: UInt64) throws(Errno) -> Int {
        guard let offset = Int(exactly: value) else { throw .inval }
        return offset
    }

    /// Throws `again` unless `descriptor` is ready for what `events` (of poll(2)) say.
    private static func expect(_ events: Int16, of descriptor: DescriptorTable.Access) throws(Errno) {
        var entry = pollfd(fd: descriptor.number, events: events, revents: 0)
        // SAFETY: the one entry is a local.
        if try linux({ unsafe poll(&entry, 1, 0) }) == 0 { throw .again }
    }
}
