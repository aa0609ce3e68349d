internal import CLinux
internal import ContainerProcess
internal import Glibc
internal import LinuxSystem
internal import OCIBundle
internal import OCISpec
internal import TTRPC

/// `start`: makes sure that a server runs for the container or its pod, and answers where.
///
/// The server is a fork of this very process, which has no threads: everything it needs is loaded and parsed already.
/// Its socket listens before the answer is given, so whoever connects early waits instead of failing.
struct StartCommand {
    let arguments: ShimArguments

    /// Answers on standard output and returns; in the server's process, never returns.
    func run() throws(ShimError) {
        guard !arguments.id.isEmpty else { throw ShimError(.missing(flag: "id")) }
        guard !arguments.namespace.isEmpty else { throw ShimError(.missing(flag: "namespace")) }
        let bundle = try self.bundle()
        let bootstrap = Bootstrap(
            input: standardInput(), id: arguments.id, namespace: arguments.namespace,
            environment: ShimProgram.environment)
        let read: Bundle.ReadSpec
        do throws(BundleError) { read = try Bundle.readSpec(at: bundle, known: nil) } catch {
            throw ShimError(.bundle(error))
        }
        let address = SocketAddress(
            containerd: arguments.address, namespace: arguments.namespace,
            group: Self.group(of: read.spec) ?? arguments.id,
            folder: bootstrap.socketFolder ?? SocketAddress.defaultFolder)
        let program: GuestProgram
        do throws(ContainerError) { program = try GuestProgram() } catch { throw ShimError(.program(error)) }
        try startServer(at: address) { socket, starter in
            ShimServer(
                arguments: arguments, bundle: bundle, bootstrap: bootstrap, address: address, program: program,
                starter: starter, firstSpec: read
            ).run(listening: socket)
        }
        try ShimError.wrapping { () throws(SystemCallError) in
            let file = try OwnedDescriptor(
                opening: "\(bundle)/address", flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644)
            try file.writeAll(Array(address.url.utf8), name: "\(bundle)/address")
        }
        ShimProgram.write(bootstrap.output(for: address))
    }

    private func bundle() throws(ShimError) -> String {
        if !arguments.bundle.isEmpty { return arguments.bundle }
        return try ShimError.wrapping { () throws(SystemCallError) in try readLink(at: "/proc/self/cwd") }
    }

    /// What belongs together shares a server.
    static func group(of spec: RuntimeSpec) -> String? {
        ["io.containerd.runc.v2.group", "io.kubernetes.cri.sandbox-id"].lazy
            .compactMap { spec.annotations?[$0] }.first { !$0.isEmpty }
    }

    private func standardInput() -> [UInt8] {
        guard isatty(0) == 0 else { return [] }
        let input = OwnedDescriptor(owning: 0)
        let bytes = try? input.readAll(limit: 1 << 20, name: "standard input")
        _ = input.release()
        return bytes ?? []
    }

    /// Makes sure that a server listens: in a process of its own, which binds the socket and says here how that went. So a
    /// `start` that is killed leaves no socket behind that nobody listens at.
    private func startServer(
        at address: SocketAddress, _ serve: (consuming OwnedDescriptor, _ starter: pid_t) -> Never
    ) throws(ShimError) {
        let starter = getppid()
        let pipe = try ShimError.wrapping { () throws(SystemCallError) in try Pipe() }
        let process = try ShimError.wrapping { () throws(SystemCallError) in
            try systemCall("start the server") { CLinux_fork() }
        }
        if process == 0 {
            let answer = pipe.takeWriteEnd()
            var problem = ""
            do throws(ShimError) {
                if let socket = try listen(at: address) {
                    _ = consume answer
                    serve(socket, starter)
                }
            } catch {
                problem = "\(error)"
            }
            try? answer.writeAll(Array(problem.utf8), name: "the answer")
            _exit(0)
        }
        let answer = pipe.takeReadEnd()
        let problem = try ShimError.wrapping { () throws(SystemCallError) in
            try answer.readAll(limit: 1 << 16, name: "the server's answer") ?? []
        }
        guard problem.isEmpty else { throw ShimError(.notServing(String(decoding: problem, as: UTF8.self))) }
    }

    /// A listening socket; `nil` when a server listens there already.
    private func listen(at address: SocketAddress) throws(ShimError) -> OwnedDescriptor? {
        try ShimError.wrapping { () throws(SystemCallError) in try makeFolders(at: address.folder, mode: 0o700) }
        // One at a time: a socket that is bound and does not listen yet looks like one of a server that was killed.
        let lock = Self.lock(address.folder)
        defer { if lock >= 0 { close(lock) } }
        do throws(TTRPCError) {
            return try listeningSocket(at: address.path)
        } catch {
            guard unsafe access(address.path, F_OK) == 0 else { throw ShimError(.socket(error)) }
            if Self.isAnswering(address.path) { return nil }
        }
        // Of a server that was killed.
        unsafe unlink(address.path)
        do throws(TTRPCError) { return try listeningSocket(at: address.path) } catch { throw ShimError(.socket(error)) }
    }

    /// Takes the lock on a folder of sockets, until the descriptor is closed; -1 where there is no folder. Waits for a second
    /// at most: whoever has it may have been stopped.
    static func lock(_ folder: String) -> Int32 {
        let descriptor = unsafe CLinux_open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard descriptor >= 0 else { return -1 }
        for _ in 0..<200 {
            guard flock(descriptor, LOCK_EX | LOCK_NB) != 0, CLinux_errno() == EWOULDBLOCK else { break }
            usleep(5000)
        }
        return descriptor
    }

    /// Whether somebody accepts connections at a path.
    static func isAnswering(_ path: String) -> Bool {
        let socket = CLinux_unix_socket()
        guard socket >= 0 else { return false }
        defer { close(socket) }
        return unsafe CLinux_connect(socket, path) == 0 || CLinux_errno() == EAGAIN
    }
}
