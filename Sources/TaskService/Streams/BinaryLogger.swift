internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// A program that takes a container's output: it reads standard output from descriptor 3 and standard error from 4, and
/// closes 5, or writes to it, when it is ready.
final class BinaryLogger {
    /// How long it may take to get ready.
    private static let startLimit = Duration.seconds(10)
    /// How long after the end of all output it is told to end.
    private static let grace = Duration.seconds(2)
    /// How long after that it is killed (containerd's own limit).
    private static let endLimit = Duration.seconds(12)

    private let loop: EventLoop
    private let place: String
    /// Readable when the program is ready; closed once that is known.
    private var ready: OwnedDescriptor?
    private let process: Int32
    private var hasEnded = false
    private var whenReady: ((Result<Void, StreamError>) -> Void)?
    private var limit: LoopTimer?
    /// The ends that the container's process writes to.
    private(set) var writeEnds: (output: Int32, error: Int32)

    init(
        path: String, arguments: [String], name: String, container: String, namespace: String, on loop: EventLoop,
        children: ChildEnds, unblocking signals: [Int32]
    ) throws(StreamError) {
        self.loop = loop
        place = name
        let output = try StreamError.wrapping(at: name) { () throws(SystemCallError) in try Pipe() }
        let error = try StreamError.wrapping(at: name) { () throws(SystemCallError) in try Pipe() }
        let readiness = try StreamError.wrapping(at: name) { () throws(SystemCallError) in try Pipe() }
        let nothing = try StreamError.wrapping(at: name) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
        }
        var child = ChildProcess(path: path, arguments: [path] + arguments)
        child.environment = ["CONTAINER_ID=\(container)", "CONTAINER_NAMESPACE=\(namespace)"]
        child.unblockedSignals = signals
        child.descriptors = (0...2).map { .init(nothing.rawValue, as: $0) }
        child.descriptors += [
            .init(output.readEnd.rawValue, as: 3), .init(error.readEnd.rawValue, as: 4),
            .init(readiness.writeEnd.rawValue, as: 5),
        ]
        child.workingFolder = "/"
        // An error is thrown when the pipes are taken apart, not before: then optimised code (Swift 6.3) forgets to close
        // the ends that would not have been taken.
        let started = Result { () throws(SystemCallError) in try child.start() }
        let (outputEnd, errorEnd) = (output.takeWriteEnd().release(), error.takeWriteEnd().release())
        let readyEnd = readiness.takeReadEnd()
        do throws(SystemCallError) { process = try started.get() } catch {
            for number in [outputEnd, errorEnd] { close(number) }
            throw StreamError(.system(error), at: name)
        }
        writeEnds = (outputEnd, errorEnd)
        ready = consume readyEnd
        children.expect(process) { [self] _ in hasEnded = true }
    }

    /// Calls `body` when the program is ready to read.
    func whenReady(_ body: @escaping (Result<Void, StreamError>) -> Void) {
        whenReady = body
        limit = loop.schedule(after: Self.startLimit) { [self] in
            becomeReady(.failure(StreamError(.loggerDidNotStart("it took too long"), at: place)))
        }
        do throws(SystemCallError) {
            try loop.watch(ready?.rawValue ?? -1, for: .readable) { [self] _ in
                becomeReady(
                    isRead ? .success(()) : .failure(StreamError(.loggerDidNotStart("it ended at once"), at: place)))
            }
        } catch {
            becomeReady(.failure(StreamError(.system(error), at: place)))
        }
    }

    /// Whether anybody can still read what is written. A program that ends closes its descriptors in any order.
    private var isRead: Bool {
        guard let status = ProcessStatus(of: process), !status.isEnding else { return false }
        var end = pollfd(fd: writeEnds.output, events: 0, revents: 0)
        return unsafe poll(&end, 1, 0) == 0
    }

    private func becomeReady(_ result: Result<Void, StreamError>) {
        stopWaiting()
        let body = whenReady
        whenReady = nil
        body?(result)
    }

    private func stopWaiting() {
        limit?.cancel()
        if let number = ready?.rawValue { loop.forget(number) }
        ready = nil
    }

    /// Lets go of the ends that the container's process has by now.
    func closeWriteEnds() {
        for number in [writeEnds.output, writeEnds.error] where number >= 0 { close(number) }
        writeEnds = (-1, -1)
    }

    /// No more output comes. The program sees that by itself; if it stays, it is told, and in the end killed.
    func finish() {
        whenReady = nil
        stopWaiting()
        closeWriteEnds()
        loop.schedule(after: Self.grace) { [self] in
            guard !hasEnded else { return }
            kill(process, SIGTERM)
            loop.schedule(after: Self.endLimit) { [self] in if !hasEnded { kill(process, SIGKILL) } }
        }
    }
}
