import LinuxSystem
import TestSupport
import Testing

@testable import Sandbox

/// Which file of the root is run, and what is said when none can be.
@Suite("Module lookup", .serialized, .enabled(if: Box.program != nil))
struct LookupTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func message(_ bytes: [UInt8], candidates: [String] = ["/app.wasm"]) throws -> ControlMessage? {
        var plan = try SandboxPlan.plain(folder, module: bytes)
        plan.program = .module(candidates: candidates, allowsTools: false)
        return try Box(plan, in: folder).message()
    }

    @Test("SBX-12: the first candidate that exists is taken")
    func candidates() throws {
        #expect(try message(GuestModules.loops, candidates: ["/bin/app", "/app.wasm"]) == .ready)
        try folder.write("#!/bin/sh\n", to: "root/bin/app")
        #expect(try message(GuestModules.loops, candidates: ["/bin/app", "/app.wasm"]) == .native(path: "/bin/app"))
    }

    @Test("SBX-12: where there is no candidate the answer is 127, and names what was looked at")
    func missing() throws {
        #expect(
            try message([], candidates: ["/absent", "/app.wasm/x"])
                == .failed(
                    code: 127,
                    message: "no such module: looked at /absent, /app.wasm/x: no such file or directory; "
                        + "name a file of the image that is a WebAssembly module"))
    }

    @Test(
        "SBX-13: programs for the machine itself are left to others",
        arguments: [[0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], Array("#!/bin/sh\nexit 0\n".utf8)] as [[UInt8]])
    func native(bytes: [UInt8]) throws {
        let plan = try SandboxPlan.plain(folder, module: bytes)
        let box = try Box(plan, in: folder)
        #expect(try box.message() == .native(path: "/app.wasm"))
        #expect(try box.end() == .exited(code: 0))
    }

    @Test(
        "SBX-13: whatever else is no module gives 126 and says what it is",
        arguments: [
            ([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], "a WebAssembly component"),
            (Array("(module)".utf8), "WebAssembly text"), ([0x1F, 0x8B, 8, 0], "compressed data"), ([], "empty"),
            (Array("hello".utf8), "not a WebAssembly module"), ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 0x63], "byte 0x"),
        ] as [([UInt8], String)])
    func otherKinds(bytes: [UInt8], words: String) throws {
        guard case .failed(126, let text) = try message(bytes) else {
            Issue.record("it was accepted")
            return
        }
        #expect(text.contains(words), "\(text)")
    }

    @Test("SBX-13: a pipe or a folder in a module's place is refused without waiting for it")
    func noFile() throws {
        try folder.makeFolder("root/folder")
        #expect(shell("mkfifo \(quoted(folder.path("root/pipe")))") == 0)
        for path in ["/folder", "/pipe"] {
            #expect(
                try message([], candidates: [path])
                    == .failed(code: 126, message: "\(path): no regular file; name a WebAssembly module"))
        }
    }

    @Test("SBX-13: a link out of the root names a file in it, or none")
    func link() throws {
        try folder.write(GuestModules.loops, to: "outside.wasm")
        try folder.makeFolder("root")
        try folder.link("root/app", to: folder.path("outside.wasm"))
        guard case .failed(127, _) = try message([], candidates: ["/app"]) else {
            Issue.record("a module outside of the root was found")
            return
        }
    }
}
