import CLinux
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Sandbox

/// Further processes in a box that runs, and the tools for looking into it.
@Suite("Further processes", .serialized, .enabled(if: Box.program != nil))
struct ExecTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// A container that waits, and the plan for a further process in it.
    private func container() throws -> (first: Box, further: SandboxPlan) {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.loops)
            .mounting(.init(type: "tmpfs", source: "tmpfs", destination: "/inner"))
        plan.hostname = "boxed"
        plan.newNamespaces |= UInt32(CLINUX_NEW_NETWORK | CLINUX_NEW_CONTROL_GROUPS)
        let first = try Box(plan, in: folder)
        #expect(try first.message() == .ready)
        var further = plan
        further.root = .joined
        further.newNamespaces = 0
        further.hostname = nil
        further.joins = [
            (CLINUX_NEW_IPC, "ipc"), (CLINUX_NEW_NAMES, "uts"), (CLINUX_NEW_NETWORK, "net"),
            (CLINUX_NEW_CONTROL_GROUPS, "cgroup"), (CLINUX_NEW_MOUNTS, "mnt"),
        ].map { .init(kind: UInt32($0.0), path: "/proc/\(first.process)/ns/\($0.1)") }
        return (first, further)
    }

    private func run(_ arguments: [String], environment: [String] = []) throws -> (code: Int32?, output: String) {
        let (first, further) = try container()
        let box = try Box(
            further.running(arguments[0]), in: folder, arguments: arguments, environment: environment,
            pidNamespaceOf: first.process)
        let code = try box.run()
        return (code, box.output)
    }

    @Test("SBX-16: a further process is in every namespace of the first, and in its root")
    func joins() throws {
        let (first, further) = try container()
        let box = try Box(further, in: folder, pidNamespaceOf: first.process)
        #expect(try box.message() == .ready)
        for kind in ["mnt", "uts", "ipc", "net", "cgroup", "pid", "user"] {
            #expect(try Box.namespace(kind, of: box.process) == Box.namespace(kind, of: first.process), "\(kind)")
        }
        #expect(try box.status("CapEff") == "0000000000000000")
        #expect(try run(["ls", "/"]) == (0, "app.wasm\ninner\n"))
    }

    @Test("SBX-16: a further process ends with the container's first")
    func endsWithFirst() throws {
        let (first, further) = try container()
        let box = try Box(further, in: folder, pidNamespaceOf: first.process)
        try box.start()
        first.signal(SIGKILL)
        #expect(try box.end() == .killed(signal: SIGKILL))
        #expect(try first.end() == .killed(signal: SIGKILL))
    }

    @Test("SBX-17: tools print what their namesakes do")
    func tools() throws {
        try folder.write("text\n", to: "root/file")
        try folder.link("root/link", to: "file")
        #expect(try run(["cat", "/file", "/file"]) == (0, "text\ntext\n"))
        #expect(try run(["echo", "a", "b"]) == (0, "a b\n"))
        #expect(try run(["env"], environment: ["A=1", "B="]) == (0, "A=1\nB=\n"))
        #expect(try run(["id"]) == (0, "uid=0 gid=0 groups=0\n"))
        #expect(try run(["pwd"]) == (0, "/\n"))
        #expect(try run(["true"]) == (0, ""))
        #expect(try run(["false"]) == (1, ""))
        #expect(try run(["ls", "/"]) == (0, "app.wasm\nfile\ninner\nlink\n"))
        let long = try run(["ls", "-l", "/"]).output.split(separator: "\n")
        #expect(long.contains { $0.hasPrefix("-rw-r--r-- 1 0 0        5 ") && $0.hasSuffix(" file") })
        #expect(long.contains { $0.hasPrefix("lrwxrwxrwx") && $0.hasSuffix("link -> file") })
    }

    @Test("SBX-17: what a tool cannot do it says as its namesake does, with the same code")
    func toolErrors() throws {
        #expect(try run(["cat", "/x"]) == (1, "cat: /x: No such file or directory\n"))
        #expect(try run(["ls", "/x"]).output.hasSuffix("ls: /x: No such file or directory\n"))
        #expect(try run(["ls", "-z"]).code == 2)
    }

    @Test("SBX-17: ps lists the container's processes, and leaves no /proc in it")
    func processes() throws {
        let (code, output) = try run(["ps"])
        let lines = output.split(separator: "\n")
        #expect(code == 0)
        #expect(lines.first?.split(separator: " ") == ["PID", "USER", "TIME", "COMMAND"])
        #expect(lines.count == 3)
        #expect(lines[1].split(separator: " ").first == "1")
        #expect(lines[1].hasSuffix(" app.wasm"))
        #expect(lines[2].hasSuffix(" ps"))
        #expect(try run(["ls", "/proc"]).code == 1)
    }

    @Test("SBX-17: a name that is neither a file nor a tool gives 127 and lists the tools")
    func unknownTool() throws {
        let (first, further) = try container()
        let box = try Box(further.running("vi"), in: folder, arguments: ["vi"], pidNamespaceOf: first.process)
        guard case .failed(127, let message) = try box.message() else {
            Issue.record("there is such a tool")
            return
        }
        #expect(message.contains("looked at /usr/bin/vi, vi"))
        #expect(message.hasSuffix("tools that are always there: cat, echo, env, false, id, ls, ps, pwd, true"))
    }

    @Test("SBX-17: a file of the image goes before a tool of that name")
    func fileBeforeTool() throws {
        try folder.write(GuestModules.writes("from the image\n"), to: "root/usr/bin/ls")
        #expect(try run(["ls"]) == (0, "from the image\n"))
    }

    @Test("SBX-18: descriptors reach the child under their numbers, whatever numbers they had, and no others do")
    func descriptors() throws {
        // Two pipes whose numbers are each other's targets.
        let first = try InputPipe()
        let second = try InputPipe()
        try first.fill(with: 0x31)
        try second.fill(with: 0x32)
        let (one, two) = (first.pipe.readEnd.rawValue, second.pipe.readEnd.rawValue)
        var child = ChildProcess(
            path: "/bin/sh",
            arguments: [
                "sh", "-c",
                "a=$(head -c1 /proc/self/fd/\(one)); b=$(head -c1 /proc/self/fd/\(two)); pwd=$(pwd); "
                    + "[ $a$b$pwd = 21/tmp ] && [ ! -e /proc/self/fd/\(first.pipe.writeEnd.rawValue) ]",
            ])
        child.environment = ["PATH=/usr/bin:/bin"]
        child.unblockedSignals = Array(1...31)
        child.workingFolder = "/tmp"
        child.descriptors = [.init(one, as: two), .init(two, as: one)]
        let end = try ProcessEnd(of: child.start(), block: true)
        withExtendedLifetime((first, second)) {}
        #expect(end == .exited(code: 0))
    }

    @Test("SBX-18: a program that cannot be executed is an error of the start, and no process is left")
    func noProgram() throws {
        var child = ChildProcess(path: "/absent", arguments: ["absent"])
        child.newNamespaces = UInt64(CLINUX_NEW_PIDS)
        do throws(SystemCallError) {
            _ = try child.start()
            Issue.record("it was started")
        } catch {
            #expect(error.code == ENOENT)
        }
        let before = getpid()
        var sibling = ChildProcess(path: "/bin/true", arguments: ["true"])
        sibling.pidNamespace = try OwnedDescriptor(opening: "/proc/self/ns/pid", flags: O_RDONLY).release()
        #expect(try ProcessEnd(of: sibling.start(), block: true) == .exited(code: 0))
        #expect(getpid() == before)
        if let descriptor = sibling.pidNamespace { close(descriptor) }
    }
}
