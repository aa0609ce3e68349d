internal import CLinux
package import EventLoop
internal import Glibc
package import LinuxSystem

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

    /// Opens everything but standard input. Nothing of it blocks, whoever is at the other ends.
    package init(
        _ paths: StreamPaths, on loop: EventLoop, children: ChildEnds, container: String, namespace: String,
        owner: StreamOwner?, unblocking signals: [Int32] = []
    ) throws(StreamError) {
        self.loop = loop
        inputTarget = try StreamTarget(paths.stdin)
        inputName = paths.stdin
        self.owner = owner
        switch inputTarget {
        case .nothing, .fifo: break
        case .file, .logger: throw StreamError(.noInput, at: inputName)
        }
        let output = try StreamTarget(paths.stdout)
        let error = try StreamTarget(paths.hasTerminal ? "" : paths.stderr)
        if case .logger(let path, let arguments) = Self.logger(of: output, error) {
            logger = try BinaryLogger(
                path: path, arguments: arguments, name: output == .nothing ? paths.stderr : paths.stdout,
                container: container, namespace: namespace, on: loop, children: children, unblocking: signals)
        }
        if paths.hasTerminal {
            let end = try openOutput(output, paths.stdout, logger?.writeEnds.output, flags: O_NONBLOCK)
            do throws(SystemCallError) { terminal = try Terminal(on: loop, output: end) } catch {
                throw StreamError(.system(error), at: "terminal")
            }
        } else {
            handed.append(try Self.openNull().release())
            handed.append(try openOutput(output, paths.stdout, logger?.writeEnds.output).release())
            handed.append(try openOutput(error, paths.stderr, logger?.writeEnds.error).release())
        }
    }

    deinit { close() }

    /// Whether there is input that the process has to be given.
    var hasInput: Bool { terminal == nil && inputTarget != .nothing }

    /// What the process gets as 0, 1 and 2, until `childHasStarted`; 0 is empty until `openInput`.
    package var childDescriptors: (input: Int32, output: Int32, error: Int32) {
        if let terminal { return (terminal.peer, terminal.peer, terminal.peer) }
        return handed.count == 3 ? (handed[0], handed[1], handed[2]) : (-1, -1, -1)
    }

    /// Calls `body` when a process can be started with the streams: at once, but for a logger that has to get ready.
    package func whenReady(_ body: @escaping (Result<Void, StreamError>) -> Void) {
        if let logger { logger.whenReady(body) } else { body(.success(())) }
    }

    /// Takes a terminal that another runtime has made for the process, in the place of ours; before `childHasStarted`.
    package func replaceTerminal(by other: consuming OwnedDescriptor) throws(StreamError) {
        guard let terminal else { return }
        do throws(SystemCallError) { try terminal.replace(by: other) } catch {
            throw StreamError(.system(error), at: "terminal")
        }
    }

    /// The process has its copies; ours of them go, or its streams would never end.
    package func childHasStarted() {
        for number in handed { Glibc.close(number) }
        handed = []
        logger?.closeWriteEnds()
        terminal?.start()
    }

    /// Opens standard input when the process is about to run, and not before: whoever writes to the fifo sees that it is
    /// read, and may be done at once. For a terminal the copying begins; else the caller hands the descriptor to the
    /// process, and closes it. `nil` where there is no input.
    package func openInput() throws(StreamError) -> Int32? {
        guard case .fifo(let path) = inputTarget else { return nil }
        let source = try Self.open(path, O_RDONLY, inputName)
        // The end of a file is its end.
        if try !Self.isFile(source, inputName) {
            inputWriter = try Self.open(path, O_WRONLY, inputName).release()
        }
        guard let terminal else { return try Self.prepared(source, inputName, owner).release() }
        do throws(SystemCallError) { try terminal.takeInput(from: source) } catch {
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
        // Only who reads now gets the rest; without a reader there is nobody to wait for.
        closeHeld()
        terminal.finish { [self] in
            close()
            then()
        }
    }

    /// Closes everything now.
    package func close() {
        for number in handed { Glibc.close(number) }
        handed = []
        closeHeld()
        closeInput()
        terminal?.stop()
        terminal = nil
        logger?.finish()
        logger = nil
    }

    private func closeHeld() {
        for number in held { Glibc.close(number) }
        held = []
    }

    // MARK: Opening

    /// One program gets both outputs.
    private static func logger(of output: StreamTarget, _ error: StreamTarget) -> StreamTarget? {
        if case .logger = output { return output }
        if case .logger = error { return error }
        return nil
    }

    private func openOutput(
        _ target: StreamTarget, _ name: String, _ loggersEnd: Int32?, flags: Int32 = 0
    ) throws(StreamError) -> OwnedDescriptor {
        switch target {
        case .nothing: return try Self.openNull()
        case .fifo(let path):
            // With a reader of our own, opening the other end neither blocks nor fails, and a client that reads may go
            // and come back.
            let reader = try Self.open(path, O_RDONLY, name)
            let isFile = try Self.isFile(reader, name)
            if !isFile { held.append(reader.release()) }
            return try Self.prepared(
                try Self.open(path, O_WRONLY, name), name, owner, flags: isFile ? O_APPEND : flags)
        case .file(let path): return try Self.prepared(try Self.openFile(path, name), name, owner, flags: O_APPEND)
        case .logger:
            guard let loggersEnd else { return try Self.openNull() }
            let end = try StreamError.wrapping(at: name) { () throws(SystemCallError) in
                OwnedDescriptor(
                    owning: try systemCall("duplicate a pipe") { CLinux_fcntl(loggersEnd, F_DUPFD_CLOEXEC, 3) })
            }
            return try Self.prepared(end, name, owner, flags: flags)
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
            return try OwnedDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, mode: 0o644)
        }
    }

    /// Opens one end, without waiting for anybody at the other.
    private static func open(_ path: String, _ flags: Int32, _ name: String) throws(StreamError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try OwnedDescriptor(opening: path, flags: flags | O_NONBLOCK)
        } catch {
            throw StreamError(error.code == ENOENT ? .noFifo : .system(error), at: name)
        }
    }

    private static func isFile(_ descriptor: borrowing OwnedDescriptor, _ name: String) throws(StreamError) -> Bool {
        let kind: FileKind
        do throws(SystemCallError) { kind = try descriptor.fileKind(name: name) } catch {
            throw StreamError(.system(error), at: name)
        }
        guard kind != .folder else { throw StreamError(.notAFifo, at: name) }
        return kind == .regularFile
    }

    /// With its flags (for a process that expects its streams to block: none), and its owner.
    private static func prepared(
        _ descriptor: consuming OwnedDescriptor, _ name: String, _ owner: StreamOwner?, flags: Int32 = 0
    ) throws(StreamError) -> OwnedDescriptor {
        let number = descriptor.rawValue
        try StreamError.wrapping(at: name) { () throws(SystemCallError) in
            try systemCall("set the stream's flags") { CLinux_fcntl(number, F_SETFL, flags) }
            if let owner { try systemCall("change the owner") { fchown(number, owner.user, owner.group) } }
        }
        return descriptor
    }
}
