import TestSupport
import Testing

@testable import WasmShimCommands

@Suite("install: containerd's configuration")
struct InstallContainerdTests {
    private let folder: TestFolder
    private let file = "etc/containerd/config.toml"

    init() throws { folder = try TestFolder() }

    private func edit(_ text: String? = nil) throws -> InstallEdit? {
        if let text { try folder.write(text, to: file) }
        return try InstallContainerd(root: folder.path).edit()
    }

    /// What goes before it where no runtime is named yet.
    private static let first = """

        # What containerd has by itself as long as no runtime is named.
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
          runtime_type = "io.containerd.runc.v2"

        """

    private static let second = """

        # WebAssembly containers: pods of a RuntimeClass with the handler "wasmshim".
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.wasmshim]
          runtime_type = "io.containerd.wasmshim.v1"

        """

    @Test("INST-1: without a configuration one is made that every containerd reads")
    func missing() throws {
        let edit = try #require(try edit())
        #expect(edit.old == nil)
        #expect(edit.path == folder.path(file))
        #expect(edit.new == "version = 2\n" + Self.first + Self.second)
        #expect(try !InstallContainerd(root: folder.path).isInstalled())
    }

    @Test("INST-2: the runtime is added at the end, and every other byte stays")
    func added() throws {
        let text = "# mine\r\nversion = 2\n\n\n [plugins . 'io.containerd.grpc.v1.cri']\n\tsandbox_image='a'#x"
        let edit = try #require(try edit(text))
        #expect(edit.old == text)
        #expect(edit.new == text + "\n" + Self.first + Self.second)
        #expect(edit.service == "containerd")
    }

    @Test(
        "INST-3: the runtime's table is where that version of the configuration has it",
        arguments: [
            ("", "[plugins.cri.containerd.runtimes.wasmshim]"),
            ("disabled_plugins = []\n", "[plugins.cri.containerd.runtimes.wasmshim]"),
            ("version = 1\n", "[plugins.cri.containerd.runtimes.wasmshim]"),
            ("version = 2\n", "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.wasmshim]"),
            ("version = 3\n", "[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.wasmshim]"),
            ("'version'=4\n", "[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.wasmshim]"),
        ])
    func versions(text: String, header: String) throws {
        let edit = try #require(try edit(text))
        #expect(edit.new.hasPrefix(text))
        #expect(edit.new.contains("\n\(header)\n"))
    }

    @Test(
        "INST-13: runc is named as well where no runtime was, because containerd 1 forgets its own over the first one",
        arguments: [
            ("version = 2\n", true), ("", true),
            ("version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd]\n", true),
            ("version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.runc]\n", false),
            ("version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.kata]\n", false),
            ("version = 3\n", false),
        ])
    func builtInRuntime(text: String, isNamed: Bool) throws {
        let added = try #require(try edit(text)).new.dropFirst(text.count)
        #expect(added.contains("runtimes.runc]") == isNamed)
        #expect(added.contains("runtimes.wasmshim]"))
    }

    @Test("INST-4: what is there already is not added again", arguments: [1, 2, 3])
    func idempotent(version: Int) throws {
        let first = try #require(try edit("version = \(version)\n"))
        #expect(try edit(first.new) == nil)
        #expect(try InstallContainerd(root: folder.path).isInstalled())
    }

