internal import CLinux
internal import ContainerProcess
internal import ControlGroup
internal import EventLoop
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import OCIBundle
internal import TTRPC

/// The process that serves a container, or all containers of a pod, until it is told to shut down.
struct ShimServer {
    let arguments: ShimArguments
    let bundle: String
    let bootstrap: Bootstrap
    let address: SocketAddress
    let program: GuestProgram
    /// containerd's process.
    let starter: Int32
    /// The configuration that `start` has read: most servers have one container, and that is its.
    let firstSpec: Bundle.ReadSpec

    /// Serves, and ends the process.
    func run(listening socket: consuming OwnedDescriptor) -> Never {
        leaveStarter()
        let log = shimLogger(path: "\(bundle)/log", debug: arguments.isDebug || bootstrap.isDebug)
        do {
            try serve(socket, log)
            exit(0)
        } catch {
            log.error("the server ends", metadata: ["reason": "\(error)"])
            unsafe unlink(address.path)
            exit(1)
        }
    }

    /// A process group, standard streams and working folder of its own: nothing that containerd would wait for.
    private func leaveStarter() {
        setsid()
        unsafe chdir("/")
        let null = unsafe CLinux_open("/dev/null", O_RDWR, 0)
        for number: Int32 in 0...2 { dup2(null, number) }
        if null > 2 { close(null) }
        signal(SIGPIPE, SIG_IGN)
        _ = CLinux_become_subreaper()
        raiseOOMScore()
    }

    /// One more than containerd's, so that the kernel takes us before it, and the guests before us.
    private func raiseOOMScore() {
        guard let file = try? OwnedDescriptor(opening: "/proc/\(starter)/oom_score_adj", flags: O_RDONLY),
            let bytes = try? file.readAll(limit: 16, name: "oom_score_adj"),
            let score = Int32(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }), score < 1000,
            let own = try? OwnedDescriptor(opening: "/proc/self/oom_score_adj", flags: O_WRONLY)
        else { return }
        try? own.writeAll(Array(String(score + 1).utf8), name: "oom_score_adj")
    }

    private func serve(_ socket: consuming OwnedDescriptor, _ log: Logger) throws {
        let ownSocket = FileIdentity(of: address.path)
        let loop = try EventLoop()
        let children = try ChildEnds(on: loop)
        let signals = [SIGTERM, SIGINT, SIGUSR1]
        let groups = try HostControlGroups()
        var notes: [String] = []
        let options = ShimOptions(bootstrap.options, notes: &notes)
        for note in notes { log.warning("runtime options", metadata: ["note": "\(note)"]) }
        enter(options.shimCgroup, groups, log)
        let events = EventPublisher(
            on: loop, address: bootstrap.ttrpcAddress, namespace: arguments.namespace, log: log)
        let context = ShimContext(
            loop: loop, children: children, events: events, log: log, namespace: arguments.namespace,
            controlGroups: groups, guestProgram: program, heldSignals: signals + [SIGCHLD])
        context.knownSpec = firstSpec
        let service = TaskService(context)
        service.defaultOptions = options
        let sandboxes = SandboxService(context, bundle: bundle)
        var disuse: Disuse?
        let server = try Server(on: loop, listening: socket) { call in
            disuse?.asked()
            if TaskService.names.contains(call.service) {
                service.answer(call)
            } else if call.service == SandboxService.name {
                sandboxes.answer(call)
            } else {
                call.fail(Status(.unimplemented, "there is no service \(call.service)"))
            }
        }
        server.whenTroubled = { log.debug("a connection failed", metadata: ["reason": "\($0)"]) }
        let shutDown = Shutdown(context: context, server: server, service: service) { [path = address.path] in
            // Another server's may be there by now.
            if FileIdentity(of: path) == ownSocket { unsafe unlink(path) }
        }
        // A client may have made something since it asked.
        let shutDownIfUnused = { if service.containers.isEmpty && sandboxes.isEmpty { shutDown.begin() } }
        service.whenShutDown = shutDownIfUnused
        sandboxes.whenShutDown = shutDownIfUnused
        try loop.watchSignals(signals) { number in
            if number == SIGUSR1 {
                log.info("state", metadata: ["containers": "\(service.containers.mapValues { $0.initial.state.name })"])
            } else {
                log.info("told to end", metadata: ["signal": "\(number)"])
                shutDown.begin()
            }
        }
        loop.whenIdle = { CLinux_release_all_idle_memory() }
        let watch = Disuse(
            on: loop, isServing: { !service.containers.isEmpty || !sandboxes.isEmpty }, end: { shutDown.begin() })
        disuse = watch
        service.whenEmptied = { watch.watch() }
        log.debug("serving", metadata: ["address": "\(address.url)", "pid": "\(getpid())"])
        try loop.run()
    }

    /// Moves this process into the group that the administrator wants shims in.
    private func enter(_ path: String, _ groups: HostControlGroups, _ log: Logger) {
        guard !path.isEmpty else { return }
        do {
            let group = try ControlGroup(path: path, on: groups)
            try group.createShared()
            var files = group.taskFiles
            if let folder = try group.openFolder() {
                files.append(try readLink(at: "/proc/self/fd/\(folder.rawValue)") + "/cgroup.procs")
            }
            for path in files {
                try OwnedDescriptor(opening: path, flags: O_WRONLY).writeAll([UInt8(ascii: "0")], name: path)
            }
        } catch {
            log.warning("not in the shim's control group", metadata: ["group": "\(path)", "reason": "\(error)"])
        }
    }
}
