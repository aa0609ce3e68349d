import CLinux
import ContainerProcess
import ControlGroup
import EventLoop
import Glibc
import LinuxSystem
import Logging
import Sandbox
import TestSupport
import Testing

@testable import OCISpec
@testable import TaskService

/// Native containers of the machine's own runtime and programs, in a mount namespace of their own.
final class NativeTrial {
    let trial: StreamTrial
    let context: ShimContext
    let namespace: String
    private let logged = EventPublisherTests.LogLines()

    /// The lines of the log.
    var log: String { logged.lines.map { "\($0)" }.joined(separator: "\n") }

    /// Whether there is what is needed; said loudly where not.
    static func isPossible(_ what: String) -> Bool {
        if isSuperuser, isInstalled("runc") { return true }
        SharedFolder.skip(what, because: "needs root and runc")
        return false
    }

    /// Runs `body` in a process of its own, which ends the present one.
    static func run(_ body: (NativeTrial) throws -> Void) -> Never {
        StreamTrial.run { trial in
            try systemCall("leave the mounts") { CLinux_unshare(UInt32(CLINUX_NEW_MOUNTS)) }
            try systemCall("keep mounts private") { CLinux_make_mounts_private() }
            CLinux_become_subreaper()
            let native = try NativeTrial(trial)
            try body(native)
            let left = (try? contents(of: "/proc/self/mountinfo")) ?? []
            trial.expect(HostMounts.points(atOrBelow: trial.folder.path, in: left).isEmpty, "a mount is left")
            trial.expect(!exists(native.stateFolder), "the state folder is left")
            for tree in native.context.controlGroups.hierarchies {
                trial.expect(
                    !exists("\(tree.folder)/\(native.namespace)/c1"), "a control group is left in \(tree.folder)")
                unsafe rmdir("\(tree.folder)/\(native.namespace)")
            }
        }
    }

    private init(_ trial: StreamTrial) throws {
        self.trial = trial
        namespace = "native-test-\(getpid())"
        context = ShimContext(
            loop: trial.loop, children: trial.children,
            events: EventPublisher(on: trial.loop, address: "/nowhere", namespace: namespace, log: nil),
            log: Logger(label: "test") { [logged] _ in logged }, namespace: namespace,
            controlGroups: try HostControlGroups(),
            guestProgram: try GuestProgram(besides: "/", override: "/bin/sh"), heldSignals: [SIGCHLD])
    }

    var stateFolder: String { "\(NativeRuntime.standardFolder)/\(namespace)" }
    var bundle: String { trial.folder.path("bundle") }

    /// A container that runs a shell command in the machine's own root file system, to which it cannot write.
    ///
    /// Without a `program` the command is what the guest program does, which is a shell here.
    func container(
        _ command: String, program: [String] = ["/bin/sh"], stdin: String = "", stdout: String = "",
        terminal: Bool = false, hooks: Hooks? = nil,
        options: ShimOptions = ShimOptions()
    ) throws -> TaskContainer {
        try trial.folder.makeFolder("bundle/rootfs")
        var process = ContainerProcessSpec(
            args: program + ["-c", command], env: ["PATH=/usr/bin:/bin"], terminal: terminal)
        process.noNewPrivileges = true
        let spec = RuntimeSpec(
            process: process, root: .init(path: "rootfs", readonly: true),
            mounts: [
                .init(destination: "/proc", type: "proc", source: "proc"),
                .init(destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"]),
                .init(
                    destination: "/dev/pts", type: "devpts", source: "devpts",
                    options: ["newinstance", "ptmxmode=0666"]),
            ],
            linux: LinuxSpec(
                namespaces: ["pid", "mount", "ipc", "uts"].map { .init(type: $0) }, cgroupsPath: "/\(namespace)/c1"),
            hooks: hooks)
        try trial.folder.write(Document.encode(spec), to: "bundle/config.json")
        let root = SandboxRoot.Mount(type: "bind", source: "/", destination: "/", flags: 1)
        return try TaskContainer(
            id: "c1", bundle: bundle, layers: [root],
            paths: StreamPaths(stdin: stdin, stdout: stdout, stderr: stdout, hasTerminal: terminal), options: options,
            context: context)
    }

    /// Has the runtime create the container, as when its guest has found that its program is none of ours.
    func create(_ container: TaskContainer) throws -> TaskError? {
        var result: Result<Int32, TaskError>?
        container.initial.openStreams(container: "c1", owner: nil) { streams in
            do throws(TaskError) {
                let native = try NativeContainer(for: container)
                container.native = native
                native.create(container, streams: try streams.get()) {
                    result = $0
                } fail: { error in
                    container.initial.abandon()
                    result = .failure(error)
                }
            } catch { result = .failure(error) }
        }
        try trial.run { result != nil }
        if case .failure(let error) = result { return error }
        return nil
    }

    func start(_ container: TaskContainer) throws {
        var result: Result<Int32, TaskError>?
        container.startInitial { result = $0 }
        try trial.run { result != nil }
        if case .failure(let error) = result { throw error }
    }

    /// Waits for a process's end; its status.
    func status(_ process: TaskProcess) throws -> UInt32? {
        var record: ExitRecord?
        process.wait { record = $0 }
        try trial.run { record != nil }
        return record?.status
    }

    func remove(_ container: TaskContainer) throws {
        var isGone = false
        container.remove { isGone = true }
        try trial.run { [context] in isGone && context.unfinishedCleanups == 0 }
    }
}
