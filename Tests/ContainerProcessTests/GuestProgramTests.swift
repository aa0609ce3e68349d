import OCISpec
import TestSupport
import Testing

@testable import ContainerProcess

@Suite("GuestProgram")
struct GuestProgramTests {
    private func makeProgram(_ name: String, in folder: TestFolder) throws -> String {
        let path = try folder.write("", to: name)
        #expect(shell("chmod +x \(quoted(path))") == 0)
        return path
    }

    @Test("LAUNCH-13: an installed program finds the guest program in libexec, before the one beside it")
    func installed() throws {
        let folder = try TestFolder()
        let installed = try makeProgram("libexec/wasm-shim-guest", in: folder)
        _ = try makeProgram("bin/wasm-shim-guest", in: folder)
        #expect(try GuestProgram(besides: folder.path("bin/wasm-shim"), override: nil).path == installed)
    }

    @Test("LAUNCH-13: a program that was just built finds the one beside it")
    func built() throws {
        let folder = try TestFolder()
        let built = try makeProgram("debug/wasm-shim-guest", in: folder)
        #expect(try GuestProgram(besides: folder.path("debug/wasm-shim"), override: nil).path == built)
    }

    @Test("LAUNCH-13: what WASM_SHIM_GUEST names comes first, and nothing takes its place")
    func override() throws {
        let folder = try TestFolder()
        _ = try makeProgram("bin/wasm-shim-guest", in: folder)
        let other = try makeProgram("other", in: folder)
        #expect(try GuestProgram(besides: folder.path("bin/wasm-shim"), override: other).path == other)
        #expect(throws: ContainerError(.noGuestProgram(lookedAt: ["/nowhere"]), at: "wasm-shim-guest")) {
            try GuestProgram(besides: folder.path("bin/wasm-shim"), override: "/nowhere")
        }
    }

    @Test("LAUNCH-13: the error names the places")
    func missing() throws {
        let error = try #require(throws: ContainerError.self) {
            try GuestProgram(besides: "/nowhere/bin/wasm-shim", override: nil)
        }
        #expect(error.description.contains("/nowhere/libexec/wasm-shim-guest"))
        #expect(error.description.contains("/nowhere/bin/wasm-shim-guest"))
        #expect(error.failureKind.rawValue == 125)
    }
}
