import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Sandbox

/// How signals end a guest that is the first process of its PID namespace.
@Suite("Ending by signals", .serialized, .enabled(if: Box.program != nil))
struct EndingTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// Signals whose default ends a process, and that the guest's host has no use for.
    static let ending = [
        SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF,
        SIGIO, SIGPWR, SIGSYS, 34, 50, 64,
    ]

    @Test(
        "SBX-14: each signal whose default is to end a process ends the guest with 128 and its number",
        arguments: ending)
    func everySignal(number: Int32) throws {
        let box = try Box(.plain(folder, module: GuestModules.loops), in: folder)
        try box.start()
        usleep(5000)
        box.signal(number)
        #expect(try box.end() == .exited(code: 128 + number))
    }

    @Test(
        "SBX-14: a guest is ended in the middle of its own code, in a read and asleep, between calls and before its start"
    )
    func everywhere() throws {
        let pipe = try InputPipe()
        for module in [GuestModules.loops, GuestModules.yields, GuestModules.reads, GuestModules.sleeps] {
            for sharesPIDs in [false, true] {
                let box = try Box(
                    .plain(folder, module: module), in: folder, input: pipe, sharesPIDs: sharesPIDs)
                try box.start()
                usleep(20_000)
                box.signal(SIGTERM)
                #expect(try box.end() == .exited(code: 143))
            }
        }
        let waiting = try Box(.plain(folder, module: GuestModules.loops), in: folder)
        #expect(try waiting.message() == .ready)
        waiting.signal(SIGTERM)
        #expect(try waiting.end() == .exited(code: 143))
    }

    @Test("SBX-14: no moment is the wrong one for a signal")
    func everyMoment() throws {
        let pipe = try InputPipe()
        let plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
        for delay in stride(from: UInt32(0), to: 2000, by: 40) {
            let box = try Box(plan, in: folder, input: pipe)
            try box.start()
            usleep(delay)
            box.signal(SIGTERM)
            #expect(try box.end() == .exited(code: 143), "after \(delay) µs")
        }
    }

    @Test("SBX-14: signals that are ignored by default, or that the host needs, end nothing")
    func harmless() throws {
        let pipe = try InputPipe()
        let box = try Box(.plain(folder, module: GuestModules.reads), in: folder, input: pipe)
        try box.start()
        usleep(20_000)
        for number in [SIGCHLD, SIGURG, SIGWINCH, SIGCONT, SIGPIPE, SIGXFSZ] { box.signal(number) }
        usleep(20_000)
        #expect(try ProcessEnd(of: box.process, block: false) == nil)
        try pipe.fill()
        #expect(try box.end() == .exited(code: 0))
    }

    @Test("SBX-15: the pause program sleeps until TERM or INT, which end it well", arguments: [SIGTERM, SIGINT])
    func pause(number: Int32) throws {
        var plan = try SandboxPlan.plain(folder)
        plan.program = .pause
        let box = try Box(plan, in: folder)
        try box.start()
        usleep(20_000)
        #expect(try ProcessEnd(of: box.process, block: false) == nil)
        box.signal(number)
        #expect(try box.end() == .exited(code: 0))
    }

    @Test("SBX-15: the pause program takes in what its PID namespace leaves behind")
    func reaping() throws {
        var plan = try SandboxPlan.plain(folder)
        plan.program = .pause
        let pause = try Box(plan, in: folder)
        try pause.start()
        // A shell in its PID namespace leaves a child behind, which then ends.
        let pid = pause.process
        #expect(shell("nsenter -t \(pid) -p sh -c '(sleep 0.05 &) ; exit 0'") == 0)
        usleep(200_000)
        let zombies = shell(
            "for p in /proc/[0-9]*; do [ \"$(readlink $p/ns/pid)\" = \"$(readlink /proc/\(pid)/ns/pid)\" ] "
                + "&& [ $p != /proc/\(pid) ] && exit 1; done; exit 0")
        #expect(zombies == 0)
    }
}
