import CLinux
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import Sandbox

/// What a hostile image, and a hostile neighbour in the same container, cannot do.
@Suite("Confinement", .serialized, .enabled(if: Box.program != nil))
struct ConfinementTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// The null device: whoever opens this node can open every other.
    private func makeNode(_ path: String) throws {
        let path = folder.path(path)
        try systemCall("make \(path)") { unsafe mknod(path, S_IFCHR | 0o666, 1 << 8 | 3) }
        try systemCall("open it to all") { unsafe chmod(path, 0o666) }
    }

    @Test("SBX-20: device nodes of the root, of its layers, of mounts and of a tmpfs open nothing")
    func deviceNodes() throws {
        let plan = try SandboxPlan.plain(folder, module: GuestModules.opens("data/node"))
        let source = try folder.makeFolder("source")
        try folder.makeFolder("root/data")
        try makeNode("root/data/node")
        #expect(try Box(plan, in: folder).run() == 2)
        try makeNode("source/node")
        let bind = SandboxRoot.Mount(type: "bind", source: source, destination: "/data", isRecursive: true)
        #expect(try Box(plan.mounting(bind), in: folder).run() == 2)
        let layered = plan.changingRoot { $0.layers = [.init(type: "bind", source: $0.path, destination: "/")] }
        #expect(try Box(layered, in: folder).run() == 2)
        let kept = plan.changingRoot {
            $0.mounts = [bind]; $0.hasDevices = true
        }
        #expect(try Box(kept, in: folder).run() == 2)
        try folder.write(GuestModules.opens("dev/null"), to: "root/app.wasm")
        #expect(try Box(kept, in: folder).run() == 0)
    }

    @Test("SBX-20: nobody has the capability to make device nodes")
    func makingNodes() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
        let all: UInt64 = 1 << 27 | 1
        plan.capabilities.bounding = all
        plan.capabilities.permitted = all
        plan.capabilities.effective = all
        plan.capabilities.inheritable = all
        plan.capabilities.ambient = all
        let box = try Box(plan, in: folder)
        #expect(try box.message() == .ready)
        for set in ["CapBnd", "CapPrm", "CapEff", "CapInh", "CapAmb"] {
            #expect(try box.status(set) == "0000000000000001", "\(set)")
        }
    }

    @Test("SBX-21: what is masked is empty, what is read-only stays as it is, and what is not there is passed over")
    func hiddenPaths() throws {
        try folder.write("secret", to: "root/etc/secret")
        try folder.write("secret", to: "root/hidden/secret")
        try folder.write("kept", to: "root/kept/file")
        let plan = try SandboxPlan.plain(folder, module: GuestModules.opens("kept/new", making: true))
            .changingRoot { root in
                root.masked = ["/etc/secret", "/hidden", "/absent/thing"]
                root.readOnlyPaths = ["/kept", "/absent"]
            }
        #expect(try Box(plan, in: folder).run() == 69)
        for (tool, path) in [("cat", "/etc/secret"), ("ls", "/hidden")] {
            let box = try Box(plan.running(tool), in: folder, arguments: [tool, path])
            try box.start()
            _ = try box.end()
            #expect(!box.output.contains("secret"), "\(path)")
        }
        #expect(try text(of: folder.path("root/etc/secret")) == "secret")
    }

    @Test("SBX-22: others in the container can neither trace the process nor look at its files")
    func tracing() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.reads)
        plan.user = 1234
        let box = try Box(plan, in: folder)
        #expect(try box.message() == .ready)
        // The kernel gives the files of a process that may not be traced to root.
        var status = stat()
        #expect(unsafe stat("/proc/\(box.process)/mem", &status) == 0)
        #expect(status.st_uid == 0)
    }

    @Test("SBX-4: nothing is mounted over the root, by its name or by a link")
    func coveringTheRoot() throws {
        let source = try folder.makeFolder("source")
        let plan = try SandboxPlan.plain(folder)
        try folder.link("root/self", to: "/")
        for destination in ["/", "/..", "/self"] {
            let mount = SandboxRoot.Mount(type: "bind", source: source, destination: destination)
            guard case .failed(125, let message) = try Box(plan.mounting(mount), in: folder).message() else {
                Issue.record("\(destination) was mounted on")
                continue
            }
            #expect(message.hasPrefix("mount \(destination): it would cover the root file system"))
        }
    }

    @Test("SBX-2: a working folder is made also below a root that is read-only")
    func workingFolderOfReadOnlyRoot() throws {
        var plan = try SandboxPlan.plain(folder, module: GuestModules.exits(with: 0)).changingRoot {
            $0.isReadOnly = true
        }
        plan.workingFolder = "/some/where"
        #expect(try Box(plan, in: folder).run() == 0)
    }

    @Test("SBX-9: a module in a folder that the user may not enter does not run")
    func closedFolder() throws {
        var plan = try SandboxPlan.plain(folder)
        try folder.write(GuestModules.exits(with: 0), to: "root/private/app.wasm")
        plan.program = .module(candidates: ["/private/app.wasm"], allowsTools: false)
        plan.user = 1234
        #expect(try Box(plan, in: folder).message() == .ready)
        let path = folder.path("root/private")
        #expect(unsafe chmod(path, 0o700) == 0)
        guard case .failed(126, _) = try Box(plan, in: folder).message() else {
            Issue.record("it ran")
            return
        }
    }
}
