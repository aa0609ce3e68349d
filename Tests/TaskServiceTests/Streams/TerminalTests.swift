import CLinux
import EventLoop
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import TaskService

@Suite("Terminal")
struct TerminalTests {
    @Test("IO-15: a terminal is the process's three streams; input is echoed, and its size is the client's")
    func terminal() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdin: trial.fifo("in"), stdout: trial.fifo("out"), terminal: true)
                try streams.resize(width: 99, height: 33)
                let end = try trial.run(
                    "tty -s && [ -t 1 ] && [ -t 2 ] || exit 9; stty size; read l; echo got $l >&2; exit 5",
                    with: streams,
                    readers: ["out": "cat > o"], clients: ["echo hello > in"])
                trial.expect(end == .exited(code: 5), "ended \(String(describing: end))")
                let lines = Set(trial.text("o").split(separator: "\r\n").map(String.init))
                trial.expect(lines == ["33 99", "hello", "got hello"], "\(lines)")
            }
        }
    }

    @Test("IO-16: a resize of a running terminal is told to its process")
    func resize() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdin: trial.fifo("in"), stdout: trial.fifo("out"), terminal: true)
                var end: ProcessEnd?
                try trial.client("cat > o", from: "out")
                try trial.start(
                    "exec setsid -c sh -c 'trap \"stty size; exit 0\" WINCH; echo up; while true; do sleep 0.05; done'",
                    with: streams
                ) { end = $0 }
                try trial.run { trial.text("o").contains("up") }
                try streams.resize(width: 120, height: 40)
                try trial.run { end != nil && trial.text("o").contains("40 120") }
            }
        }
    }

    @Test("IO-2: a terminal's slow reader gets everything that was shown before a sudden end")
    func slowReader() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdout: trial.fifo("out"), terminal: true)
                _ = try trial.run(
                    "stty -opost; head -c 400000 /dev/zero; printf end; kill -9 $$", with: streams,
                    readers: [
                        "out": "(sleep 0.5; head -c 200000; sleep 0.5; cat) | tee o | tail -c 3 > tail; wc -c < o > n"
                    ])
                trial.expect(trial.text("n") == "400003\n", "came: \(trial.text("n"))")
                trial.expect(trial.text("tail") == "end", "ended with \(trial.text("tail"))")
            }
        }
    }

    @Test("IO-17: a client that writes more to a terminal than its process reads waits, and loses nothing")
    func backpressure() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdin: trial.fifo("in"), stdout: trial.fifo("out"), terminal: true)
                let end = try trial.run(
                    "stty raw -echo; touch raw; sleep 0.5; head -c 1000000 | wc -c > n", with: streams,
                    readers: ["out": "cat > o"],
                    clients: ["until [ -e raw ]; do sleep 0.01; done; head -c 1000000 /dev/zero > in"])
                trial.expect(end == .exited(code: 0), "ended \(String(describing: end))")
                trial.expect(trial.text("n") == "1000000\n", "came: \(trial.text("n"))")
            }
        }
    }

    @Test(
        "IO-18: the end of a process with a terminal is told although nobody reads, or somebody still has the terminal")
    func endIsTold() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let start = CLinux_monotonic_time()
                // Nobody reads at all.
                let unread = try trial.streams(stdout: trial.fifo("out"), terminal: true)
                _ = try trial.run("head -c 100000 /dev/zero & sleep 0.2; kill $!", with: unread)
                // A process that stays behind.
                let shared = try trial.streams(stdout: trial.fifo("out2"), terminal: true)
                _ = try trial.run(
                    "trap '' HUP; sleep 20 & echo last", with: shared, readers: ["out2": "cat > o"])
                trial.expect(trial.text("o") == "last\r\n", trial.text("o"))
                let time = (CLinux_monotonic_time() - start) / 1_000_000
                trial.expect(time < 5000, "took \(time) ms")
            }
        }
    }

    @Test("IO-18: a reader that takes nothing any more is waited for, some seconds")
    func stuckReader() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let start = CLinux_monotonic_time()
                let streams = try trial.streams(stdout: trial.fifo("out"), terminal: true)
                try trial.client("sleep 25", from: "out")
                _ = try trial.run("head -c 300000 /dev/zero & sleep 0.2; kill $!", with: streams)
                let time = (CLinux_monotonic_time() - start) / 1_000_000
                trial.expect((10_000..<20_000).contains(time), "took \(time) ms")
            }
        }
    }

    @Test("IO-20: the end of input does not end a terminal; what is typed as the end does")
    func inputEnds() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdin: trial.fifo("in"), stdout: trial.fifo("out"), terminal: true)
                var end: ProcessEnd?
                try trial.client("cat > o", from: "out")
                try trial.start("read a; echo got $a; read b; echo then $b; read c || exit 3", with: streams) {
                    end = $0
                }
                var isWritten = false
                try trial.client("echo one", to: "in") { _ in isWritten = true }
                try trial.run { isWritten && trial.text("o").contains("got one") }
                try trial.client("echo two", to: "in")
                try trial.run { trial.text("o").contains("then two") }
                try trial.client("printf '\\004'", to: "in") { _ in streams.closeInput() }
                try trial.run { end != nil }
                trial.expect(end == .exited(code: 3), "ended \(String(describing: end))")
            }
        }
    }

    @Test(
        "IO-19: a terminal that another runtime made takes the place of ours, and what was written meanwhile reaches it"
    )
    func replaced() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdin: trial.fifo("in"), stdout: trial.fifo("out"), terminal: true)
                let other = CLinux_open_terminal()
                let peer = CLinux_terminal_peer(other)
                try streams.replaceTerminal(by: OwnedDescriptor(owning: other))
                streams.childHasStarted()
                _ = try streams.openInput()
                _ = unsafe write(peer, "shown", 5)
                try trial.client("cat > o", from: "out")
                try trial.client("echo typed > in")
                try trial.run { trial.text("o").contains("shown") && trial.text("o").contains("typed") }
                close(peer)
                var isOver = false
                streams.processHasEnded { isOver = true }
                try trial.run { isOver }
            }
        }
    }
}
