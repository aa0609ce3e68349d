import LinuxSystem
import Testing

@testable import EventLoop

@Suite("Timers")
struct TimerTests {
    @Test("LOOP-1: timers are called in the order of their times, those of one time in the order they were made")
    func order() {
        var queue = TimerQueue()
        var called: [String] = []
        for (time, name) in [(30, "c"), (10, "a"), (20, "b1"), (20, "b2"), (40, "d"), (20, "b3")] as [(Int64, String)] {
            _ = queue.add(at: time) { called.append(name) }
        }
        while let body = queue.due(at: 30) { body() }
        #expect(called == ["a", "b1", "b2", "b3", "c"])
        #expect(queue.milliseconds(from: 30) == 1)
        while let body = queue.due(at: 40) { body() }
        #expect(called.last == "d")
        #expect(queue.milliseconds(from: 40) == -1)
    }

    @Test("LOOP-1: a cancelled timer is never called, nor waited for")
    func cancelled() {
        var queue = TimerQueue()
        let first = queue.add(at: 1_000_000) { Issue.record("called") }
        var called = 0
        _ = queue.add(at: 5_000_000) { called += 1 }
        first.cancel()
        #expect(queue.milliseconds(from: 0) == 5)
        while let body = queue.due(at: 5_000_000) { body() }
        #expect(called == 1)
    }

    @Test(
        "LOOP-1: a wait is rounded up, never down to a busy loop",
        arguments: [(1, 1), (999_999, 1), (1_000_000, 1), (1_000_001, 2), (Int64.max, Int32.max)])
    func rounding(time: Int64, milliseconds: Int32) {
        var queue = TimerQueue()
        _ = queue.add(at: time) {}
        #expect(queue.milliseconds(from: 0) == milliseconds)
    }

    @Test("LOOP-2: times of any length are taken; too long is as long as can be")
    func anyDuration() throws {
        #expect(Duration.seconds(3).wholeNanoseconds == 3_000_000_000)
        #expect(Duration.nanoseconds(Int64.max).wholeNanoseconds == .max)
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeNanoseconds == .min)
        #expect((Duration.nanoseconds(Int64.max) + .nanoseconds(1)).wholeNanoseconds == .max)
        let loop = try EventLoop()
        let far = loop.schedule(after: .nanoseconds(Int64.max)) { Issue.record("called") }
        var called: [Int] = []
        loop.schedule(after: .seconds(-1)) { called.append(1) }
        loop.schedule(after: .milliseconds(2)) {
            called.append(2)
            loop.stop()
        }
        try loop.run()
        far.cancel()
        #expect(called == [1, 2])
    }

    @Test("LOOP-3: timers that make timers at once leave descriptors their turn")
    func noStarvation() throws {
        let loop = try EventLoop()
        let pipe = try Pipe()
        var rounds = 0
        var isRead = false
        func again() {
            rounds += 1
            if rounds == 1000 { loop.stop() } else { loop.schedule(after: .zero, again) }
        }
        again()
        try loop.watch(pipe.readEnd.rawValue, for: .readable) { _ in
            isRead = true
            loop.stop()
        }
        try pipe.writeEnd.writeAll([1], name: "pipe")
        try loop.run()
        #expect(isRead)
        #expect(rounds < 1000)
    }
}
