/// A call that an event loop makes later, once.
package final class LoopTimer {
    let time: Int64
    private(set) var body: (() -> Void)?

    init(at time: Int64, _ body: @escaping () -> Void) {
        self.time = time
        self.body = body
    }

    /// Prevents the call, if it has not been made.
    package func cancel() { body = nil }
}

/// The calls to come, the next one last.
struct TimerQueue {
    private var timers: [LoopTimer] = []

    mutating func add(at time: Int64, _ body: @escaping () -> Void) -> LoopTimer {
        let timer = LoopTimer(at: time, body)
        timers.removeAll { $0.body == nil }
        // Of those at one time, the first to come is the first to be called.
        let place = timers.firstIndex { $0.time <= time } ?? timers.endIndex
        timers.insert(timer, at: place)
        return timer
    }

    /// The body of a timer whose time has come.
    mutating func due(at now: Int64) -> (() -> Void)? {
        while let timer = timers.last, timer.time <= now || timer.body == nil {
            timers.removeLast()
            if let body = timer.body {
                timer.cancel()
                return body
            }
        }
        return nil
    }

    /// How long until the next one, rounded up; -1 when there is none.
    func milliseconds(from now: Int64) -> Int32 {
        guard let next = timers.last(where: { $0.body != nil }) else { return -1 }
        guard next.time > now else { return 0 }
        return Int32(clamping: (next.time - now - 1) / 1_000_000 + 1)
    }
}

extension Duration {
    /// In nanoseconds, at most (or least) what an integer holds.
    package var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard isTooLong || overflow else { return sum }
        return seconds < 0 ? .min : .max
    }
}
