internal import Glibc
internal import LinuxSystem

/// What the kernel tells of a process in `/proc/PID/stat` (proc(5)).
struct ProcessStatus {
    /// It has ended, and only its exit code is left.
    var isZombie: Bool
    /// It is ending: its descriptors are being closed, or have been.
    var isEnding: Bool
    /// When it started, in the kernel's ticks since boot.
    var startTime: UInt64

    /// `nil` when there is no such process.
    init?(of process: Int32) {
        guard let file = try? OwnedDescriptor(opening: "/proc/\(process)/stat", flags: O_RDONLY),
            let bytes = try? file.readAll(limit: 4096, name: "stat"),
            // The program's name may hold anything, also parentheses: the last one ends it.
            let end = bytes.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        // From field 3, the state, on: field 9 has flags, field 22 the time.
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let flags = UInt64(String(decoding: fields[6], as: UTF8.self)),
            let time = UInt64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        isZombie = fields[0].first == UInt8(ascii: "Z")
        // PF_EXITING.
        isEnding = flags & 4 != 0
        startTime = time
    }
}
