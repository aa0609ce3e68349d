import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import ContainerProcess

@Suite("Temporary folders")
struct TemporaryFolderTests {
    @Test("LAUNCH-14: a tree deeper than any path, and than there are descriptors, is removed")
    func deep() throws {
        let folder = try TestFolder()
        let top = try folder.makeFolder("top")
        // No path could name the last one: each is made from the one above it.
        let name = String(repeating: "d", count: 50)
        var above = try OwnedDescriptor(opening: top, flags: O_RDONLY | O_DIRECTORY)
        for _ in 0..<3000 {
            try above.makeFolder(name, mode: 0o755)
            above = try OwnedDescriptor(opening: name, beneath: above, flags: O_RDONLY | O_DIRECTORY)
        }
        _ = try above.makeFile("file", mode: 0o644)
        try removeFolder(at: top)
        #expect(!exists(top))
        #expect(exists(folder.path))
    }

    @Test("LAUNCH-14: permission bits stop nothing, and what links point to stays")
    func modesAndLinks() throws {
        let folder = try TestFolder()
        let outside = try folder.write("precious", to: "outside/file")
        try folder.write("x", to: "top/closed/inner/file")
        try folder.write("x", to: "top/readable/file")
        try folder.link("top/link", to: folder.path("outside"))
        try folder.link("top/closed/link", to: outside)
        try folder.link("top/dangling", to: "/nowhere")
        #expect(shell("cd \(quoted(folder.path("top"))) && mkfifo pipe && chmod 000 closed/inner closed readable") == 0)
        try removeFolder(at: folder.path("top"))
        #expect(!exists(folder.path("top")))
        #expect(try text(of: outside) == "precious")
    }

    @Test("LAUNCH-14: that a folder is gone already is no error; a link in its place is not followed")
    func absent() throws {
        let folder = try TestFolder()
        try removeFolder(at: folder.path("nothing"))
        try folder.makeFolder("real/inner")
        try folder.link("link", to: "real")
        #expect(throws: SystemCallError.self) { try removeFolder(at: folder.path("link")) }
        #expect(exists(folder.path("real/inner")))
    }

    @Test("LAUNCH-12: only names that we give are ever removed")
    func names() throws {
        #expect(TemporaryFolder.isName(try TemporaryFolder.newPath().split(separator: "/").last ?? ""))
        for name in [
            "wasm-shim-run-", "wasm-shim-run-1", "wasm-shim-run-1-", "wasm-shim-run-1-2-3", "wasm-shim-test-1-2",
            "etc", "wasm-shim-run-x-1", "wasm-shim-run-1-_",
        ] {
            #expect(!TemporaryFolder.isName(name), "\(name)")
        }
    }
}
