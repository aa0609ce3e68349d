internal import CLinux
internal import Glibc

/// Which times a call sets, and to what: `fstflags` of wasi_snapshot_preview1 with the two timestamps.
struct FileTimes {
    let access: timespec
    let modification: timespec

    /// From a call's arguments. A bit without a name, and "set this" together with "set to now", are `inval`.
    init(access: UInt64, modification: UInt64, flags: UInt32) throws(Errno) {
        guard flags < 1 << 4, flags & 0b0011 != 0b0011, flags & 0b1100 != 0b1100 else { throw .inval }
        self.access = Self.time(access, isSet: flags & 0b0001 != 0, isNow: flags & 0b0010 != 0)
        self.modification = Self.time(modification, isSet: flags & 0b0100 != 0, isNow: flags & 0b1000 != 0)
    }

    private static func time(_ nanoseconds: UInt64, isSet: Bool, isNow: Bool) -> timespec {
        if isSet {
            return timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        }
        return timespec(tv_sec: 0, tv_nsec: isNow ? Int(CLINUX_UTIME_NOW) : Int(CLINUX_UTIME_OMIT))
    }
}
