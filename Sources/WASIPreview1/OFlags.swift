internal import Glibc

/// How a path is opened: `oflags` of wasi_snapshot_preview1.
struct OFlags: OptionSet, Sendable {
    let rawValue: UInt16

    static let creat = OFlags(rawValue: 1 << 0)
    static let directory = OFlags(rawValue: 1 << 1)
    static let excl = OFlags(rawValue: 1 << 2)
    static let trunc = OFlags(rawValue: 1 << 3)

    init(rawValue: UInt16) { self.rawValue = rawValue }

    /// From a call's argument. A bit without a name is `inval`.
    init(argument: UInt32) throws(Errno) {
        guard argument < 1 << 4 else { throw .inval }
        rawValue = UInt16(argument)
    }

    /// As open(2) calls them.
    var openFlags: Int32 {
        var flags: Int32 = 0
        if contains(.creat) { flags |= O_CREAT }
        if contains(.directory) { flags |= O_DIRECTORY }
        if contains(.excl) { flags |= O_EXCL }
        if contains(.trunc) { flags |= O_TRUNC }
        return flags
    }
}