    @Test("INST-4: it is found however its table is written")
    func otherForms() throws {
        let type = "'io.containerd.wasmshim.v1'"
        #expect(
            try edit(
                "version=2\nplugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.wasmshim.runtime_type=\(type)")
                == nil)
        #expect(
            try edit(
                "version=2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes]\nwasmshim.runtime_type=\(type)")
                == nil)
    }

    @Test("INST-5: version 3 gets a file of its own where such files are imported")
    func dropIn() throws {
        try folder.makeFolder("etc/containerd/conf.d")
        for imports in ["\"/etc/containerd/conf.d/*.toml\"", "'/nowhere/*.toml', 'conf.d/*.toml',"] {
            let edit = try #require(try edit("version = 3\nimports = [\(imports)]\n"))
            #expect(edit.old == nil)
            #expect(edit.path.hasSuffix("/etc/containerd/conf.d/wasmshim.toml"))
            #expect(edit.new.hasPrefix("version = 3\n"))
        }
        let dropIn = try #require(try edit(nil))
        try folder.write(dropIn.new, to: "etc/containerd/conf.d/wasmshim.toml")
        #expect(try edit(nil) == nil)
    }

    @Test("INST-5: version 2 gets none, because containerd 1 forgets the rest of the plugin's settings over it")
    func noDropIn() throws {
        try folder.makeFolder("etc/containerd/conf.d")
        let text = "version = 2\nimports = ['/etc/containerd/conf.d/*.toml']\n"
        #expect(try edit(text)?.path == folder.path(file))
        // Where one has settings of the plugin already, it is the one that counts.
        let other = "version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nsandbox_image = 'a'\n"
        try folder.write(other, to: "etc/containerd/conf.d/a.toml")
        try folder.write("version = 2\n", to: "etc/containerd/conf.d/b.toml")
        let edit = try #require(try edit(text))
        #expect(edit.path == folder.path("etc/containerd/conf.d/a.toml"))
        #expect(edit.new == other + Self.first + Self.second)
        try folder.write(edit.new, to: "etc/containerd/conf.d/a.toml")
        #expect(try self.edit(text) == nil)
    }

    @Test(
        "INST-6: a file that is broken, or cannot be added to, is refused with the reason and its line",
        arguments: [
            ("version = 2\n[plugins\n", "line 2"), ("version = 2\nx = \"a\n", "line 2"), ("a = [1,\n2\n", "line 3"),
            ("a = 1\na = 2\n", "line 2: the key a is defined twice"), ("[a]\n[a]\n", "the table a is defined twice"),
            ("a = \n", "line 1: expected a value"), ("a 1\n", "line 1"), ("a = 1 b\n", "line 1"), ("= 1\n", "line 1"),
            ("a = \"\\q\"\n", "an unknown escape"), ("version = '2'\n", "its version"),
            ("version = 9\n", "its version"),
            ("version = 2\nplugins = {}\n", "plugins is written in a way"),
            (
                "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".containerd]\nruntimes = { a = { b = 1 } }\n",
                "runtimes is written in a way"
            ),
            (
                "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.containerd.runtimes.wasmshim]\nruntime_type='other'\n",
                "has a runtime wasmshim already, of type \"other\""
            ),
        ])
    func refused(text: String, reason: String) throws {
        let error = try #require(throws: InstallError.self) { try edit(text) }
        #expect(error.place == folder.path(file))
        #expect(error.description.contains(reason), "\(error)")
        #expect(try TestSupport.text(of: folder.path(file)) == text)
    }

    @Test("INST-6: bytes that are not text are refused")
    func bytes() throws {
        try folder.write([0x61, 0xFF], to: file)
        #expect(throws: InstallError.self) { try edit(nil) }
    }

    @Test(
        "INST-12: a plugin for Kubernetes that is turned off is noticed",
        arguments: [
            ("disabled_plugins = ['cri']\n", true), ("disabled_plugins = []\n", false), ("", false),
            ("version = 2\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n", true),
            ("version = 3\ndisabled_plugins = ['a', 'io.containerd.cri.v1.runtime']\n", true),
            ("version = 3\ndisabled_plugins = ['aufs']\n", false),
        ])
    func disabled(text: String, isDisabled: Bool) throws {
        try folder.write(text, to: file)
        #expect(try InstallContainerd(root: folder.path).isPluginDisabled() == isDisabled)
    }

    @Test("INST-2: all of TOML's forms are read")
    func toml() throws {
        let text = #"""
            # a comment
            version = 2 # another
            "quoted \u0041.b" . 'lit.eral' = [ "x", 'y', # in a list
              { z = 1, w = [ [], [1.5, -2] ] },
            ]
            long = """
            [not.a.table] = "
            \"\"\"" """
            raw = '''
            [nor.this]
            \''''
            date = 1979-05-27T07:32:00Z
            when = true
            hex = 0xFF
            [[list]]
            a = 1
            [list.sub]
            [[list]]
            a = 2
            [list.sub]
            [ empty ]
            [plugins."io.containerd.grpc.v1.cri"]
            containerd.snapshotter = "overlayfs"
            """#
        let toml = try InstallTOML(text)
        #expect(toml.values[["quoted A.b", "lit.eral"]] == .list([.string("x"), .string("y"), .inlineTable]))
        #expect(toml.tableLists == [["list"]])
        #expect(toml.tables == [["list", "sub"], ["empty"], ["plugins", "io.containerd.grpc.v1.cri"]])
        #expect(toml.values[["version"]] == .integer(2))
        #expect(toml.values[["list", "a"]] == .integer(2))
        // Dotted keys make tables that a header may add tables to.
        #expect(try edit(text)?.new == text + "\n" + Self.first + Self.second)
    }

    @Test("INST-2: containerd reads what was written")
    func containerd() throws {
        guard isInstalled("containerd") else {
            SharedFolder.skip("install with containerd", because: "containerd is not installed")
            return
        }
        for text in ["version = 2\n[plugins.'io.containerd.grpc.v1.cri']\nsandbox_image = 'keep/me:1'\n", ""] {
            let edit = try #require(try edit(text))
            try folder.write(edit.new, to: file)
            let dump = folder.path("dump")
            #expect(shell("containerd --config \(quoted(folder.path(file))) config dump >\(quoted(dump)) 2>&1") == 0)
            let written = try TestSupport.text(of: dump)
            #expect(written.contains("runtimes.wasmshim]"), "\(written)")
            #expect(written.contains("runtimes.runc]"), "\(written)")
            #expect(
                written.contains("runtime_type = \"io.containerd.wasmshim.v1\"")
                    || written.contains("'io.containerd.wasmshim.v1'"))
            if text.contains("keep") { #expect(written.contains("keep/me:1")) }
        }
    }
}
