internal import OCIBundle
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct BundleTests {
    static let module: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]

    /// A bundle folder whose configuration is `config`, or a plain one with `process` and `mounts`.
    private func folder(
        _ config: String? = nil, args: String = #"["/app.wasm"]"#, cwd: String = "/", env: String = "[]",
        mounts: String = "[]"
    ) throws -> TestFolder {
        let folder = try TestFolder()
        let plain = """
            {"ociVersion":"1.0.2","process":{"args":\(args),"env":\(env),"cwd":"\(cwd)"},"root":{"path":"rootfs"},
            "mounts":\(mounts)}
            """
        try folder.write(config ?? plain, to: "config.json")
        try folder.write(BundleTests.module, to: "rootfs/app.wasm")
        return folder
    }

    private func modulePath(_ folder: TestFolder) throws -> String {
        let bundle = try Bundle(at: folder.path)
        return try bundle.openModule(in: try bundle.openRoot()).path
    }

    @Test("BUN-18: a bundle gives its module, arguments without the function, environment and folders")
    func good() throws {
        let folder = try folder(args: #"["/app.wasm#run","x"]"#, env: #"["A=1"]"#)
        let bundle = try Bundle(at: folder.path)
        #expect(bundle.arguments == ["/app.wasm", "x"])
        #expect(bundle.entrypoint.function == "run")
        #expect(bundle.environment == ["A=1"])
        #expect(bundle.rootPath == folder.path("rootfs"))
        #expect(!bundle.isRootReadOnly)
        #expect(try modulePath(folder) == "/app.wasm")
    }

    @Test(
        "BUN-18: what a wasm program cannot be started without is asked for by name",
        arguments: [
            (#"{"ociVersion":"2.0.0"}"#, "ociVersion"), (#"{"ociVersion":"1.0.0"}"#, "no process"),
            (#"{"process":{"args":["a"],"cwd":"/"}}"#, "ociVersion"),
            (#"{"ociVersion":"1.0.0","process":{"cwd":"/"},"root":{"path":"r"}}"#, "process.args"),
            (#"{"ociVersion":"1.0.0","process":{"args":[],"cwd":"/"},"root":{"path":"r"}}"#, "process.args"),
            (#"{"ociVersion":"1.0.0","process":{"args":["a"],"cwd":"b"},"root":{"path":"r"}}"#, "process.cwd"),
            (#"{"ociVersion":"1.0.0","process":{"args":["a"],"cwd":"/"}}"#, "no root"),
            (
                #"{"ociVersion":"1.0.0","process":{"args":["a"],"cwd":"/","env":["A"]},"root":{"path":"r"}}"#,
                "NAME=value"
            ),
            (#"{"ociVersion":"1.0.0","process":{"args":["a\u0000"],"cwd":"/"},"root":{"path":"r"}}"#, "zero byte"),
            (#"{"ociVersion":"1.0.0","process":{"args":"a","cwd":"/"},"root":{"path":"r"}}"#, "process.args"),
            ("[]", "is not an object"), ("{", "not valid JSON"),
        ])
    func incomplete(_ config: String, reason: String) throws {
        let folder = try folder(config)
        let error = #expect(throws: BundleError.self) { try Bundle(at: folder.path) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.failureKind == .failed)
    }

    @Test("BUN-18: a folder that is absent is not found; one without config.json is no bundle; nor is a pipe a file")
    func absent() throws {
        #expect(throws: BundleError(.noFolder, at: "/no/such")) { try Bundle(at: "/no/such") }
        let empty = try TestFolder()
        #expect(throws: BundleError(.noConfiguration, at: empty.path)) { try Bundle(at: empty.path) }
        #expect(shell("mkfifo \(quoted(empty.path("config.json")))") == 0)
        #expect(throws: BundleError(.notARegularFile, at: empty.path("config.json"))) { try Bundle(at: empty.path) }
    }

    @Test(
        "BUN-7: a bare name is looked for in PATH and then in the working folder; a path is relative to that",
        arguments: [
            ("tool.wasm", "/work", "/usr/bin/tool.wasm"), ("other.wasm", "/work", "/work/other.wasm"),
            ("sub/x.wasm", "/work", "/work/sub/x.wasm"), ("./other.wasm", "/work", "/work/./other.wasm"),
        ])
    func lookUp(program: String, cwd: String, expected: String) throws {
        let folder = try folder(args: "[\"\(program)\"]", cwd: cwd, env: #"["PATH=/bin:/usr/bin"]"#)
        for file in ["usr/bin/tool.wasm", "work/tool.wasm", "work/other.wasm", "work/sub/x.wasm"] {
            try folder.write(BundleTests.module, to: "rootfs/\(file)")
        }
        #expect(try modulePath(folder) == expected)
    }

    @Test("BUN-7: a program that is nowhere is not found, and the places are listed")
    func notFound() throws {
        let folder = try folder(args: #"["no.wasm"]"#, env: #"["PATH=/bin"]"#)
        let error = #expect(throws: BundleError.self) { try modulePath(folder) }
        #expect(error?.problem == .noModule("no.wasm", tried: ["/bin/no.wasm", "//no.wasm"]))
        #expect(error?.failureKind == .notFound)
    }

    @Test("BUN-6: links are followed inside the root and never out of it")
    func links() throws {
        let folder = try folder(args: #"["/link"]"#)
        try folder.write(BundleTests.module, to: "app.wasm")
        try folder.link("rootfs/link", to: "/dir/../app.wasm")
        try folder.makeFolder("rootfs/dir")
        #expect(try modulePath(folder) == "/link")
        for target in ["../../config.json", "/etc/passwd", "link"] {
            #expect(shell("ln -sfn \(quoted(target)) \(quoted(folder.path("rootfs/link")))") == 0)
            #expect(throws: BundleError.self) { try modulePath(folder) }
        }
        // Above the root there is only the root.
        #expect(shell("ln -sfn ../../app.wasm \(quoted(folder.path("rootfs/link")))") == 0)
        #expect(shell("rm \(quoted(folder.path("rootfs/app.wasm")))") == 0)
        #expect(throws: BundleError.self) { try modulePath(folder) }
    }

    @Test(
        "BUN-21: what is no module is refused, and said to be what it is",
        arguments: [
            (": > F", "an empty file"), ("printf '(module)' > F", "text"), ("printf '#!/bin/sh' > F", "a script"),
            ("printf '\\177ELF....' > F", "ELF"), ("printf '\\037\\213....' > F", "gzip"),
            ("echo hello > F", "something else"),
            ("mkdir F", "not a regular file"), ("mkfifo F", "not a regular file"),
        ])
    func notAModule(_ command: String, found: String) throws {
        let folder = try folder(args: #"["/x"]"#)
        #expect(shell("cd \(quoted(folder.path("rootfs"))) && \(command.replacing(" F", with: " x"))") == 0)
        let error = #expect(throws: BundleError.self) { try modulePath(folder) }
        #expect(error?.description.contains(found) == true, "\(error?.description ?? "")")
        #expect(error?.failureKind == .notRunnable)
    }

    @Test("BUN-20: bind mounts of folders and files are shown, the last of ro and rw counts, and others are listed")
    func mounts() throws {
        let folder = try folder(
            mounts: """
                [{"destination":"/data","type":"bind","source":"data","options":["rbind","ro"]},
                {"destination":"/rw","source":"/tmp","options":["bind","ro","rw"]},
                {"destination":"/file","type":"bind","source":"config.json"},
                {"destination":"/dev/null","type":"bind","source":"/dev/null"},
                {"destination":"/proc","type":"proc","source":"proc"}]
                """)
        try folder.makeFolder("data")
        let bundle = try Bundle(at: folder.path)
        #expect(
            bundle.mounts == [
                BindMount(source: folder.path("data"), destination: "/data", isReadOnly: true),
                BindMount(source: "/tmp", destination: "/rw", isReadOnly: false),
                BindMount(source: folder.path("config.json"), destination: "/file", isReadOnly: false),
            ])
        #expect(bundle.ignoredMounts == ["/dev/null", "/proc"])
    }

    @Test("BUN-20: a mount that shows nothing, or has no place, is refused")
    func badMounts() throws {
        let absent = try folder(mounts: #"[{"destination":"/d","type":"bind","source":"/no/such"}]"#)
        let error = #expect(throws: BundleError.self) { try Bundle(at: absent.path) }
        #expect(error?.problem == .noMountSource("/no/such"))
        let relative = try folder(mounts: #"[{"destination":"d","type":"bind","source":"/tmp"}]"#)
        #expect(throws: BundleError.self) { try Bundle(at: relative.path) }
    }

    @Test("BUN-22: the working folder is one of the root's, wherever its path leads")
    func workingFolder() throws {
        let inside = try folder(cwd: "/../../work")
        try inside.makeFolder("rootfs/work")
        let bundle = try Bundle(at: inside.path)
        _ = try bundle.openWorkingFolder(in: try bundle.openRoot())
        let other = try folder(cwd: "/etc")
        let absent = try Bundle(at: other.path)
        let error = #expect(throws: BundleError.self) { _ = try absent.openWorkingFolder(in: try absent.openRoot()) }
        #expect(error?.problem == .noWorkingFolder("/etc"))
    }

    @Test("BUN-23: what a person says goes over the configuration; arguments keep the program")
    func overriding() throws {
        let folder = try folder(args: #"["/app.wasm","x"]"#, env: #"["A=1"]"#)
        let bundle = try Bundle(at: folder.path)
        let overrides = ProcessOverrides(arguments: ["y"], environment: ["A=2"], workingFolder: "/tmp")
        let changed = try bundle.overriding(overrides)
        #expect(changed.arguments == ["/app.wasm", "y"])
        #expect(changed.environment == ["A=2"])
        #expect(changed.process.cwd == "/tmp")
        #expect(try bundle.overriding(ProcessOverrides(entrypoint: "/b.wasm#f")).arguments == ["/b.wasm"])
        #expect(try bundle.overriding(ProcessOverrides()) == bundle)
        #expect(throws: BundleError.self) { try bundle.overriding(ProcessOverrides(entrypoint: "#f")) }
    }
}
