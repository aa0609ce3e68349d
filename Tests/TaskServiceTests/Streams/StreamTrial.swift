import CLinux
import EventLoop
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import TaskService

/// A process with standard streams, a client at their other ends, and the loop between them, in a process of their own:
/// the loop takes the ends of all children, and a client that is slow is a process too.
final class StreamTrial {
    let loop: EventLoop
    let children: ChildEnds
    let folder: TestFolder
    private(set) var problems: [String] = []

    init() throws {
        loop = try EventLoop()
        children = try ChildEnds(on: loop)
        folder = try TestFolder()
    }

    /// Runs `body` in a new process with one thread, records what went wrong, and ends the present one.
    static func run(_ body: (StreamTrial) throws -> Void) -> Never {
        guard let notes = unsafe tmpfile() else { exit(1) }
        let child = CLinux_fork()
        if child == 0 {
            signal(SIGPIPE, SIG_IGN)
            // Whatever the trial leaves behind must not keep descriptors of the test's own open.
            dup2(unsafe fileno(notes), 3)
            CLinux_close_from(4)
            let problems = problems(of: body)
            for problem in problems { note(problem) }
            _exit(problems.isEmpty ? 0 : 1)
        }
        var status: Int32 = 0
        _ = unsafe waitpid(child, &status, 0)
        unsafe rewind(notes)
        while let line = unsafe readLine(of: notes) { Issue.record("\(line)") }
        let end = ProcessEnd(waitStatus: status)
        #expect(end == .exited(code: 0))
        exit(end.shellStatus)
    }

    private static func problems(of body: (StreamTrial) throws -> Void) -> [String] {
        do {
            let trial = try StreamTrial()
            try body(trial)
            _ = shell("rm -rf \(quoted(trial.folder.path))")
            return trial.problems
        } catch {
            return ["\(error)"]
        }
    }

    private static func note(_ problem: String) {
        let line = Array((problem.split(separator: "\n").joined(separator: "; ") + "\n").utf8)
        _ = unsafe Glibc.write(3, line, line.count)
    }

    private static func readLine(of file: UnsafeMutablePointer<FILE>) -> String? {
        var line: UnsafeMutablePointer<CChar>?
        var size = 0
        defer { unsafe free(line) }
        guard unsafe getline(&line, &size, file) > 0, let line = unsafe line else { return nil }
        return unsafe String(cString: line)
    }

    func expect(_ isSo: Bool, _ problem: @autoclosure () -> String) {
        if !isSo { problems.append(problem()) }
    }

    /// The numbers of the descriptors that are open, and of the one that looks.
    func openDescriptors() throws -> [String] {
        try OwnedDescriptor(opening: "/proc/self/fd", flags: O_RDONLY | O_DIRECTORY).entryNames(of: "/proc/self/fd")
            .map(\.text).sorted()
    }

    /// Makes a fifo in the folder; its path.
    func fifo(_ name: String) -> String {
        let path = folder.path(name)
        expect(unsafe mkfifo(path, 0o600) == 0, "no fifo \(name)")
        return path
    }

    func streams(
        stdin: String = "", stdout: String = "", stderr: String = "", terminal: Bool = false, owner: StreamOwner? = nil
    ) throws(StreamError) -> ProcessStreams {
        try ProcessStreams(
            StreamPaths(stdin: stdin, stdout: stdout, stderr: stderr, hasTerminal: terminal), on: loop,
            children: children, container: "c1", namespace: "ns1", owner: owner, unblocking: [SIGCHLD])
    }

    /// Starts a shell command with the streams, as the task service starts its processes; `ended` is called when it has
    /// ended and its output is delivered.
    func start(
        _ command: String, with streams: ProcessStreams, ended: @escaping (ProcessEnd) -> Void
    ) throws {
        let input = try streams.openInput()
        let ends = streams.childDescriptors
        let process = try spawn(command, [input ?? ends.input, ends.output, ends.error])
        if let input { close(input) }
        streams.childHasStarted()
        children.expect(process) { end in streams.processHasEnded { ended(end) } }
    }

    /// A client: a shell command whose end is told. Its own standard input and output can be fifos; whoever is at their
    /// other end then finds it there.
    func client(
        _ command: String, from input: String? = nil, to output: String? = nil,
        ended: @escaping (ProcessEnd) -> Void = { _ in }
    ) throws {
        let input = try input.map { try end(of: $0, O_RDONLY) }
        let output = try output.map { try end(of: $0, O_WRONLY) }
        children.expect(try spawn(command, [input ?? 0, output ?? 2, 2]), ended)
        for number in [input, output] { if let number { close(number) } }
    }

    private func end(of fifo: String, _ flags: Int32) throws -> Int32 {
        let number = try OwnedDescriptor(opening: folder.path(fifo), flags: flags | O_NONBLOCK).release()
        _ = fcntl(number, F_SETFL, 0)
        return number
    }

    private func spawn(_ command: String, _ descriptors: [Int32]) throws -> Int32 {
        var child = ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", command])
        child.environment = ["PATH=/usr/bin:/bin", "D=\(folder.path)"]
        child.unblockedSignals = [SIGCHLD]
        child.descriptors = descriptors.enumerated().map { .init($0.element, as: Int32($0.offset)) }
        // Which also gives the child the default meaning of every signal.
        child.workingFolder = folder.path
        child.leadsOwnSession = true
        return try child.start()
    }

    /// Runs the loop until it is so, or half a minute has passed.
    func run(until isSo: @escaping () -> Bool) throws {
        let limit = loop.schedule(after: .seconds(30)) { [self] in
            problems.append("it took too long")
            loop.stop()
        }
        var isRunning = true
        func look() {
            if isSo() { loop.stop() } else if isRunning { loop.schedule(after: .milliseconds(2), look) }
        }
        look()
        if !isSo() { try loop.run() }
        isRunning = false
        limit.cancel()
    }

    /// Starts a command with streams, and runs until it has ended and its clients are done: what reads from the fifos, and
    /// others.
    func run(
        _ command: String, with streams: ProcessStreams, readers: [String: String] = [:], clients: [String] = []
    ) throws -> ProcessEnd? {
        var end: ProcessEnd?
        var left = clients.count + readers.count
        for (fifo, reader) in readers { try client(reader, from: fifo) { _ in left -= 1 } }
        for client in clients { try self.client(client) { _ in left -= 1 } }
        try start(command, with: streams) { end = $0 }
        try run { end != nil && left == 0 }
        return end
    }

    func text(_ name: String) -> String { (try? TestSupport.text(of: folder.path(name))) ?? "<no \(name)>" }

    /// How many descriptors this process has.
    var descriptorCount: Int {
        guard let folder = try? OwnedDescriptor(opening: "/proc/self/fd", flags: O_RDONLY | O_DIRECTORY) else {
            return -1
        }
        return ((try? folder.entryNames(of: "fd", limit: 10_000)) ?? []).count
    }
}
