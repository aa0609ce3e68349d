import GuestLaunch
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerProcess

@Suite("GuestProcess")
struct GuestProcessTests {
    private func module(in folder: TestFolder) throws -> GuestProcess {
        let path = try folder.write([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0], to: "app.wasm")
        return GuestProcess(name: "app", module: .file(path: path), arguments: ["app.wasm"])
    }

    /// Closes what a plan holds open and gives the guest's names for its folders.
    private func names(in plan: LaunchPlan) -> [String] {
        _ = OwnedDescriptor(owning: plan.moduleDescriptor)
        for preopen in plan.preopens { _ = OwnedDescriptor(owning: preopen.descriptor) }
        return plan.preopens.map { $0.guestPath + ($0.isReadOnly ? " ro" : "") }
    }

    @Test("CLI-10: the working folder comes before the root, the root before the others")
    func order() throws {
        let folder = try TestFolder()
        try folder.makeFolder("root/work")
        var process = try module(in: folder)
        process.root = .init(hostPath: folder.path("root"), guestPath: "/")
        process.folders = [.init(hostPath: folder.path, guestPath: "/data", isReadOnly: true)]
        process.workingFolder = "/work"
        #expect(names(in: try process.plan()) == [".", "/", "/data ro"])
    }

    @Test("CLI-8: PWD says where the guest works, unless something else does")
    func workingFolderVariable() throws {
        let folder = try TestFolder()
        try folder.makeFolder("root/work")
        var process = try module(in: folder)
        process.root = .init(hostPath: folder.path("root"), guestPath: "/")
        process.environment = ["A=1"]
        var plan = try process.plan()
        #expect(plan.environment == ["A=1"])
        _ = names(in: plan)
        process.workingFolder = "/work"
        plan = try process.plan()
        #expect(plan.environment == ["A=1", "PWD=/work"])
        _ = names(in: plan)
        process.environment = ["PWD=/x"]
        plan = try process.plan()
        #expect(plan.environment == ["PWD=/x"])
        _ = names(in: plan)
    }

    @Test("CLI-11: the working folder lies in the folder with the longest name, and has its rights")
    func workingFolderInFolder() throws {
        let folder = try TestFolder()
        try folder.makeFolder("root/data/in")
        try folder.makeFolder("other/in")
        var process = try module(in: folder)
        process.root = .init(hostPath: folder.path("root"), guestPath: "/")
        process.folders = [.init(hostPath: folder.path("other"), guestPath: "/data", isReadOnly: true)]
        process.workingFolder = "/data/in"
        let plan = try process.plan()
        #expect(plan.preopens[0].isReadOnly)
        #expect(try readLink(at: "/proc/self/fd/\(plan.preopens[0].descriptor)").hasSuffix("/other/in"))
        _ = names(in: plan)
    }

    @Test("CLI-11: a working folder that no folder of the guest holds is refused")
    func workingFolderOutside() throws {
        let folder = try TestFolder()
        var process = try module(in: folder)
        process.folders = [.init(hostPath: folder.path, guestPath: "/data")]
        process.workingFolder = "/database"
        let error = try #require(throws: ContainerError.self) { try process.plan() }
        #expect(error.problem == .workingFolderOutside)
    }

    @Test("CLI-11: a link in the working folder's path leads nowhere outside the root")
    func workingFolderLink() throws {
        let folder = try TestFolder()
        try folder.makeFolder("root")
        try folder.link("root/out", to: "/etc")
        try folder.link("root/up", to: "../..")
        var process = try module(in: folder)
        process.root = .init(hostPath: folder.path("root"), guestPath: "/")
        process.workingFolder = "/out"
        #expect(throws: ContainerError.self) { try process.plan() }
        // As in a container: above the root is the root.
        process.workingFolder = "/up"
        let plan = try process.plan()
        #expect(try readLink(at: "/proc/self/fd/\(plan.preopens[0].descriptor)").hasSuffix("/root"))
        _ = names(in: plan)
    }

    @Test(
        "CLI-4: the first bytes tell what a file is",
        arguments: [
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0], ModuleKind.module),
            ([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], .component),
            ([0, 0x61, 0x73, 0x6D, 2, 0, 0, 0], .unknownVersion(2)),
            ([0, 0x61, 0x73, 0x6D], .unknown),
            ([], .empty),
            (Array("  ;; a comment\n(; and (; more ;) (module)".utf8), .text),
            (Array("(component)".utf8), .text),
            (Array("(modern)".utf8).dropLast(4), .unknown),
            ([0x7F, 0x45, 0x4C, 0x46, 2], .elf),
            (Array("#!/bin/sh".utf8), .script),
            ([0x1F, 0x8B, 8], .gzip),
            ([0x28, 0xB5, 0x2F, 0xFD, 0], .zstd),
            ([UInt8](repeating: 65, count: 257) + Array("ustar".utf8), .tar),
        ] as [([UInt8], ModuleKind)])
    func kinds(bytes: [UInt8], kind: ModuleKind) {
        #expect(ModuleKind(firstBytes: bytes) == kind)
    }
}
