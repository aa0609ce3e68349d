import EventLoop
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import TaskService

@Suite("ProcessStreams")
struct ProcessStreamsTests {
    @Test("IO-1: what the process writes reaches who reads the fifos, each its own")
    func outputs() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdout: trial.fifo("out with space"), stderr: trial.fifo("err"))
                let end = try trial.run(
                    "echo one; echo two >&2; exit 7", with: streams,
                    readers: ["out with space": "cat > o", "err": "cat > e"])
                trial.expect(end == .exited(code: 7), "ended \(String(describing: end))")
                trial.expect(trial.text("o") == "one\n", "stdout \(trial.text("o"))")
                trial.expect(trial.text("e") == "two\n", "stderr \(trial.text("e"))")
            }
        }
    }

    @Test("IO-2: a mebibyte and a sudden end: a slow reader gets all of it, and then the end")
    func slowReader() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdout: trial.fifo("out"))
                _ = try trial.run(
                    "head -c 1048576 /dev/zero; printf end; kill -9 $$", with: streams,
                    readers: [
                        "out": "(sleep 0.3; head -c 700000; sleep 0.3; cat) | tee o | tail -c 3 > tail; wc -c < o > n"
                    ])
                trial.expect(trial.text("n") == "1048579\n", "came: \(trial.text("n"))")
                trial.expect(trial.text("tail") == "end", "ended with \(trial.text("tail"))")
            }
        }
    }

    @Test("IO-3: opening waits for nobody, and a reader may go and come back while the process lives")
    func readerRestarts() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdout: trial.fifo("out"))
                let end = try trial.run(
                    """
                    echo first; until [ -e gone ]; do sleep 0.01; done
                    echo second; until [ -e back ]; do sleep 0.01; done; echo third
                    """,
                    with: streams,
                    readers: [
                        "out": """
                        head -n 1 > o1; exec 0<&-; touch gone
                        sleep 0.1; exec 3< out; touch back; cat <&3 > o2
                        """
                    ])
                trial.expect(end == .exited(code: 0), "a broken pipe? \(String(describing: end))")
                trial.expect(trial.text("o1") == "first\n", "before: \(trial.text("o1"))")
                trial.expect(trial.text("o2") == "second\nthird\n", "after: \(trial.text("o2"))")
            }
        }
    }

    @Test("IO-4: standard input ends when the client has closed it and CloseIO has come, in either order, not before")
    func inputEnds() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                for isClosedFirst in [false, true] {
                    let name = "in\(isClosedFirst)"
                    let streams = try trial.streams(
                        stdin: trial.fifo(name), stdout: "file://\(trial.folder.path)/\(name).o")
                    var end: ProcessEnd?
                    var isClientDone = false
                    try trial.start("cat; echo over", with: streams) { end = $0 }
                    try trial.client("echo one; sleep 0.1; echo two; sleep 0.1", to: name) { _ in isClientDone = true }
                    if isClosedFirst { streams.closeInput() }
                    try trial.run { isClientDone }
                    if !isClosedFirst {
                        // A second client may go on where the first has left.
                        isClientDone = false
                        try trial.client("echo three", to: name) { _ in isClientDone = true }
                        try trial.run { isClientDone }
                        var hasWaited = false
                        trial.loop.schedule(after: .milliseconds(100)) { hasWaited = true }
                        try trial.run { hasWaited }
                        trial.expect(end == nil, "it ended without CloseIO")
                        streams.closeInput()
                    }
                    try trial.run { end != nil }
                    let expected = isClosedFirst ? "one\ntwo\nover\n" : "one\ntwo\nthree\nover\n"
                    trial.expect(trial.text("\(name).o") == expected, trial.text("\(name).o"))
                }
            }
        }
    }

    @Test("IO-5: the input fifo is opened when the process starts, so that a client that waits with it knows")
    func inputIsOpenedLate() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let streams = try trial.streams(stdin: trial.fifo("in"), stdout: trial.fifo("out"))
                let early = unsafe Glibc.open(trial.folder.path("in"), O_WRONLY | O_NONBLOCK)
                trial.expect(early < 0 && errno == ENXIO, "somebody reads before the start")
                let end = try trial.run(
                    "read line; echo got $line", with: streams, readers: ["out": "cat > o"],
                    clients: ["echo hello > in"])
                trial.expect(end == .exited(code: 0), "ended \(String(describing: end))")
                trial.expect(trial.text("o") == "got hello\n", trial.text("o"))
            }
        }
    }

    @Test("IO-6: without a name a stream is nowhere: input is empty, output is dropped")
    func nowhere() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let end = try trial.run("echo x; echo y >&2; read l && exit 3; exit 4", with: trial.streams())
                trial.expect(end == .exited(code: 4), "ended \(String(describing: end))")
            }
        }
    }

    @Test("IO-7: a file is made with its folders, appended to, and may be both outputs; so may a fifo")
    func sameTwice() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let file = "file://\(trial.folder.path)/new%20folder/log"
                for _ in 0..<2 {
                    _ = try trial.run("echo a; echo b >&2; echo c", with: trial.streams(stdout: file, stderr: file))
                }
                trial.expect(trial.text("new folder/log") == "a\nb\nc\na\nb\nc\n", trial.text("new folder/log"))
                try trial.folder.write("before\n", to: "plain")
                let plain = trial.folder.path("plain")
                _ = try trial.run("echo a; echo b >&2", with: trial.streams(stdout: plain, stderr: plain))
                trial.expect(trial.text("plain") == "before\na\nb\n", trial.text("plain"))
                let fifo = trial.fifo("both")
                _ = try trial.run(
                    "echo a; echo b >&2", with: trial.streams(stdout: fifo, stderr: fifo),
                    readers: ["both": "cat > o"])
                trial.expect(trial.text("o") == "a\nb\n", trial.text("o"))
            }
        }
    }

    @Test("IO-8: what the process gets blocks, and belongs to whom the options name")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let paths = (trial.fifo("in"), trial.fifo("out"), trial.fifo("err"))
                let streams = try trial.streams(
                    stdin: paths.0, stdout: paths.1, stderr: paths.2, owner: StreamOwner(user: 1234, group: 1235))
                let input = try streams.openInput() ?? -1
                let ends = streams.childDescriptors
                for (name, number) in [("in", input), ("out", ends.output), ("err", ends.error)] {
                    trial.expect(fcntl(number, F_GETFL) & O_NONBLOCK == 0, "\(name) does not block")
                    var status = stat()
                    _ = unsafe fstat(number, &status)
                    trial.expect(
                        status.st_uid == 1234 && status.st_gid == 1235,
                        "\(name) is of \(status.st_uid):\(status.st_gid)")
                }
                close(input)
            }
        }
    }

    @Test("IO-9: names that cannot be used are refused with the reason, and nothing stays open")
    func refused() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let folder = trial.folder.path
                let before = trial.descriptorCount
                let cases: [(StreamPaths, StreamError.Problem)] = [
                    (.init(stdin: "", stdout: "\(folder)/none", stderr: "", hasTerminal: false), .noFifo),
                    (.init(stdin: "", stdout: "", stderr: "\(folder)/none", hasTerminal: false), .noFifo),
                    (.init(stdin: "", stdout: folder, stderr: "", hasTerminal: false), .notAFifo),
                    (.init(stdin: "", stdout: folder, stderr: "", hasTerminal: true), .notAFifo),
                    (.init(stdin: "", stdout: "smb://host/x", stderr: "", hasTerminal: false), .unknownScheme),
                    (.init(stdin: "", stdout: "file://relative", stderr: "", hasTerminal: false), .notAbsolute),
                    (.init(stdin: "", stdout: "binary:///b%2", stderr: "", hasTerminal: false), .badEscape),
                    (.init(stdin: "file:///dev/null", stdout: "", stderr: "", hasTerminal: false), .noInput),
                ]
                for (paths, problem) in cases {
                    do throws(StreamError) {
                        _ = try trial.streams(
                            stdin: paths.stdin, stdout: paths.stdout, stderr: paths.stderr, terminal: paths.hasTerminal)
                        trial.expect(false, "\(paths) was taken")
                    } catch {
                        trial.expect(error.problem == problem, "\(paths): \(error)")
                        trial.expect("\(error)".contains("; "), "no advice in: \(error)")
                    }
                }
                trial.expect(trial.descriptorCount == before, "descriptors stay open")
            }
        }
    }

    @Test("IO-10: a hundred processes, with fifos, loggers and terminals, leave no descriptor open")
    func nothingLeft() async {
        await #expect(processExitsWith: .success) {
            StreamTrial.run { trial in
                let paths = (trial.fifo("in"), trial.fifo("out"), trial.fifo("err"))
                try trial.folder.write("#!/bin/sh\nexec 5>&-\ncat <&3 >/dev/null\n", to: "logger")
                _ = shell("chmod 755 \(quoted(trial.folder.path("logger")))")
                let before = trial.descriptorCount
                var left = 0
                for round in 0..<100 {
                    let streams: ProcessStreams
                    switch round % 4 {
                    case 0: streams = try trial.streams(stdin: paths.0, stdout: paths.1, stderr: paths.2)
                    case 1: streams = try trial.streams(stdin: paths.0, stdout: paths.1, terminal: true)
                    case 2: streams = try trial.streams(stdout: "binary://\(trial.folder.path)/logger")
                    default:
                        // Given up before anything was started.
                        try trial.streams(stdin: paths.0, stdout: paths.1, terminal: round % 8 == 3).close()
                        continue
                    }
                    left += 1
                    try trial.start("echo x", with: streams) { _ in left -= 1 }
                }
                try trial.run { left == 0 }
                trial.expect(trial.descriptorCount == before, "\(before) before, \(trial.descriptorCount) after")
            }
        }
    }
}
