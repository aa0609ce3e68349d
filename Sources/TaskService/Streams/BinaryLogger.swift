internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// A program that takes a container's output: it reads standard output from descriptor 3 and standard error from 4, and
/// closes 5, or writes to it, when it is ready.
final class BinaryLogger {
    /// How long it may take to get ready.
    private static let startLimit = Duration.seconds(10)
    /// How long it may go on after it was told to end (containerd's own limit).
    private static let endLimit = Duration.seconds(12)

    private let loop: EventLoop
    private let place: String
    private let ready: OwnedDescriptor
    private let process: Int32
    private var hasEnded = false
    private var isReady = false
    private var whenReady: ((Result<Void, StreamError>) -> Void)?
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
        var child = ChildProcess(path: path, arguments: [path] + arguments)
        child.environment = ["CONTAINER_ID=\(container)", "CONTAINER_NAMESPACE=\(namespace)"]
        child.unblockedSignals = signals
        child.descriptors = [
            .init(output.readEnd.rawValue, as: 3), .init(error.readEnd.rawValue, as: 4),
            .init(readiness.writeEnd.rawValue, as: 5),
        ]
        child.workingFolder = "/"
        process = try StreamError.wrapping(at: name) { () throws(SystemCallError) in try child.start() }
        writeEnds = (output.takeWriteEnd().release(), error.takeWriteEnd().release())
        ready = readiness.takeReadEnd()
        children.expect(process) { [self] _ in
            hasEnded = true
            becomeReady(.failure(StreamError(.loggerDidNotStart("it ended"), at: place)))
        }
    }

    /// Calls `body` when the program is ready to read.
    func whenReady(_ body: @escaping (Result<Void, StreamError>) -> Void) {
        whenReady = body
        let number = ready.rawValue
        let limit = loop.schedule(after: Self.startLimit) { [self] in
            becomeReady(.failure(StreamError(.loggerDidNotStart("it took too long"), at: place)))
        }
        do throws(SystemCallError) {
            try loop.watch(number, for: .readable) { [self] _ in
                limit.cancel()
                becomeReady(.success(()))
            }
        } catch {
            limit.cancel()
            becomeReady(.failure(StreamError(.system(error), at: place)))
        }
    }

    private func becomeReady(_ result: Result<Void, StreamError>) {
        guard !isReady else { return }
        isReady = true
        loop.forget(ready.rawValue)
        let body = whenReady
        whenReady = nil
        body?(result)
    }

    /// Lets go of the ends that the container's process has by now.
    func closeWriteEnds() {
        for number in [writeEnds.output, writeEnds.error] where number >= 0 { close(number) }
        writeEnds = (-1, -1)
    }

    /// No more output comes. The program sees that by itself; if it stays, it is told, and in the end killed.
    func finish() {
        closeWriteEnds()
        loop.schedule(after: .seconds(2)) { [self] in
            guard !hasEnded else { return }
            kill(process, SIGTERM)
            loop.schedule(after: Self.endLimit) { [self] in if !hasEnded { kill(process, SIGKILL) } }
        }
    }
}
