import TestSupport
import Testing

@testable import WasmShimCommands

@Suite("install: Docker's configuration")
struct InstallDockerTests {
    private let folder: TestFolder
    private let file = "etc/docker/daemon.json"

    init() throws { folder = try TestFolder() }

    private func edit(_ text: String?) throws -> InstallEdit? {
        if let text { try folder.write(text, to: file) }
        return try InstallDocker(root: folder.path).edit()
    }

    @Test(
        "INST-7: Docker's runtime is added where members are, in their layout, and every other byte stays",
        arguments: [
            (
                nil,
                "{\n    \"runtimes\": {\n        \"wasmshim\": {\"runtimeType\": \"io.containerd.wasmshim.v1\"}\n    }\n}\n"
            ),
            ("{}", "{\n    \"runtimes\": {\"wasmshim\": {\"runtimeType\": \"io.containerd.wasmshim.v1\"}}\n}"),
            (
                "{ \"a\": 1 }\n",
                "{ \"a\": 1, \"runtimes\": {\"wasmshim\": {\"runtimeType\": \"io.containerd.wasmshim.v1\"}} }\n"
            ),
            (
                "{\n\t\"z\": [1, {\"q\": \"}\\\"\"}],\n\t\"a\": 1e3\n}",
                "{\n\t\"z\": [1, {\"q\": \"}\\\"\"}],\n\t\"a\": 1e3,\n\t\"runtimes\": "
                    + "{\"wasmshim\": {\"runtimeType\": \"io.containerd.wasmshim.v1\"}}\n}"
            ),
            (
                "{\n  \"runtimes\": {\n    \"x\": {\n      \"path\": \"/x\"\n    }\n  },\n  \"b\": 2\n}\n",
                "{\n  \"runtimes\": {\n    \"x\": {\n      \"path\": \"/x\"\n    },\n    \"wasmshim\": "
                    + "{\"runtimeType\": \"io.containerd.wasmshim.v1\"}\n  },\n  \"b\": 2\n}\n"
            ),
            (
                "{\n  \"runtimes\": {},\n  \"b\": 2\n}\n",
                "{\n  \"runtimes\": {\n    \"wasmshim\": {\"runtimeType\": \"io.containerd.wasmshim.v1\"}\n  },\n  \"b\": 2\n}\n"
            ),
        ] as [(String?, String)])
    func added(text: String?, expected: String) throws {
        let edit = try #require(try edit(text))
        #expect(edit.new == expected)
        #expect(edit.old == text)
        #expect(try self.edit(edit.new) == nil)
        #expect(try InstallDocker(root: folder.path).isInstalled())
    }

    @Test(
        "INST-6: a Docker configuration that is broken or unexpected is refused",
        arguments: [
            "", "{", "[]", "{\"a\": 1, \"a\": 2}", "{} x", "{\"runtimes\": []}", "{\"runtimes\": {\"wasmshim\": {}}}",
            "{\"runtimes\": {\"wasmshim\": {\"runtimeType\": \"other\"}}}", "{\"runtime\\u0073\": {}}",
        ])
    func refused(text: String) throws {
        let error = try #require(throws: InstallError.self) { try edit(text) }
        #expect(error.place == folder.path(file))
        #expect(try TestSupport.text(of: folder.path(file)) == text)
    }
}
