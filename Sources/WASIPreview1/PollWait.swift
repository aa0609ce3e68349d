internal import CLinux
internal import Glibc

/// What one `poll_oneoff` waits for in the kernel, and what came of it.
struct PollWait {
    /// Whether something has happened before any waiting, so that none is needed.
    var hasImmediate = false

    private var entries: [pollfd] = []
    /// What the entries stand for, which stays open while they are waited for, whoever closes it.
    private var held: [Descriptor] = []
    /// Which entry belongs to a guest's descriptor; -1 where none does.
    private var entryOf: [Int32]
    private var realtimeDeadline: UInt64?
    private var monotonicDeadline: UInt64?
    private var realtime: UInt64 = 0
    private var monotonic: UInt64 = 0

    /// However far a deadline is, clocks are looked at again after this long: the realtime clock may be set meanwhile.
    private static let longestNap: UInt64 = 1_000_000_000

    init(descriptors: Int) { entryOf = [Int32](repeating: -1, count: descriptors) }

    mutating func add(clock: clockid_t, deadline: UInt64) {
        if clock == CLOCK_REALTIME {
            realtimeDeadline = min(deadline, realtimeDeadline ?? .max)
        } else {
            monotonicDeadline = min(deadline, monotonicDeadline ?? .max)
        }
    }

    mutating func add(_ descriptor: Descriptor, called number: UInt32, events: Int16) {
        let index = Int(number)
        if entryOf[index] < 0 {
            entryOf[index] = Int32(entries.count)
            held.append(descriptor)
            entries.append(pollfd(fd: descriptor.number, events: events, revents: 0))
        } else {
            entries[Int(entryOf[index])].events |= events
        }
    }

    /// What the kernel reported of a guest's descriptor, as poll(2) puts it.
    func events(of descriptor: UInt32) -> Int16 {
        let index = Int(descriptor)
        guard index < entryOf.count, entryOf[index] >= 0 else { return 0 }
        return entries[Int(entryOf[index])].revents
    }

    /// The clock's reading when waiting ended.
    func now(_ clock: clockid_t) -> UInt64 { clock == CLOCK_REALTIME ? realtime : monotonic }

    /// Waits until a descriptor is ready or a deadline may have come.
    mutating func wait() throws(Errno) {
        try readClocks()
        var left: UInt64?
        if let monotonicDeadline { left = monotonicDeadline - min(monotonicDeadline, monotonic) }
        if let realtimeDeadline {
            left = min(realtimeDeadline - min(realtimeDeadline, realtime), left ?? .max, Self.longestNap)
        }
        if hasImmediate { left = 0 }
        try poll(for: left)
        try readClocks()
    }

    private mutating func poll(for nanoseconds: UInt64?) throws(Errno) {
        let count = nfds_t(entries.count)
        // SAFETY: `entries` and the timeout live through the call; the kernel writes `revents` of `count` entries.
        let result = unsafe entries.withUnsafeMutableBufferPointer { entries in
            guard let nanoseconds else { return unsafe CLinux_poll(entries.baseAddress, count, nil) }
            var timeout = timespec(
                tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
            return unsafe CLinux_poll(entries.baseAddress, count, &timeout)
        }
        if result >= 0 { return }
        let error = Errno(linux: CLinux_errno())
        // Interrupted by a signal: nothing happened, and the caller looks at its clocks and waits again.
        guard error == .intr else { throw error }
        CLinux_end_if_asked()
        for index in entries.indices { entries[index].revents = 0 }
    }

    private mutating func readClocks() throws(Errno) {
        if realtimeDeadline != nil { realtime = try WASIPreview1Host.now(CLOCK_REALTIME) }
        if monotonicDeadline != nil { monotonic = try WASIPreview1Host.now(CLOCK_MONOTONIC) }
    }
}
