import LinuxSystem
import TestSupport
import Testing

/// `wasm-shim run` as a user runs it. The guest is Tests/Guests/end-to-end.c.
@Suite("run")
struct RunTests {
    @Test("CLI-6, CLI-8: a module gets its name, its arguments, the variables that were given, and nothing else")
    func arguments() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let outcome = try session.run(
            ["run", guest, "--env", "A=1", "--env", "GIVEN", "--", "say", "", "two words"],
            environment: ["GIVEN=from here", "SECRET=x"])
        #expect(outcome.end == .exited(code: 0))
        #expect(
            outcome.output == """
                argument guest.wasm
                argument say
                argument 
                argument two words
                variable A=1
                variable GIVEN=from here

                """)
        #expect(outcome.errors == "")
    }

    @Test("CLI-19: the guest's exit code is wasm-shim's", arguments: [0, 1, 2, 42, 126, 255])
    func exitCode(code: Int32) throws {
        guard let session = try Session(), let guest = Programs.guest, let image = Programs.image else { return }
        #expect(try session.run(["run", guest, "--", "exit", "\(code)"]).end == .exited(code: code))
        #expect(try session.run(["run", image, "--", "exit", "\(code)"]).end == .exited(code: code))
        #expect(session.leftovers == [])
    }

    @Test("CLI-19: a trap is 134, with its reason and a backtrace by name", arguments: ["trap", "sink"])
    func trap(what: String) throws {
        guard let session = try Session(), let guest = Programs.guest, let image = Programs.image else { return }
        for target in [guest, image] {
            let outcome = try session.run(["run", target, "--", what])
            #expect(outcome.end == .exited(code: 134))
            #expect(outcome.errors.hasPrefix("wasm-shim: "))
            #expect(outcome.errors.contains("trap: "))
            #expect(outcome.errors.contains(what == "sink" ? "at sink" : "main"))
        }
        #expect(session.leftovers == [])
    }

    @Test("CLI-12: standard input and output pass through, as files and as pipes")
    func streams() throws {
        guard let session = try Session(), let guest = Programs.guest, let image = Programs.image else { return }
        let lines = (0..<5000).map { "line \($0)\n" }.joined()
        let input = try session.folder.write(lines, to: "input")
        let wasmShim = try #require(Programs.wasmShim)
        for target in [guest, image] {
            #expect(try session.run(["run", target, "--", "copy"], input: input).output == lines)
            let piped = session.folder.path("piped")
            let command =
                "cat \(quoted(input)) | \(quoted(wasmShim)) run \(quoted(target)) -- copy | cat > \(quoted(piped))"
            #expect(shell(command) == 0)
            #expect(try text(of: piped) == lines)
        }
    }

    @Test("CLI-9: a folder is there under its name, to write only without ro")
    func folders() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let data = try session.folder.makeFolder("data")
        try session.folder.write("content", to: "data/file")
        var outcome = try session.run(["run", guest, "--dir", "\(data):/d:ro", "--", "cat", "/d/file"])
        #expect(outcome.output == "content")
        outcome = try session.run(["run", guest, "--dir", "\(data):/d:ro", "--", "write", "/d/new", "x"])
        #expect(outcome.end == .exited(code: 2))
        #expect(!exists("\(data)/new"))
        outcome = try session.run(["run", guest, "--dir", "\(data):/d", "--", "write", "/d/new", "x"])
        #expect(outcome.end == .exited(code: 0))
        #expect(try text(of: "\(data)/new") == "x")
        outcome = try session.run(["run", guest, "--dir", "\(data):/d", "--", "cat", "/d/../input"])
        #expect(outcome.end == .exited(code: 2))
    }

    @Test("CLI-7: #FUNCTION runs another export; a path has no meaning for a module")
    func function() throws {
        guard let session = try Session(), let guest = Programs.guest, let image = Programs.image else { return }
        for target in [guest, image] {
            #expect(try session.run(["run", target, "--entrypoint", "#other"]).output == "the other function\n")
        }
        #expect(try session.run(["run", guest, "--entrypoint", "x.wasm"]).end == .exited(code: 64))
    }

    @Test("CLI-6: a bundle's arguments follow its program; its own come without --")
    func bundle() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let config = """
            {"ociVersion": "1.0.2", "root": {"path": "rootfs", "readonly": true},
             "process": {"args": ["app.wasm", "say", "own"], "cwd": "/bin", "env": ["PATH=/bin", "A=1"]}}
            """
        try session.folder.write(config, to: "bundle/config.json")
        try session.folder.write(try contents(of: guest), to: "bundle/rootfs/bin/app.wasm")
        let bundle = session.folder.path("bundle")
        var outcome = try session.run(["run", bundle])
        #expect(
            outcome.output
                == "argument app.wasm\nargument say\nargument own\n"
                + "variable PATH=/bin\nvariable A=1\nvariable PWD=/bin\n"
        )
        outcome = try session.run(["run", bundle, "--env", "A=2", "--", "write", "/new", "x"])
        #expect(outcome.end == .exited(code: 2))
        #expect(outcome.errors.contains("/new"))
        #expect(!exists(session.folder.path("bundle/rootfs/new")))
        #expect(try session.run(["run", bundle, "--platform", "wasi/wasm"]).end == .exited(code: 64))
    }

    @Test("CLI-15: --verbose says what was found, chosen and given")
    func verbose() throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let outcome = try session.run(["run", "\(image):v1", "--verbose", "--", "say"])
        #expect(outcome.errors.contains("an OCI image layout"))
        #expect(outcome.errors.contains("for wasi/wasm"))
        #expect(outcome.errors.contains("calls _start"))
        #expect(try session.run(["run", "\(image):v1", "--", "say"]).errors == "")
    }

    @Test("LAUNCH-6: what was open in the starter is not open in the guest")
    func inheritance() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let wasmShim = try #require(Programs.wasmShim)
        // A guest program that lists its descriptors: the streams, the plan, the module, and the listing's own.
        // Written by another process: what this one has open for writing, a child just being started has too, and
        // then it could not be executed.
        let lister = session.folder.path("lister")
        let content = "#!/bin/sh\\nexec ls -l /proc/self/fd\\n"
        #expect(shell("printf '\(content)' > \(quoted(lister)) && chmod +x \(quoted(lister))") == 0)
        let secret = try session.folder.write("secret", to: "secret")
        let listing = session.folder.path("listing")
        let command =
            "WASM_SHIM_GUEST=\(quoted(lister)) \(quoted(wasmShim)) run \(quoted(guest)) "
            + "5<\(quoted(secret)) 9<\(quoted(secret)) > \(quoted(listing))"
        #expect(shell(command) == 0)
        let open = try text(of: listing)
        #expect(!open.contains("/secret"))
        #expect(open.contains("wasm-shim plan") && open.contains("guest.wasm"))
    }
}
