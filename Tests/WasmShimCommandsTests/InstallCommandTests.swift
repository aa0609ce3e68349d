import ArgumentParser
import TestSupport
import Testing

@testable import WasmShimCommands

@Suite("install: what it writes")
struct InstallCommandTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func run(_ words: String...) throws {
        let command = try #require(
            try WasmShim.parseAsRoot(["install", "--root", folder.path] + words) as? InstallCommand)
        try command.run()
    }

    @Test(
        "INST-8: the change is shown as a unified diff that patch takes", arguments: ["a\nb\nc\nd\ne", "a\n", "", nil])
    func diff(old: String?) throws {
        let edit = InstallEdit(path: "f", old: old, new: (old ?? "") + "\nnew\n", service: "containerd")
        try folder.write(edit.diff + "\n", to: "diff")
        if let old { try folder.write(old, to: "f") }
        guard isInstalled("patch") else {
            return SharedFolder.skip("the form of diffs", because: "patch is not installed")
        }
        #expect(shell("cd \(quoted(folder.path)) && patch -s -p0 <diff") == 0, "\(edit.diff)")
        #expect(try text(of: folder.path("f")) == edit.new)
    }

    @Test("INST-8: a diff has three lines around what changed")
    func hunk() {
        let lines = (1...9).map { "\($0)\n" }
        let new = lines[..<6].joined() + "x\n" + lines[7...].joined()
        #expect(
            InstallEdit(path: "f", old: lines.joined(), new: new, service: "docker").diff
                == "--- f\n+++ f\n@@ -4,6 +4,6 @@\n 4\n 5\n 6\n-7\n+x\n 8\n 9")
    }

    @Test("INST-9: without --yes somebody has to agree, and where nobody can be asked that is an error")
    func asking() throws {
        let edit = InstallEdit(path: "f", old: nil, new: "x", service: "docker")
        for (answer, isWanted) in [("y", true), ("YES", true), ("", false), ("n", false), (nil, false)] {
            #expect(try InstallCommand.isWanted(edit, yes: false, isTerminal: true) { answer } == isWanted)
        }
        #expect(try InstallCommand.isWanted(edit, yes: true, isTerminal: false) { "n" })
        #expect(throws: InstallError(.notConfirmed, at: "f")) {
            try InstallCommand.isWanted(edit, yes: false, isTerminal: false) { "y" }
        }
    }

    @Test("INST-9: a dry run writes nothing")
    func dryRun() throws {
        try folder.write("version = 2\n", to: "etc/containerd/config.toml")
        try run("--dry-run", "--containerd")
        #expect(try folder.names(in: "etc/containerd") == ["config.toml"])
        #expect(try text(of: folder.path("etc/containerd/config.toml")) == "version = 2\n")
    }

    @Test("INST-10: a file is replaced whole, with its mode; what it was stays beside it; a link stays a link")
    func written() throws {
        try folder.write("version = 2\n", to: "real/config.toml")
        #expect(shell("chmod 640 \(quoted(folder.path("real/config.toml")))") == 0)
        try folder.makeFolder("etc/containerd")
        try folder.link("etc/containerd/config.toml", to: "../../real/config.toml")
        try run("--yes", "--containerd")
        let new = try text(of: folder.path("real/config.toml"))
        #expect(new.hasPrefix("version = 2\n\n#"))
        #expect(linkTarget(of: folder.path("etc/containerd/config.toml")) == "../../real/config.toml")
        #expect(try permissions(of: folder.path("real/config.toml")) == 0o640)
        #expect(try folder.names(in: "real") == ["config.toml", "config.toml.bak"])
        #expect(try text(of: folder.path("real/config.toml.bak")) == "version = 2\n")
        try run("--yes")
        #expect(try text(of: folder.path("real/config.toml")) == new)
    }

    @Test("INST-10: what somebody else wrote meanwhile is not lost")
    func changed() throws {
        let path = try folder.write("theirs", to: "f")
        #expect(throws: InstallError(.changed, at: path)) { try InstallFile(path).replace("old", with: "new") }
        #expect(try text(of: path) == "theirs")
        #expect(throws: InstallError(.changed, at: path)) { try InstallFile(path).replace(nil, with: "new") }
        #expect(try text(of: path) == "theirs")
        #expect(try folder.names().filter { $0.hasPrefix(".") } == [])
    }

    @Test("INST-11: without a choice it is done for what is on the machine")
    func choice() throws {
        let error = try #require(throws: Failure.self) { try run("--yes") }
        #expect(error.exitCode == .notFound)
        try folder.makeFolder("etc/docker")
        try run("--yes")
        #expect(try text(of: folder.path("etc/docker/daemon.json")).contains("wasmshim"))
        #expect(!exists(folder.path("etc/containerd")))
        try run("--yes", "--containerd")
        #expect(try text(of: folder.path("etc/containerd/config.toml")).contains("wasmshim"))
    }
}
