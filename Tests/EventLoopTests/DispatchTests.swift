import Glibc
import LinuxSystem
import Testing

@testable import EventLoop

@Suite("Dispatch")
struct DispatchTests {
    @Test("LOOP-4: what one handler forgets is not told any more, even if it was found already")
    func forgetDuringDispatch() throws {
        let loop = try EventLoop()
        let pipes = [try PipeBox(), try PipeBox()]
        var told: [Int] = []
        for (index, pipe) in pipes.enumerated() {
            try pipe.fill()
            try loop.watch(pipe.readEnd, for: .readable) { _ in
                told.append(index)
                loop.forget(pipes[1 - index].readEnd)
                loop.stop()
            }
        }
        try loop.run()
        #expect(told.count == 1)
        loop.schedule(after: .milliseconds(20)) { loop.stop() }
        let first = told
        try loop.run()
        #expect(Set(told) == Set(first))
    }

    @Test("LOOP-5: a descriptor that gets the number of one closed in the same round is not told of the other's news")
    func reusedNumber() throws {
        let loop = try EventLoop()
        let pipes = [try PipeBox(), try PipeBox()]
        var told: [String] = []
        var replacement: PipeBox?
        for (index, pipe) in pipes.enumerated() {
            try pipe.fill()
            try loop.watch(pipe.readEnd, for: .readable) { _ in
                told.append("old \(index)")
                let other = pipes[1 - index]
                guard replacement == nil else { return }
                loop.forget(pipe.readEnd)
                loop.forget(other.readEnd)
                do {
                    let fresh = try PipeBox()
                    let number = other.readEnd
                    // The new pipe takes the old one's number.
                    #expect(dup2(fresh.readEnd, number) == number)
                    replacement = fresh
                    try loop.watch(number, for: .readable) { _ in told.append("new") }
                } catch {
                    Issue.record(error)
                }
            }
        }
        loop.schedule(after: .milliseconds(30)) { loop.stop() }
        try loop.run()
        #expect(told.count == 1 && told.first?.hasPrefix("old") == true)
        try replacement?.fill()
        loop.schedule(after: .milliseconds(5)) { loop.stop() }
        try loop.run()
        #expect(told.contains("new"))
    }

    @Test("LOOP-6: what is put off is called when the present handler has returned, before the next one")
    func afterwards() throws {
        let loop = try EventLoop()
        let pipes = [try PipeBox(), try PipeBox()]
        var steps: [String] = []
        for pipe in pipes {
            try pipe.fill()
            try loop.watch(pipe.readEnd, for: .readable) { _ in
                loop.forget(pipe.readEnd)
                loop.afterwards {
                    steps.append("later")
                    loop.afterwards { steps.append("last") }
                }
                steps.append("now")
            }
        }
        loop.schedule(after: .milliseconds(20)) { loop.stop() }
        try loop.run()
        #expect(steps == ["now", "later", "last", "now", "later", "last"])
    }

    @Test("LOOP-7: a stop ends the run when the present handler has returned; the next run goes on")
    func stop() throws {
        let loop = try EventLoop()
        let pipes = [try PipeBox(), try PipeBox()]
        var told = 0
        for pipe in pipes {
            try pipe.fill()
            try loop.watch(pipe.readEnd, for: .readable) { _ in
                loop.forget(pipe.readEnd)
                told += 1
                loop.stop()
            }
        }
        loop.schedule(after: .zero) { told += 10 }
        try loop.run()
        #expect(told == 1)
        try loop.run()
        #expect(told == 2)
        loop.schedule(after: .milliseconds(1)) { loop.stop() }
        try loop.run()
        #expect(told == 12)
    }

    @Test("LOOP-8: a hang-up is told whatever is watched for, and what is watched for can change")
    func hangup() throws {
        let loop = try EventLoop()
        let pipe = try PipeBox()
        var told: [EventLoop.Readiness] = []
        try loop.watch(pipe.readEnd, for: []) { readiness in
            told.append(readiness)
            loop.stop()
        }
        try pipe.fill()
        loop.schedule(after: .milliseconds(10)) { loop.stop() }
        try loop.run()
        #expect(told.isEmpty)
        try loop.change(pipe.readEnd, to: .readable)
        try loop.run()
        #expect(told == [.readable])
        try loop.change(pipe.readEnd, to: [])
        pipe.closeWriteEnd()
        try loop.run()
        #expect(told.last == .hangup)
    }

    @Test("LOOP-9: idleness is told once, and again only after something has happened")
    func idle() throws {
        let loop = try EventLoop()
        let pipe = try PipeBox()
        var idle = 0
        loop.idleTime = 10
        loop.whenIdle = {
            idle += 1
            loop.schedule(after: .milliseconds(60)) { loop.stop() }
        }
        try loop.run()
        #expect(idle == 1)
        try loop.watch(pipe.readEnd, for: .readable) { _ in loop.forget(pipe.readEnd) }
        try pipe.fill()
        try loop.run()
        #expect(idle == 2)
    }

    @Test("LOOP-10: a signal that is watched does nothing else, and is told with its number")
    func signals() throws {
        let loop = try EventLoop()
        var told: [Int32] = []
        try loop.watchSignals([SIGUSR1, SIGTERM]) { number in
            told.append(number)
            if told.count == 2 { loop.stop() }
        }
        // To this thread: others of the test program do not block it.
        #expect(raiseHere(SIGTERM) == 0)
        #expect(raiseHere(SIGUSR1) == 0)
        try loop.run()
        #expect(Set(told) == [SIGUSR1, SIGTERM])
        unblockHere([SIGUSR1, SIGTERM])
    }
}

/// Sends a signal to the calling thread alone.
private func raiseHere(_ signal: Int32) -> Int32 { pthread_kill(pthread_self(), signal) }

private func unblockHere(_ signals: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
}
