import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Sandbox

/// What a box shows of the host, and what it keeps out of reach.
@Suite("Root of a box", .serialized, .enabled(if: Box.program != nil))
struct RootTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// What a tool prints in a box.
    private func printed(_ plan: SandboxPlan, _ arguments: String...) throws -> String {
        let box = try Box(plan.running(arguments[0]), in: folder, arguments: arguments)
        let code = try box.run()
        return code == 0 ? box.output : "\(box.output)(\(code ?? -1))"
    }

    @Test("SBX-1: a module runs in its box, started when it is told to and not before")
    func hello() throws {
        let box = try Box(.plain(folder, module: GuestModules.writes("hello\n")), in: folder)
        #expect(try box.message() == .ready)
        usleep(50_000)
        #expect(box.output == "")
        try box.say(.start)
        #expect(try box.end() == .exited(code: 0))
        #expect(box.output == "hello\n")
    }

    @Test("SBX-1: nothing of a module runs before the start, its start function neither")
    func startFunction() throws {
        let box = try Box(.plain(folder, module: GuestModules.trapsInStartFunction), in: folder)
        #expect(try box.run() == 134)
        #expect(box.output.contains("unreachable"))
    }

    @Test("SBX-2: the root is what the plan says and nothing else of the host")
    func onlyTheRoot() throws {
        let plan = try SandboxPlan.plain(folder, module: GuestModules.loops)
        try folder.write("outside", to: "secret")
        #expect(try printed(plan, "ls", "-a", "/") == "app.wasm\n")
        #expect(try printed(plan, "cat", "/../../secret").contains("No such file or directory"))
    }

    @Test("SBX-2: nothing that a box mounts can be seen on the host, nor is left when it is gone")
    func nothingOnTheHost() throws {
        let before = try text(of: "/proc/self/mounts")
        let plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
            .mounting(.init(type: "tmpfs", source: "tmpfs", destination: "/tmp"))
        let pipe = try InputPipe()
        let box = try Box(plan, in: folder, input: pipe)
        try box.start()
        #expect(try text(of: "/proc/\(box.process)/mounts").contains(" /tmp tmpfs "))
        let path = folder.path
        #expect(try !text(of: "/proc/self/mounts").contains(path))
        box.signal(SIGKILL)
        _ = try box.end()
        #expect(try text(of: "/proc/self/mounts") == before)
    }

    @Test("SBX-3: a folder of the host is shown, and may be changed unless its mount is read-only")
    func bindMounts() throws {
        try folder.write("shared", to: "data/file")
        let data = folder.path("data")
        for (flags, expected) in [(0, 0), (MountOptions.readOnly, 69)] as [(UInt64, Int32)] {
            let plan = try SandboxPlan.plain(folder, module: GuestModules.opens("mnt/data/new\(flags)", making: true))
                .mounting(.init(type: "bind", source: data, destination: "/mnt/data", flags: flags, isRecursive: true))
            #expect(try printed(plan, "cat", "/mnt/data/file") == "shared")
            // errno: 69 is rofs.
            #expect(try Box(plan, in: folder).run() == expected)
        }
        #expect(try folder.names(in: "data") == ["file", "new0"])
    }

    @Test("SBX-3: a file of the host is shown in place of one that is there, or of none")
    func fileBinds() throws {
        try folder.write("nameserver 192.0.2.1\n", to: "resolv.conf")
        let source = folder.path("resolv.conf")
        for there in [false, true] {
            let plan = try SandboxPlan.plain(folder)
                .mounting(.init(type: "bind", source: source, destination: "/etc/resolv.conf"))
            if there { try folder.write("old", to: "root/etc/resolv.conf") }
            #expect(try printed(plan, "cat", "/etc/resolv.conf") == "nameserver 192.0.2.1\n")
            #expect(try contents(of: folder.path("root/etc/resolv.conf")) == Array((there ? "old" : "").utf8))
        }
    }

    @Test("SBX-4: links in an image lead a mount's destination nowhere but into the root")
    func linksStayInside() throws {
        try folder.makeFolder("outside")
        try folder.write("shown", to: "data/file")
        let data = folder.path("data")
        let outside = folder.path("outside")
        let root = try folder.makeFolder("root/sub")
        #expect(!root.isEmpty)
        try folder.link("root/absolute", to: outside)
        try folder.link("root/sub/climbing", to: "../../../../../../../../../../..\(outside)")
        for link in ["/absolute", "/sub/climbing"] {
            let plan = try SandboxPlan.plain(folder)
                .mounting(.init(type: "bind", source: data, destination: "\(link)/here"))
            #expect(try printed(plan, "cat", "\(link)/here/file") == "shown")
            #expect(try folder.names(in: "outside") == [])
        }
        #expect(exists(folder.path("root\(outside)/here")))
    }

    @Test("SBX-4: a link to nothing is followed inside the root, and a circle of links is refused")
    func danglingLinks() throws {
        try folder.write("shown", to: "file")
        let source = folder.path("file")
        try folder.makeFolder("root/etc")
        try folder.link("root/etc/resolv.conf", to: "../run/resolve/stub")
        try folder.link("root/a", to: "b")
        try folder.link("root/b", to: "a")
        let plan = try SandboxPlan.plain(folder)
        let mount = SandboxRoot.Mount(type: "bind", source: source, destination: "/etc/resolv.conf")
        #expect(try printed(plan.mounting(mount), "cat", "/run/resolve/stub") == "shown")
        let circle = try Box(plan.mounting(.init(type: "bind", source: source, destination: "/a")), in: folder)
        guard case .failed(125, let message) = try circle.message() else {
            Issue.record("a circle was mounted on")
            return
        }
        #expect(message.hasPrefix("mount /a: "))
    }

    @Test("SBX-5: a tmpfs is empty, has the mode of the folder below it, and is gone with the box")
    func temporaryFileSystem() throws {
        let plan = try SandboxPlan.plain(folder, module: GuestModules.opens("tmp/new", making: true))
            .mounting(.init(type: "tmpfs", source: "tmpfs", destination: "/tmp", flags: 6, data: "size=64k"))
        try folder.write("hidden", to: "root/tmp/old")
        try setMode(0o1777, of: folder.path("root/tmp"))
        #expect(try printed(plan, "ls", "/tmp") == "")
        #expect(try printed(plan, "ls", "-l", "/").contains("drwxrwxrwt"))
        #expect(try Box(plan, in: folder).run() == 0)
        #expect(try folder.names(in: "root/tmp") == ["old"])
    }

    @Test("SBX-6: a read-only root refuses every change, what is mounted in it decides for itself")
    func readOnlyRoot() throws {
        let plan = try SandboxPlan.plain(folder, module: GuestModules.opens("new", making: true))
            .changingRoot { root in
                root.isReadOnly = true
                root.mounts = [.init(type: "tmpfs", source: "tmpfs", destination: "/tmp")]
            }
        #expect(try Box(plan, in: folder).run() == 69)
        try folder.write(GuestModules.opens("tmp/new", making: true), to: "root/app.wasm")
        #expect(try Box(plan, in: folder).run() == 0)
    }

    @Test("SBX-6: layers are put on each other as an overlay, and the lower ones stay as they are")
    func overlay() throws {
        let lower = try folder.makeFolder("lower")
        try folder.write(GuestModules.opens("made", making: true), to: "lower/app.wasm")
        // An overlay cannot lie on another.
        let options = try ["upper", "work"].map { try folder.makeFolder("over/\($0)") }
        let plan = try SandboxPlan.plain(folder).changingRoot { root in
            root.layers = [
                .init(
                    type: "overlay", source: "overlay", destination: "/",
                    data: "lowerdir=\(lower),upperdir=\(options[0]),workdir=\(options[1])")
            ]
        }
        #expect(try Box(plan, in: folder).run() == 0)
        #expect(try folder.names(in: "lower") == ["app.wasm"])
        #expect(try folder.names(in: "over/upper") == ["made"])
        #expect(try folder.names(in: "root") == [])
    }

    @Test("SBX-6: an image of more layers than mount options have room for is mounted as well")
    func manyLayers() throws {
        let long = String(repeating: "x", count: 60)
        for layer in 0..<80 { try folder.write("\(layer)", to: "\(long)/\(layer)/fs/file\(layer)") }
        let lower = (0..<80).map { folder.path("\(long)/\($0)/fs") }.joined(separator: ":")
        #expect(lower.utf8.count > MountData.limit)
        let plan = try SandboxPlan.plain(folder).changingRoot { root in
            root.layers = [.init(type: "overlay", source: "overlay", destination: "/", data: "lowerdir=\(lower)")]
        }
        #expect(try printed(plan, "cat", "/file0", "/file79") == "079")
    }

    @Test("SBX-7: /dev has its six devices and no other")
    func devices() throws {
        let plan = try SandboxPlan.plain(folder).changingRoot { $0.hasDevices = true }
        #expect(try printed(plan, "ls", "/dev") == "full\nnull\nrandom\ntty\nurandom\nzero\n")
        #expect(try printed(plan, "ls", "-l", "/dev/null").hasPrefix("crw-rw-rw- 1 0 0     1, 3 "))
        #expect(try printed(plan, "cat", "/dev/null") == "")
    }

    @Test("SBX-8: what cannot be mounted is told: which mount, why, and what to do")
    func failingMount() throws {
        let plan = try SandboxPlan.plain(folder)
            .mounting(.init(type: "bind", source: folder.path("absent"), destination: "/data"))
        let box = try Box(plan, in: folder)
        #expect(
            try box.message()
                == .failed(
                    code: 125,
                    message: "mount /data: its source \"\(folder.path("absent"))\" is not there; "
                        + "make it, or take it from the container's configuration"))
        #expect(try box.end() == .exited(code: 125))
        let unknown = try Box(
            .plain(folder).mounting(.init(type: "nofs", source: "nofs", destination: "/data")), in: folder)
        guard case .failed(125, let message) = try unknown.message() else {
            Issue.record("a file system that there is not was mounted")
            return
        }
        #expect(message.hasPrefix("mount /data: mount nofs: No such device"))
    }

    @Test("SBX-2: a working folder that the image does not have is made")
    func workingFolder() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.opens("here", making: true))
        plan.workingFolder = "/made/here"
        #expect(try printed(plan, "pwd") == "/made/here\n")
        // The first preopen is the working folder.
        #expect(try Box(plan, in: folder).run() == 0)
        #expect(try folder.names(in: "root/made/here") == ["here"])
    }
}
