import LinuxSystem
import TestSupport
import Testing

/// What a user sees when something is wrong.
@Suite("Errors")
struct ErrorTests {
    @Test(
        "ERR-1, ERR-2: an error is one line with what, where and what to do, and has its code",
        arguments: [
            (["run", "nothing.wasm"], 127, "nothing.wasm"),
            (["run", "text.wat"], 126, "text"),
            (["run", "component.wasm"], 126, "component"),
            (["run", "broken.wasm"], 126, "broken.wasm"),
            (["run", "empty"], 126, "oci-layout"),
            (["run", "app.wasm", "--dir", "nowhere:/x"], 127, "nowhere"),
            (["run", "app.wasm", "--workdir", "/x"], 125, "--dir"),
            (["run", "layout"], 125, "index.json"),
            (["run", "bundle"], 127, "gone.wasm"),
            (["run", "archive.tar"], 125, "archive.tar"),
            (["image", "build", "text.wat", "-o", "new"], 126, "text.wat"),
            (["image", "build", "nothing.wasm", "-o", "new"], 127, "nothing.wasm"),
            (["image", "build", "app.wasm", "-o", "empty/file/new"], 125, "empty/file"),
            (["image", "inspect", "app.wasm"], 126, "image layout"),
        ] as [([String], Int32, String)])
    func codes(arguments: [String], code: Int32, word: String) throws {
        guard let session = try Session() else { return }
        let folder = session.folder
        let names = [
            "app.wasm", "component.wasm", "broken.wasm", "text.wat", "empty", "layout", "bundle", "archive.tar",
        ]
        try folder.write([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0], to: "app.wasm")
        try folder.write([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], to: "component.wasm")
        try folder.write([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 0x63, 0xFF], to: "broken.wasm")
        try folder.write("(module)", to: "text.wat")
        try folder.write("x", to: "empty/file")
        try folder.write(#"{"imageLayoutVersion":"1.0.0"}"#, to: "layout/oci-layout")
        try folder.write("{}", to: "layout/index.json")
        try folder.write(
            #"{"ociVersion":"1.0.2","root":{"path":"."},"process":{"args":["/gone.wasm"],"cwd":"/"}}"#,
            to: "bundle/config.json")
        try folder.write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3], to: "archive.tar")
        let located = arguments.map { argument in
            names.contains { argument == $0 || argument.hasPrefix("empty/") } || argument == "new"
                || argument == "nothing.wasm" ? folder.path(argument) : argument
        }
        let outcome = try session.run(located)
        #expect(outcome.end == .exited(code: code), "\(outcome.errors)")
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("wasm-shim: "))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains(word), "\(outcome.errors)")
        #expect(session.leftovers == [])
    }

    @Test(
        "ERR-3: a wrong command line exits with 64 and says what is wrong",
        arguments: [
            (["run"], "target"),
            (["run", "a", "b"], "b"),
            (["run", "a", "--unknown"], "--unknown"),
            (["run", "a", "--env"], "--env"),
            (["run", "a", "--env", "UNSET_VARIABLE"], "UNSET_VARIABLE"),
            (["run", "a", "--dir", "x:y"], "GUEST"),
            (["run", "a", "--workdir", "x"], "absolute"),
            (["run", "a", "--platform", "wasm"], "os/architecture"),
            (["fly"], "fly"),
            (["image", "build", "a"], "-o"),
        ] as [([String], String)])
    func usage(arguments: [String], word: String) throws {
        guard let session = try Session() else { return }
        let outcome = try session.run(arguments)
        #expect(outcome.end == .exited(code: 64))
        #expect(outcome.errors.hasPrefix("wasm-shim: "))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains(word), "\(outcome.errors)")
    }

    @Test("ERR-2: without its guest program wasm-shim says where it looked")
    func noGuestProgram() throws {
        guard let session = try Session() else { return }
        let module = try session.folder.write([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0], to: "app.wasm")
        let outcome = try session.run(["run", module], environment: ["WASM_SHIM_GUEST=/nowhere/guest"])
        #expect(outcome.end == .exited(code: 125))
        #expect(outcome.errors.contains("/nowhere/guest"))
    }

    @Test(
        "CLI-14: every command has a line about it and an example",
        arguments: [[], ["run"], ["image"], ["image", "build"], ["image", "inspect"]])
    func help(command: [String]) throws {
        guard let session = try Session() else { return }
        let outcome = try session.run(command + ["--help"])
        #expect(outcome.end == .exited(code: 0))
        #expect(outcome.output.hasPrefix("OVERVIEW: "))
        #expect(outcome.output.contains("Example:\n  wasm-shim "))
        #expect(outcome.errors == "")
    }

    @Test("CLI-14: --version says one line")
    func version() throws {
        guard let session = try Session() else { return }
        let outcome = try session.run(["--version"])
        #expect(outcome.end == .exited(code: 0))
        #expect(outcome.output.hasPrefix("wasm-shim ") && outcome.output.split(separator: "\n").count == 1)
    }

    @Test("RUN-14: a memory that the system refuses is an error of ours, not a crash")
    func refusedMemory() throws {
        guard let wasmShim = Programs.wasmShim else { return }
        let folder = try TestFolder()
        var builder = ModuleBuilder()
        builder.memory(65_536)
        let module = try folder.write(builder.bytes, to: "large.wasm")
        let errors = folder.path("errors")
        // 2 GB of data: enough for the programs, too little for the module's 4 GiB.
        let command = "ulimit -d 2000000; exec \(quoted(wasmShim)) run \(quoted(module)) 2>\(quoted(errors))"
        #expect(shell(command) == 125)
        #expect(try text(of: errors).contains("no memory for a linear memory of 65536 pages"))
    }
}
