internal import Glibc

/// Time since the guest program began, for `--verbose`.
struct StepClock {
    private let start = StepClock.now

    private static var now: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// In microseconds, with the unit.
    var elapsed: String { "\((Self.now - start) / 1_000) µs" }
}
