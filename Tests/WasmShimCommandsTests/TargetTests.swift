import ContainerProcess
import OCIImage
import OCISpec
import TestSupport
import Testing

@testable import WasmShimCommands

@Suite("Target")
struct TargetTests {
    private static let module: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    private static let digest = "sha256:" + String(repeating: "a", count: 64)

    @Test("CLI-1: a target is what its content says, whatever its name says")
    func byContent() throws {
        let folder = try TestFolder()
        let module = try folder.write(Self.module, to: "image.tar")
        #expect(try Target(module) == .module(path: module))
        try folder.write("{}", to: "a.wasm/oci-layout")
        try folder.write("{}", to: "a.wasm/index.json")
        #expect(try Target(folder.path("a.wasm")) == .layout(path: folder.path("a.wasm"), reference: nil))
        try folder.write("{}", to: "layout/config.json")
        #expect(try Target(folder.path("layout")) == .bundle(path: folder.path("layout")))
        let text = try folder.write(";; a module\n(module)", to: "text.wasm")
        #expect(try Target(text) == .text(path: text))
        let archive = try folder.write([0x1F, 0x8B, 8, 0], to: "module.wasm")
        #expect(try Target(archive) == .archive(path: archive, reference: nil))
    }

    @Test("CLI-2: a name follows the last colon before which a path stands, a digest the last @")
    func references() throws {
        let folder = try TestFolder()
        try folder.write("{}", to: "app/oci-layout")
        try folder.write("{}", to: "app/index.json")
        let path = folder.path("app")
        #expect(try Target("\(path):v1") == .layout(path: path, reference: .name("v1")))
        let long = "docker.io/library/app:1.2"
        #expect(try Target("\(path):\(long)") == .layout(path: path, reference: .name(long)))
        let digest = ImageReference.digest(try Digest(Self.digest))
        #expect(try Target("\(path)@\(Self.digest)") == .layout(path: path, reference: digest))
        try folder.write(Self.module, to: "app:v2")
        #expect(try Target("\(path):v2") == .module(path: "\(path):v2"))
    }

    @Test("CLI-2: what follows @ must be a digest")
    func wrongDigest() throws {
        let folder = try TestFolder()
        try folder.write("{}", to: "oci-layout")
        try folder.write("{}", to: "index.json")
        let error = try #require(throws: TargetError.self) { try Target("\(folder.path)@v1") }
        #expect(error.failureKind == .notRunnable)
    }

    @Test("CLI-3: an unclear folder is refused with what was looked for and found")
    func unclearFolder() throws {
        let folder = try TestFolder()
        for name in ["a", "b", "c", "d", "e", "f", "g"] { try folder.write("", to: name) }
        var error = try #require(throws: TargetError.self) { try Target(folder.path) }
        #expect(error.description.contains("oci-layout") && error.description.contains("config.json"))
        #expect(error.description.contains("found a, b, c, d, e and 2 more"))
        for name in ["oci-layout", "index.json", "config.json"] { try folder.write("{}", to: name) }
        error = try #require(throws: TargetError.self) { try Target(folder.path) }
        #expect(error.problem == .layoutAndBundle)
    }

    @Test(
        "CLI-4: what cannot be run is refused as what it is",
        arguments: [
            ([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], "component"),
            ([0x7F, 0x45, 0x4C, 0x46], "Linux"),
            (Array("#!/bin/sh\n".utf8), "script"),
            ([], "empty"),
            (Array("hello".utf8), "\\0asm"),
        ] as [([UInt8], String)])
    func notRunnable(bytes: [UInt8], word: String) throws {
        let folder = try TestFolder()
        let path = try folder.write(bytes, to: "app.wasm")
        let error = try #require(throws: TargetError.self) { try Target(path) }
        #expect(error.description.hasPrefix(path))
        #expect(error.description.contains(word))
        #expect(Failure.target(error).exitCode == .notRunnable)
    }

    @Test("CLI-5: a name after a module or a bundle is refused")
    func uselessReference() throws {
        let folder = try TestFolder()
        let module = try folder.write(Self.module, to: "app.wasm")
        try folder.write("{}", to: "bundle/config.json")
        for target in ["\(module):v1", folder.path("bundle:v1")] {
            let error = try #require(throws: TargetError.self) { try Target(target) }
            #expect(error.failureKind == .notRunnable)
        }
    }

    @Test("CLI-3: what is not there is not found; a pipe is no target")
    func absent() throws {
        let folder = try TestFolder()
        var error = try #require(throws: TargetError.self) { try Target(folder.path("nothing:v1")) }
        #expect(Failure.target(error).exitCode == .notFound)
        #expect(shell("mkfifo \(quoted(folder.path("pipe")))") == 0)
        error = try #require(throws: TargetError.self) { try Target(folder.path("pipe")) }
        #expect(error.problem == .notAFile)
    }
}
