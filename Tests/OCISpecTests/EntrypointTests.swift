internal import OCISpec
internal import Testing

@Suite struct EntrypointTests {
    @Test(
        "SEL-18: the function is what follows the first #, and _start where nothing does",
        arguments: [
            ("/app.wasm", "/app.wasm", "_start"), ("/app.wasm#run", "/app.wasm", "run"), ("#run", "", "run"),
            ("/app.wasm#", "/app.wasm", "_start"), ("/a#b#c", "/a", "b#c"),
        ])
    func split(_ text: String, path: String, function: String) {
        #expect(Entrypoint(text).path == path)
        #expect(Entrypoint(text).function == function)
    }

    @Test(
        "BUN-7: an absolute path is itself, a path is below the working folder, a name is looked for in PATH first",
        arguments: [
            ("/app.wasm", "/bin", ["/app.wasm"]), ("./app.wasm", "/bin", ["/work/./app.wasm"]),
            ("bin/app.wasm", "/bin", ["/work/bin/app.wasm"]),
            (
                "app.wasm", "/bin:sub:/usr/bin",
                ["/bin/app.wasm", "/work/sub/app.wasm", "/usr/bin/app.wasm", "/work/app.wasm"]
            ),
            ("app.wasm", "", ["/work/app.wasm"]),
        ])
    func candidates(_ text: String, searchPath: String, expected: [String]) {
        #expect(Entrypoint(text).candidates(workingFolder: "/work", searchPath: searchPath) == expected)
    }

    @Test("SEL-15: a variable given on the command line takes the place of the image's")
    func environment() {
        let overrides = ProcessOverrides(environment: ["B=new", "D=4", "A="])
        #expect(overrides.merged(over: ["A=1", "B=2", "C=3", "B=3"]) == ["A=", "B=new", "C=3", "D=4"])
    }
}
