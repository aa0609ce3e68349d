import ArgumentParser
import ContainerProcess
import OCISpec
import Testing

@testable import WasmShimCommands

@Suite("The command line of run")
struct RunArgumentsTests {
    /// What ArgumentParser takes a command line to mean; `nil` where it refuses it.
    private func parsed(_ words: [String]) -> RunArguments? {
        guard let command = try? WasmShim.parseAsRoot(["run"] + words) as? RunCommand else { return nil }
        return command.typed
    }

    @Test(
        "CLI-13: the plain reader understands what ArgumentParser understands",
        arguments: [
            ["app.wasm"],
            ["app.wasm", "--", "a", "--env", "--", "-x", ""],
            ["app.wasm", "--"],
            ["--", "app.wasm"],
            ["app.wasm", "--env", "A=1", "--env", "B", "--dir", "x:/y:ro", "--dir", "."],
            ["--workdir", "/w", "--verbose", "app.wasm", "--platform", "wasi/wasm", "--entrypoint", "#f"],
            ["--verbose", "--verbose", "app.wasm"],
            ["--trace-calls", "app.wasm", "--profile", "out.svg"],
            ["app.wasm", "--profile", "a", "--profile", "b"],
            ["app.wasm", "--preload", "a=b", "--preload", "c=d", "--invoke", "f", "--", "1"],
            ["app.wasm", "--invoke", "f", "--invoke", "g"],
            ["app.wasm", "--env", "A=-1"],
            ["app.wasm", "--env", "-1"],
            ["app.wasm", "--env"],
            ["app.wasm", "--env", "--verbose"],
            ["app.wasm", "--env=A=1"],
            ["app.wasm", "--workdir", "/a", "--workdir", "/b"],
            ["app.wasm", "other"],
            ["app.wasm", "--unknown"],
            ["app.wasm", "--unknown", "value"],
            ["app.wasm", "-v"],
            ["--help"],
            ["app.wasm", "--help"],
            ["app.wasm", "--version"],
            ["--env", "A=1"],
            ["-"],
            [""],
            [],
        ])
    func readersAgree(words: [String]) {
        guard let plain = RunArguments(plain: words) else { return }
        #expect(plain == parsed(words))
    }

    @Test("CLI-13: the plain reader takes every option in its plain form")
    func plainForm() throws {
        let words = [
            "--env", "A=1", "app.wasm", "--dir", "d", "--workdir", "/w", "--entrypoint", "e", "--platform", "p/q",
            "--verbose", "--env", "B=2", "--trace-calls", "--profile", "out.svg", "--preload", "a=b",
            "--invoke", "f", "--", "x", "--y",
        ]
        let plain = try #require(RunArguments(plain: words))
        #expect(plain.target == "app.wasm")
        #expect(plain.environment == ["A=1", "B=2"])
        #expect(plain.folders == ["d"])
        #expect(plain.workingFolder == "/w")
        #expect(plain.entrypoint == "e")
        #expect(plain.platform == "p/q")
        #expect(plain.isVerbose)
        #expect(plain.tracesCalls)
        #expect(plain.profile == "out.svg")
        #expect(plain.preloads == ["a=b"])
        #expect(plain.invoked == "f")
        #expect(plain.arguments == ["x", "--y"])
    }

    @Test("CLI-13: what the plain reader leaves to ArgumentParser means the same there")
    func otherForms() {
        #expect(RunArguments(plain: ["app.wasm", "--env=A=1"]) == nil)
        #expect(parsed(["app.wasm", "--env=A=1"])?.environment == ["A=1"])
    }

    @Test(
        "CLI-9: --dir takes HOST[:GUEST[:ro]]",
        arguments: [
            ("/srv/data", "/srv/data", "/srv/data", false),
            ("data", "data", "/data", false),
            ("./a//b/", "./a//b/", "/a/b", false),
            (".", ".", ".", false),
            ("/", "/", "/", false),
            ("../x:/y", "../x", "/y", false),
            ("x:/y:ro", "x", "/y", true),
            ("x:.", "x", ".", false),
        ])
    func folders(text: String, host: String, guest: String, isReadOnly: Bool) throws {
        let expected = GuestProcess.Folder(hostPath: host, guestPath: guest, isReadOnly: isReadOnly)
        #expect(try FolderOption(text).folder == expected)
    }

    @Test(
        "CLI-9: any other --dir is refused",
        arguments: ["", ":/x", "x:", "x:y", "x:/y:rw", "x:/y:", "x:/y:ro:", "x::ro", "../x", "x:/a/../b", "x:/./b"])
    func wrongFolders(text: String) {
        let error = #expect(throws: UsageError.self) { try FolderOption(text) }
        #expect(error.map { Failure.usage($0).exitCode } == .usage)
    }

    @Test("CLI-8: --env takes NAME=value, or the value of a variable of ours")
    func variables() throws {
        let own = ["HOME": "/root", "EMPTY": ""]
        #expect(try VariableOption("A=b=c") { own[$0] }.assignment == "A=b=c")
        #expect(try VariableOption("A=") { own[$0] }.assignment == "A=")
        #expect(try VariableOption("HOME") { own[$0] }.assignment == "HOME=/root")
        #expect(try VariableOption("EMPTY") { own[$0] }.assignment == "EMPTY=")
        for wrong in ["", "=x", "UNSET"] {
            #expect(throws: UsageError.self, "\(wrong)") { try VariableOption(wrong) { own[$0] } }
        }
    }

    @Test("CLI-7: #FUNCTION alone keeps program and arguments")
    func functionAlone() throws {
        var request = RunRequest(target: "image")
        request.entrypoint = "#start"
        var overrides = request.overrides(overOwn: ["/app.wasm#old", "a", "b"])
        #expect(overrides.entrypoint == "/app.wasm#start")
        #expect(overrides.arguments == ["a", "b"])
        request.arguments = ["c"]
        overrides = request.overrides(overOwn: ["/app.wasm", "a"])
        #expect(overrides.arguments == ["c"])
        request.entrypoint = "/other.wasm"
        request.arguments = nil
        overrides = request.overrides(overOwn: ["/app.wasm", "a"])
        #expect(overrides.entrypoint == "/other.wasm")
        #expect(overrides.arguments == nil)
    }

    @Test("ERR-1: what comes from a file cannot drive a terminal")
    func printable() {
        #expect(CommandLineMain.printable("a\u{1B}[31mb\nc\u{9B}d é世") == "a [31mb c d é世")
    }
}
