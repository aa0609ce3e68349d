import Glibc
import LinuxSystem
import TestSupport
import Testing

/// What happens to a guest, its process and its folder when somebody ends `wasm-shim`.
@Suite("Signals")
struct SignalTests {
    /// Starts a guest that waits, and waits until it does.
    private func waiting(_ session: Session, _ target: String, _ what: String = "wait") throws -> Int32 {
        let process = try session.start(["run", target, "--", what])
        #expect(session.wait { session.output == "waiting\n" })
        return process
    }

    /// The processes of a session: all that `wasm-shim` started but the sweeper.
    private func processes(ofSession session: Int32) -> Int32 {
        shell("ps -s \(session) -o pid= | grep -q .") == 0 ? 1 : 0
    }

    @Test(
        "CLI-19, CLI-20, LAUNCH-7: a signal ends a guest that took wasm-shim's place",
        arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL, SIGUSR1])
    func replaced(signal: Int32) throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let process = try waiting(session, guest)
        kill(process, signal)
        #expect(try session.outcome(of: process).end == .killed(signal: signal))
        #expect(processes(ofSession: process) == 0)
    }

    @Test(
        "CLI-20, LAUNCH-8, LAUNCH-9, LAUNCH-10: a signal ends a guest with a temporary folder, and wasm-shim the same way",
        arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2])
    func spawned(signal: Int32) throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let process = try waiting(session, image)
        #expect(session.leftovers.count == 1)
        kill(process, signal)
        #expect(try session.outcome(of: process).end == .killed(signal: signal))
        #expect(session.leftovers == [])
        #expect(processes(ofSession: process) == 0)
    }

    @Test("LAUNCH-9: wasm-shim ends by the signal that ended its guest")
    func guestKilled() throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let process = try waiting(session, image)
        #expect(shell("pkill -KILL -s \(process) -x wasm-shim-guest") == 0)
        #expect(try session.outcome(of: process).end == .killed(signal: SIGKILL))
        #expect(session.leftovers == [])
    }

    @Test("LAUNCH-11: kill -9 of wasm-shim, or of its group, leaves no guest and no folder", arguments: [false, true])
    func killed(isWholeGroup: Bool) throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let process = try waiting(session, image, "spin")
        kill(isWholeGroup ? -process : process, SIGKILL)
        #expect(try session.outcome(of: process).end == .killed(signal: SIGKILL))
        #expect(session.wait { session.leftovers == [] && processes(ofSession: process) == 0 })
    }

    @Test("LAUNCH-11: kill -9 at any moment leaves no folder", arguments: 0..<40)
    func killedAnytime(moment: UInt32) throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let process = try session.start(["run", image, "--", "spin"])
        usleep(moment * 2500)
        kill(moment % 2 == 0 ? process : -process, SIGKILL)
        #expect(try session.outcome(of: process).end == .killed(signal: SIGKILL))
        #expect(session.wait { session.leftovers == [] && processes(ofSession: process) == 0 })
    }

    @Test("LAUNCH-12: what a killed sweeper left, the next one removes, and nothing else")
    func abandoned() throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let process = try waiting(session, image)
        let left = session.leftovers
        #expect(shell("pkill -KILL -f \(quoted("^wasm-sweeper \(session.folder.path("tmp"))/\(left[0])$"))") == 0)
        kill(process, SIGKILL)
        _ = try session.outcome(of: process)
        #expect(session.leftovers == left)
        try session.folder.makeFolder("tmp/wasm-shim-run-notours")
        let next = try waiting(session, image)
        #expect(session.wait { !session.leftovers.contains(left[0]) })
        // The one that is in use now, and the one that is not ours, stay.
        #expect(session.leftovers.count == 2)
        let third = try session.start(["run", image, "--", "exit", "0"])
        #expect(try session.outcome(of: third).end == .exited(code: 0))
        #expect(session.leftovers.count == 2)
        kill(next, SIGTERM)
        #expect(try session.outcome(of: next).end == .killed(signal: SIGTERM))
        #expect(session.leftovers == ["wasm-shim-run-notours"])
    }
}
