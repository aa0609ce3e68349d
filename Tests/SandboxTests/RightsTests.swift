import CLinux
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Sandbox

/// What a guest may do, seen from outside.
@Suite("Rights in a box", .serialized, .enabled(if: Box.program != nil))
struct RightsTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test("SBX-9: the process has the user, groups, capabilities and limits of the plan, and gets no more")
    func rights() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
        plan.user = 1234
        plan.group = 2345
        plan.furtherGroups = [7, 8]
        plan.umask = 0o027
        // CHOWN and NET_BIND_SERVICE.
        plan.capabilities.bounding = 1 | 1 << 10
        plan.capabilities.permitted = 1 | 1 << 10
        plan.capabilities.effective = 1 | 1 << 10
        plan.capabilities.inheritable = 1 << 10
        plan.capabilities.ambient = 1 << 10
        plan.limits = [.init(resource: 7, soft: 99, hard: 111)]
        let pipe = try InputPipe()
        let box = try Box(plan, in: folder, input: pipe)
        #expect(try box.message() == .ready)
        #expect(try box.status("Uid") == "1234 1234 1234 1234")
        #expect(try box.status("Gid") == "2345 2345 2345 2345")
        #expect(try box.status("Groups") == "7 8")
        #expect(try box.status("Umask") == "0027")
        #expect(try box.status("CapBnd") == "0000000000000401")
        #expect(try box.status("CapPrm") == "0000000000000400")
        #expect(try box.status("CapEff") == "0000000000000400")
        #expect(try box.status("CapInh") == "0000000000000400")
        #expect(try box.status("CapAmb") == "0000000000000400")
        #expect(try box.status("NoNewPrivs") == "1")
        #expect(try box.status("NSpid")?.hasSuffix(" 1") == true)
        let limits = try text(of: "/proc/\(box.process)/limits")
        #expect(limits.split(separator: "\n").contains { $0.hasPrefix("Max open files") && $0.contains("99") })
    }

    @Test("SBX-9: root has the capabilities that the plan permits, another user only those that are ambient")
    func users() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
        plan.capabilities.bounding = 3
        plan.capabilities.permitted = 3
        plan.capabilities.effective = 1
        let root = try Box(plan, in: folder)
        #expect(try root.message() == .ready)
        #expect(try root.status("CapPrm") == "0000000000000003")
        #expect(try root.status("CapEff") == "0000000000000001")
        plan.user = 1234
        let other = try Box(plan, in: folder)
        #expect(try other.message() == .ready)
        #expect(try other.status("CapPrm") == "0000000000000000")
        #expect(try other.status("CapEff") == "0000000000000000")
    }

    @Test("SBX-9: without a word about rights the process has no capability at all")
    func defaults() throws {
        let box = try Box(.plain(folder, module: GuestModules.reads), in: folder)
        #expect(try box.message() == .ready)
        for set in ["CapBnd", "CapPrm", "CapEff", "CapInh", "CapAmb"] {
            #expect(try box.status(set) == "0000000000000000", "\(set)")
        }
        #expect(try box.status("NoNewPrivs") == "1")
    }

    @Test("SBX-9: a module that the user may neither read nor execute does not run")
    func unreadable() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.loops)
        plan.user = 1234
        try setMode(0o600, of: folder.path("root/app.wasm"))
        guard case .failed(126, let message) = try Box(plan, in: folder).message() else {
            Issue.record("it ran")
            return
        }
        #expect(message.hasPrefix("/app.wasm: user 1234 may neither read nor execute it"))
        try setMode(0o711, of: folder.path("root/app.wasm"))
        #expect(try Box(plan, in: folder).message() == .ready)
    }

    @Test(
        "SBX-10: namespaces are the process's own where the plan says so, with names of their own, and ours elsewhere")
    func namespaces() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
        plan.newNamespaces |= UInt32(CLINUX_NEW_CONTROL_GROUPS | CLINUX_NEW_NETWORK)
        plan.hostname = "boxed"
        plan.domainname = "example"
        plan.settings = [.init(path: "net/ipv4/ip_unprivileged_port_start", value: "80")]
        let box = try Box(plan, in: folder)
        #expect(try box.message() == .ready)
        for kind in ["mnt", "uts", "ipc", "net", "cgroup", "pid"] {
            #expect(try Box.namespace(kind, of: box.process) != Box.namespace(kind, of: getpid()), "\(kind)")
        }
        #expect(try Box.namespace("user", of: box.process) == Box.namespace("user", of: getpid()))
        let other = try Box(.plain(folder), in: folder)
        #expect(try Box.namespace("net", of: other.process) == Box.namespace("net", of: getpid()))
        let file = folder.path("seen")
        // In its UTS and network namespace, with our own files.
        #expect(
            shell(
                "nsenter -t \(box.process) -u -n sh -c 'uname -n; cat /proc/sys/kernel/domainname; "
                    + "cat /proc/sys/net/ipv4/ip_unprivileged_port_start' > \(quoted(file))") == 0)
        #expect(try text(of: file) == "boxed\nexample\n80\n")
        // Up is bit 0.
        #expect(try Self.loopbackFlags(of: box.process) & 1 == 1)
    }

    /// The flags of `lo` in the network namespace of a process.
    private static func loopbackFlags(of process: Int32) throws -> Int {
        let folder = try TestFolder()
        let file = folder.path("flags")
        let script = "mount -t sysfs s /mnt && cat /mnt/class/net/lo/flags"
        let command = "nsenter -t \(process) -n unshare -m sh -c \(quoted(script)) > \(quoted(file))"
        guard shell(command) == 0 else { return 0 }
        let digits = try text(of: file).dropFirst(2).filter { !$0.isWhitespace }
        return Int(digits, radix: 16) ?? 0
    }

    @Test("SBX-10: a user namespace gets its mappings from the starter before anything is done in it")
    func userNamespace() throws {
        try setMode(0o755, of: folder.path)
        var plan = try SandboxPlan.plain(folder, module: GuestModules.writes("mapped\n"))
        plan.newNamespaces |= UInt32(CLINUX_NEW_USERS)
        let box = try Box(plan, in: folder)
        #expect(try box.message() == .needsMappings)
        for file in ["uid_map", "gid_map"] {
            try OwnedDescriptor(opening: "/proc/\(box.process)/\(file)", flags: O_WRONLY)
                .writeAll(Array("0 100000 65536\n".utf8), name: file)
        }
        try box.say(.mapped)
        #expect(try box.message() == .ready)
        #expect(try box.status("Uid") == "100000 100000 100000 100000")
        try box.say(.start)
        #expect(try box.end() == .exited(code: 0))
        #expect(box.output == "mapped\n")
    }

    @Test("SBX-11: a starter that goes away takes the guest with it, at every point")
    func starterGone() throws {
        let early = try Box(.plain(folder, module: GuestModules.loops), in: folder)
        early.closeControl()
        #expect(try early.end() == .exited(code: 125))
        let late = try Box(.plain(folder, module: GuestModules.loops), in: folder)
        #expect(try late.message() == .ready)
        late.closeControl()
        #expect(try late.end() == .exited(code: 125))
    }

    @Test("SBX-11: a guest that runs is killed when its starter ends, also after it has changed its user")
    func parentDeath() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.loops)
        plan.user = 1234
        // The kernel means the thread that made the process.
        let thread = StartingThread { [folder] in
            let box = try Box(plan, in: folder, parent: getpid())
            try box.start()
            return box
        }
        let box = try #require(try thread.result())
        #expect(try box.end() == .killed(signal: SIGKILL))
    }

    @Test("SBX-19: it enters its control groups, sets its OOM score and takes its terminal")
    func beginnings() throws {
        // What the kernel makes of the zero is its matter; that it is written, ours.
        let groups = try ["first", "second"].map { try folder.write("", to: $0) }
        let terminal = try Terminal()
        var plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
        plan.controlGroupFiles = groups
        plan.oomScoreAdjustment = 777
        plan.hasTerminal = true
        let box = try Box(plan, in: folder, terminal: terminal.end.rawValue)
        #expect(try box.message() == .ready)
        #expect(try groups.map { try text(of: $0) } == ["0", "0"])
        #expect(try text(of: "/proc/\(box.process)/oom_score_adj") == "777\n")
        // proc_pid_stat(5): state, parent, group, session, terminal.
        let fields = try text(of: "/proc/\(box.process)/stat").split(separator: ")")[1].split(separator: " ")
        #expect(fields[3] == "\(box.process)")
        #expect(fields[4] != "0")
        // The terminal's interrupt key ends the guest as the signal does.
        try box.say(.start)
        usleep(20_000)
        try terminal.type(3)
        #expect(try box.end() == .exited(code: 130))
    }

    @Test("SBX-19: a control group that is not there fails the start")
    func noControlGroup() throws {
        var plan = try SandboxPlan.plain(folder)
        plan.controlGroupFiles = [folder.path("absent/tasks")]
        guard case .failed(125, let message) = try Box(plan, in: folder).message() else {
            Issue.record("it started")
            return
        }
        #expect(message.hasPrefix("control group: open \"\(folder.path("absent/tasks"))\": No such file or directory"))
    }
}
