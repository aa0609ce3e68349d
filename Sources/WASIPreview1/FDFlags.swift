internal import Glibc

/// How a descriptor reads and writes: `fdflags` of wasi_snapshot_preview1.
struct FDFlags: OptionSet, Sendable {
    let rawValue: UInt16

    static let append = FDFlags(rawValue: 1 << 0)
    static let dsync = FDFlags(rawValue: 1 << 1)
    static let nonblock = FDFlags(rawValue: 1 << 2)
    static let rsync = FDFlags(rawValue: 1 << 3)
    static let sync = FDFlags(rawValue: 1 << 4)

    /// Those that are fixed when a file is opened: Linux changes the others only.
    static let fixed: FDFlags = [.dsync, .rsync, .sync]

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// From a call's argument. A bit without a name is `inval`.
    init(argument: UInt32) throws(Errno) {
        guard argument < 1 << 5 else { throw .inval }
        rawValue = UInt16(argument)
    }

    /// As open(2) and fcntl(2) call them. Linux has no O_RSYNC of its own: it is O_SYNC.
    var openFlags: Int32 {
        var flags: Int32 = 0
        if contains(.append) { flags |= O_APPEND }
        if contains(.dsync) { flags |= O_DSYNC }
        if contains(.nonblock) { flags |= O_NONBLOCK }
        if contains(.rsync) || contains(.sync) { flags |= O_SYNC }
        return flags
    }
}
