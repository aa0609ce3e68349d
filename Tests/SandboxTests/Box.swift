import CLinux
import Glibc
import GuestLaunch
import LinuxSystem
import Sandbox
import TestSupport
import Testing

/// One guest process in a box, started as the shim starts it, from a plan written by hand.
final class Box {
    /// Its process id, as we see it.
    let process: Int32
    private var control: OwnedDescriptor?
    private let outputPath: String
    private var ended: ProcessEnd?
    private let input: InputPipe?

    /// The guest program beside the test bundle; `nil`, said loudly, where it is not built or we may not make boxes.
    static let program: String? = {
        guard isSuperuser else {
            SharedFolder.skip("boxes", because: "only root can make them")
            return nil
        }
        let own = (try? readLink(at: "/proc/self/exe")) ?? ""
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
        let places = [own, bundle].map { path in path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
        if let place = places.first(where: { exists("\($0)/wasm-shim-guest") }) { return "\(place)/wasm-shim-guest" }
        SharedFolder.skip("boxes", because: "wasm-shim-guest is not built; run: swift build")
        return nil
    }()

    /// Starts a guest with an own PID namespace, or in that of another process.
    ///
    /// The plan's box gets its control descriptor here. Output goes to a file in `folder`.
    init(
        _ sandbox: SandboxPlan, in folder: TestFolder, arguments: [String] = ["app"], environment: [String] = [],
        input: InputPipe? = nil, terminal: Int32? = nil, pidNamespaceOf other: Int32? = nil, sharesPIDs: Bool = false,
        parent: Int32 = 0
    ) throws {
        self.input = input
        var sandbox = sandbox
        sandbox.controlDescriptor = 4
        var plan = LaunchPlan(moduleDescriptor: -1, moduleName: arguments[0], arguments: arguments)
        plan.environment = environment
        plan.parentProcess = parent
        plan.sandbox = sandbox
        let file = try plan.sealed()
        let sockets = try PacketPair()
        outputPath = folder.path("output-\(Int.random(in: 0..<Int.max))")
        let output = try OwnedDescriptor(opening: outputPath, flags: O_RDWR | O_CREAT | O_APPEND, mode: 0o600)
        let nothing = try OwnedDescriptor(opening: "/dev/null", flags: O_RDWR)
        var child = ChildProcess(path: try #require(Box.program), arguments: ["wasm-shim-guest"])
        child.environment = ["SWIFT_BACKTRACE=enable=no"]
        child.unblockedSignals = Array(1...31)
        let streams = [
            terminal ?? input?.pipe.readEnd.rawValue ?? nothing.rawValue, output.rawValue, output.rawValue,
            file.rawValue,
            sockets.theirs.rawValue,
        ]
        child.descriptors = streams.enumerated().map { .init($0.element, as: Int32($0.offset)) }
        if let other {
            let namespace = try OwnedDescriptor(opening: "/proc/\(other)/ns/pid", flags: O_RDONLY)
            child.pidNamespace = namespace.rawValue
            process = try child.start()
        } else {
            if !sharesPIDs { child.newNamespaces = UInt64(CLINUX_NEW_PIDS) }
            process = try child.start()
        }
        control = sockets.takeOurs()
    }

    deinit {
        if ended == nil {
            kill(process, SIGKILL)
            _ = try? ProcessEnd(of: process, block: true)
        }
    }

    /// The next that the guest says, but for where its figures are; `nil` when it went without a word.
    func message() throws -> ControlMessage? {
        let packet = try control?.receivePacket(limit: ControlMessage.sizeLimit, name: "control socket") ?? []
        let message = ControlMessage(packet: packet)
        if case .linearMemory = message { return try self.message() }
        return message
    }

    /// Says something to the guest.
    func say(_ message: ControlMessage) throws { try control?.sendPacket(message.packet, name: "control socket") }

    /// Goes away, as a shim that was killed.
    func closeControl() { control = nil }

    /// Waits until it is ready, and starts it.
    func start() throws {
        #expect(try message() == .ready)
        try say(.start)
    }

    /// Waits for its end; kills it after ten seconds.
    func end() throws -> ProcessEnd? {
        for _ in 0..<5000 where ended == nil {
            ended = try ProcessEnd(of: process, block: false)
            if ended == nil { usleep(2000) }
        }
        return ended
    }

    /// Starts it, waits for its end, and gives the exit code.
    func run() throws -> Int32? {
        try start()
        return try end()?.shellStatus
    }

    /// What it has printed so far.
    var output: String { (try? text(of: outputPath)) ?? "?" }

    /// A line of its `/proc/PID/status`, without its name.
    func status(_ name: String) throws -> String? {
        try text(of: "/proc/\(process)/status").split(separator: "\n").first { $0.hasPrefix("\(name):") }
            .map { $0.dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    /// Which namespace of a kind a process is in.
    static func namespace(_ kind: String, of process: Int32) throws -> String {
        try readLink(at: "/proc/\(process)/ns/\(kind)")
    }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(process, number) }
}

extension SandboxPlan {
    /// A box with a root made of `folder`, which runs `/app.wasm` and has the usual namespaces but no network of its own.
    static func plain(_ folder: TestFolder, module: [UInt8]? = nil) throws -> SandboxPlan {
        let path = try folder.makeFolder("root")
        if let module { try folder.write(module, to: "root/app.wasm") }
        var root = SandboxRoot(path: path)
        root.hasDevices = false
        var plan = SandboxPlan(
            controlDescriptor: 4, root: .assembled(root),
            program: .module(candidates: ["/app.wasm"], allowsTools: false))
        plan.newNamespaces = UInt32(CLINUX_NEW_MOUNTS | CLINUX_NEW_NAMES | CLINUX_NEW_IPC)
        return plan
    }

    /// The same box with one of our own tools in it.
    func running(_ tool: String) -> SandboxPlan {
        var plan = self
        plan.program = .module(candidates: ["/usr/bin/\(tool)", tool], allowsTools: true)
        return plan
    }

    /// The same box with another root.
    func changingRoot(_ change: (inout SandboxRoot) -> Void) -> SandboxPlan {
        guard case .assembled(var root) = root else { return self }
        change(&root)
        var plan = self
        plan.root = .assembled(root)
        return plan
    }

    /// The same box with mounts inside.
    func mounting(_ mounts: SandboxRoot.Mount...) -> SandboxPlan { changingRoot { $0.mounts = mounts } }
}

/// Gives a file its permission bits.
func setMode(_ mode: UInt32, of path: String) throws {
    try OwnedDescriptor(opening: path, flags: O_RDONLY).setPermissions(mode, name: path)
}
