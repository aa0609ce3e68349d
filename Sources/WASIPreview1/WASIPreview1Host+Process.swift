internal import CLinux
internal import Glibc
internal import WasmRuntime

/// What surrounds a program: arguments, environment, clocks, randomness, signals.
extension WASIPreview1Host {
    func argsGet(_ call: HostCall) throws(Errno) {
        try arguments.store(pointers: call.i32(0), buffer: call.i32(1), in: call.memory)
    }

    func argsSizesGet(_ call: HostCall) throws(Errno) {
        try arguments.storeSizes(count: call.i32(0), size: call.i32(1), in: call.memory)
    }

    func environGet(_ call: HostCall) throws(Errno) {
        try environment.store(pointers: call.i32(0), buffer: call.i32(1), in: call.memory)
    }

    func environSizesGet(_ call: HostCall) throws(Errno) {
        try environment.storeSizes(count: call.i32(0), size: call.i32(1), in: call.memory)
    }

    func clockResGet(_ call: HostCall) throws(Errno) {
        let clock = try Self.clock(call.i32(0))
        var time = timespec()
        // SAFETY: clock_getres fills the local it is given.
        try linux { unsafe clock_getres(clock, &time) }
        try call.memory.write(max(time.nanoseconds, 1), at: call.i32(1))
    }

    func clockTimeGet(_ call: HostCall) throws(Errno) {
        let clock = try Self.clock(call.i32(0))
        try call.memory.write(Self.now(clock), at: call.i32(2))
    }

    /// Nanoseconds of a clock that this kernel has.
    static func now(_ clock: clockid_t) throws(Errno) -> UInt64 {
        var time = timespec()
        // SAFETY: clock_gettime fills the local it is given.
        try linux { unsafe clock_gettime(clock, &time) }
        return time.nanoseconds
    }

    /// `clockid` of wasi_snapshot_preview1 has the numbers of Linux for its four clocks.
    static func clock(_ identifier: UInt32) throws(Errno) -> clockid_t {
        switch identifier {
        case 0: CLOCK_REALTIME
        case 1: CLOCK_MONOTONIC
        case 2: CLOCK_PROCESS_CPUTIME_ID
        case 3: CLOCK_THREAD_CPUTIME_ID
        default: throw .inval
        }
    }

    func randomGet(_ call: HostCall) throws(Errno) {
        let count = Int(call.i32(1))
        let start = try unsafe call.memory.bytes(to: call.i32(0), count: UInt64(call.i32(1)))
        var done = 0
        // SAFETY: what is left from `start + done` on is inside the range checked.
        while done < count { done += try linux { unsafe CLinux_random(start + done, count - done) } }
    }

    func schedYield(_ call: HostCall) throws(Errno) {
        try linux { sched_yield() }
    }

    /// `proc_raise`: a signal whose default is to end the process ends the guest with 128 + Linux's number for it; one
    /// whose default is to be ignored is; stopping and continuing are not offered.
    func raise(_ call: HostCall) -> HostOutcome {
        let answer: Errno
        switch call.i32(0) {
        case 0, 16, 22, 27: answer = .success  // none, chld, urg, winch
        case 17...21: answer = .notsup  // cont, stop, tstp, ttin, ttou
        // From 16 on Linux's numbers are one more: 16 is its SIGSTKFLT.
        case let signal where signal < 31: return .exits(128 + (signal < 16 ? signal : signal + 1))
        default: answer = .inval
        }
        call.setResult(UInt64(answer.rawValue))
        return .returned
    }
}

extension timespec {
    /// As a `timestamp` of wasi_snapshot_preview1: what lies before 1970 is 0, what lies too far ahead is the last
    /// there is.
    var nanoseconds: UInt64 {
        guard let seconds = UInt64(exactly: tv_sec) else { return 0 }
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carries) = product.addingReportingOverflow(UInt64(tv_nsec))
        return overflows || carries ? .max : sum
    }
}
