internal import CLinux
package import EventLoop
internal import Glibc
internal import LinuxSystem

/// A process's standard streams, opened. Fifos, files and loggers' pipes are handed to the process as they are, so
/// nothing is copied and nothing can be lost; only what goes through a terminal passes through this process.
package final class ProcessStreams {
    private let loop: EventLoop
    private let inputTarget: StreamTarget
    private let inputName: String
    private let owner: StreamOwner?
    private var terminal: Terminal?
    private var logger: BinaryLogger?
    /// What the child gets as 0, 1 and 2; ours until it has started.
    private var handed: [Int32] = []
    /// Kept open while the process lives: the reading ends of output fifos, so that a reader may go and come back.
    private var held: [Int32] = []
    /// A writing end of the input fifo: its end comes when the client says so, not when it reconnects.
    private var inputWriter: Int32 = -1

    /// Opens everything. Nothing of it blocks, whoever is at the other ends.
    package init(
        _ paths: StreamPaths, on loop: EventLoop, children: ChildEnds, container: String, namespace: String,
        owner: StreamOwner?, unblocking signals: [Int32] = []
    ) throws(StreamError) {
        self.loop = loop
        inputTarget = try StreamTarget(paths.stdin)
        inputName = paths.stdin
        self.owner = owner
        let output = try StreamTarget(paths.stdout)
        let error = try StreamTarget(paths.hasTerminal ? "" : paths.stderr)
        if paths.hasTerminal {
            let terminal = try StreamError.wrapping(at: paths.stdout) { () throws(SystemCallError) in try Terminal(on: loop) }
            self.terminal = terminal
            try connect(terminal, output, paths)
            return
        }
        handed.append(try Self.openNull().release())
        for (target, name) in [(output, paths.stdout), (error, paths.stderr)] {
            if case .logger(let path, let arguments) = target {
                if logger == nil {
                    logger = try BinaryLogger(
                        path: path, arguments: arguments, name: name, container: container, namespace: namespace,
                        on: loop, children: children, unblocking: signals)
                }
                handed.append(-1)
            } else {
                handed.append(try openOutput(target, name, owner))
            }
        }
    }

    deinit { close() }

    /// What the process gets as 0, 1 and 2; 0 is empty until `openInput`.
    package var childDescriptors: (input: Int32, output: Int32, error: Int32) {
        if let terminal { return (terminal.peer, terminal.peer, terminal.peer) }
        let ends = logger?.writeEnds ?? (output: -1, error: -1)
        return (handed[0], handed[1] < 0 ? ends.output : handed[1], handed[2] < 0 ? ends.error : handed[2])
    }

    /// Calls `body` when a process can be started with the streams: at once, but for a logger that has to get ready.
    package func whenReady(_ body: @escaping (Result<Void, StreamError>) -> Void) {
        if let logger { logger.whenReady(body) } else { body(.success(())) }
    }

    /// The process has its copies; ours of them go, or its streams would never end.
    package func childHasStarted() {
        for number in handed where number >= 0 { Glibc.close(number) }
        handed = [-1, -1, -1]
        logger?.closeWriteEnds()
        terminal?.closePeer()
    }

    /// Opens standard input when the process is about to run, and not before: whoever writes to the fifo sees that it is
    /// read, and may be done at once. For a terminal the copying begins; else the caller hands the descriptor to the
    /// process, and closes it. `nil` where there is no input.
    package func openInput() throws(StreamError) -> Int32? {
        let path: String
        switch inputTarget {
        case .nothing: return nil
        case .fifo(let fifo): path = fifo
        case .file, .logger: throw StreamError(.unknownScheme, at: inputName)
        }
        let fifo = try Self.openFifo(path, O_RDONLY, inputName)
        inputWriter = try Self.openFifo(path, O_WRONLY, inputName).release()
        guard let terminal else { return try Self.handedOver(fifo, inputName, owner) }
        do throws(SystemCallError) { try terminal.takeInput(from: fifo) } catch {
            throw StreamError(.system(error), at: inputName)
        }
        return nil
    }

    /// No more input comes: its end reaches the process when the client has closed its side too.
    package func closeInput() {
        if inputWriter >= 0 { Glibc.close(inputWriter) }
        inputWriter = -1
    }

    /// Sets the terminal's size, in characters.
    package func resize(width: UInt32, height: UInt32) throws(StreamError) {
        guard let terminal else { return }
        try StreamError.wrapping(at: "terminal") { () throws(SystemCallError) in
            try terminal.resize(width: UInt16(clamping: width), height: UInt16(clamping: height))
        }
    }

    /// Delivers what the process left, closes everything, then calls `then`.
    package func processHasEnded(then: @escaping () -> Void) {
        guard let terminal else {
            close()
            return then()
        }
        terminal.finish { [self] in
            close()
            then()
        }
    }

    /// Closes everything now.
    package func close() {
        for number in handed + held + [inputWriter] where number >= 0 { Glibc.close(number) }
        handed = []
        held = []
        inputWriter = -1
        terminal?.stop()
        terminal = nil
        logger?.finish()
        logger = nil
    }

    // MARK: Opening

    private func connect(_ terminal: Terminal, _ output: StreamTarget, _ paths: StreamPaths) throws(StreamError) {
        let destination: OwnedDescriptor
        switch output {
        case .nothing: destination = try Self.openNull()
        case .fifo(let path):
            held.append(try Self.openFifo(path, O_RDONLY, paths.stdout).release())
            destination = try Self.openFifo(path, O_WRONLY, paths.stdout)
        case .file(let path): destination = try Self.openFile(path, paths.stdout)
        case .logger: throw StreamError(.unknownScheme, at: paths.stdout)
        }
        do throws(SystemCallError) { try terminal.giveOutput(to: destination) } catch {
            throw StreamError(.system(error), at: paths.stdout)
        }
    }

    private func openOutput(_ target: StreamTarget, _ name: String, _ owner: StreamOwner?) throws(StreamError) -> Int32 {
        switch target {
        case .nothing, .logger: return try Self.openNull().release()
        case .fifo(let path):
            // With a reader of our own, opening the other end neither blocks nor fails.
            held.append(try Self.openFifo(path, O_RDONLY, name).release())
            return try Self.handedOver(try Self.openFifo(path, O_WRONLY, name), name, owner)
        case .file(let path): return try Self.openFile(path, name).release()
        }
    }

    private static func openNull() throws(StreamError) -> OwnedDescriptor {
        try StreamError.wrapping(at: "/dev/null") { () throws(SystemCallError) in
            try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
        }
    }

    private static func openFile(_ path: String, _ name: String) throws(StreamError) -> OwnedDescriptor {
        try StreamError.wrapping(at: name) { () throws(SystemCallError) in
            if let slash = path.lastIndex(of: "/") { try makeFolders(at: String(path[..<slash]), mode: 0o755) }
            return try OwnedDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
        }
    }

    /// Opens one end, not blocking.
    private static func openFifo(_ path: String, _ flags: Int32, _ name: String) throws(StreamError) -> OwnedDescriptor {
        let descriptor: OwnedDescriptor
        do throws(SystemCallError) {
            descriptor = try OwnedDescriptor(opening: path, flags: flags | O_NONBLOCK)
        } catch {
            throw StreamError(error.code == ENOENT ? .noFifo : .system(error), at: name)
        }
        let kind: FileKind
        do throws(SystemCallError) { kind = try descriptor.fileKind(name: path) } catch {
            throw StreamError(.system(error), at: name)
        }
        guard kind != .folder else { throw StreamError(.notAFifo, at: name) }
        return descriptor
    }

    /// For a process that expects its streams to block.
    private static func handedOver(
        _ descriptor: consuming OwnedDescriptor, _ name: String, _ owner: StreamOwner?
    ) throws(StreamError) -> Int32 {
        let number = descriptor.rawValue
        try StreamError.wrapping(at: name) { () throws(SystemCallError) in
            try systemCall("make the stream block") { CLinux_fcntl(number, F_SETFL, 0) }
            if let owner { try systemCall("change the owner") { fchown(number, owner.user, owner.group) } }
        }
        return descriptor.release()
    }
}
