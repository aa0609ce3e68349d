import EventLoop
import TaskService
import Testing

/// When a server ends that nobody uses.
struct DisuseTests {
    /// Runs a loop with one server for 300 ms; how many milliseconds it took until the end, `nil` when there was none.
    private func end(serving: Bool, _ prepare: (EventLoop, Disuse) -> Void) throws -> Int64? {
        let loop = try EventLoop()
        let clock = ContinuousClock()
        let beginning = clock.now
        var ended: Duration?
        let disuse = Disuse(on: loop, patience: .milliseconds(40), isServing: { serving }) {
            #expect(ended == nil)
            ended = clock.now - beginning
        }
        prepare(loop, disuse)
        loop.schedule(after: .milliseconds(300)) { loop.stop() }
        try loop.run()
        withExtendedLifetime(disuse) {}
        return ended.map { $0.wholeNanoseconds / 1_000_000 }
    }

    @Test("SHIM-27: a server that nobody asks for anything ends, not before its time")
    func neverAsked() throws {
        let ended = try #require(try end(serving: false) { _, _ in })
        #expect(ended >= 40)
    }

    @Test("SHIM-27: each request gives it more time")
    func asked() throws {
        let ended = try #require(
            try end(serving: false) { loop, disuse in
                for time: Int64 in [30, 70] { loop.schedule(after: .milliseconds(time)) { disuse.asked() } }
            })
        #expect(ended >= 110)
    }

    @Test("SHIM-27: one that serves something stays")
    func serving() throws {
        #expect(try end(serving: true) { _, _ in } == nil)
    }

    @Test("SHIM-27: it is watched again when there is nothing left to serve")
    func emptied() throws {
        let ended = try #require(
            try end(serving: false) { loop, disuse in
                loop.schedule(after: .milliseconds(20)) { disuse.watch() }
            })
        #expect(ended >= 60)
    }
}
