internal import Glibc
internal import WasmRuntime

/// What a guest waits for: `subscription` of wasi_snapshot_preview1.
struct Subscription {
    enum Event {
        /// `clock` reaches `deadline`, as a reading of that clock.
        case clock(clockid_t, deadline: UInt64)
        case fdRead(UInt32)
        case fdWrite(UInt32)
    }

    let userdata: UInt64
    let event: Event

    /// The size of one in guest memory.
    static func stride(_ generation: Generation) -> UInt32 { generation == .preview1 ? 48 : 56 }

    /// Reads the one at `address`, which the caller has seen to be inside the memory.
    ///
    /// A relative time counts from `start`, a reading of the monotonic clock: however often a list is read, its
    /// deadlines are the same.
    init(at address: UInt32, in memory: GuestMemory, _ generation: Generation, start: UInt64) throws(Errno) {
        userdata = try memory.read(UInt64.self, at: address)
        let contents = address + 16
        switch try memory.read(UInt8.self, at: address + 8) {
        case 0:
            // Snapshot 0 has another number of the user's before the clock.
            let clockAddress = generation == .preview1 ? contents : contents + 8
            let identifier = try memory.read(UInt32.self, at: clockAddress)
            let timeout = try memory.read(UInt64.self, at: clockAddress + 8)
            let flags = try memory.read(UInt16.self, at: clockAddress + 24)
            guard identifier < 2, flags < 1 << 1 else { throw .inval }
            let clock = identifier == 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC
            if flags == 1 {
                event = .clock(clock, deadline: timeout)
            } else {
                let (sum, overflows) = start.addingReportingOverflow(timeout)
                event = .clock(CLOCK_MONOTONIC, deadline: overflows ? .max : sum)
            }
        case 1: event = .fdRead(try memory.read(UInt32.self, at: contents))
        case 2: event = .fdWrite(try memory.read(UInt32.self, at: contents))
        default: throw .inval
        }
    }
}
