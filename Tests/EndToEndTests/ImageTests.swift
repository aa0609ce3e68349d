import LinuxSystem
import TestSupport
import Testing

/// `wasm-shim image`, and running what it makes.
@Suite("image")
struct ImageTests {
    @Test("CLI-16: an image, an artifact and an archive of an image run", arguments: [[], ["--artifact"]])
    func buildAndRun(options: [String]) throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let layout = session.folder.path("layout")
        let built = try session.run(["image", "build", guest, "-o", layout, "--tag", "v1"] + options)
        #expect(built.end == .exited(code: 0))
        let archive = session.folder.path("image.tar")
        #expect(shell("tar -C \(quoted(layout)) -cf \(quoted(archive)) .") == 0)
        let squeezed = session.folder.path("image.tgz")
        #expect(shell("tar -C \(quoted(layout)) -czf \(quoted(squeezed)) .") == 0)
        for target in [layout, "\(layout):v1", archive, "\(archive):v1", squeezed] {
            let outcome = try session.run(["run", target, "--env", "A=1", "--", "say", "x"])
            #expect(outcome.end == .exited(code: 0), "\(outcome.errors)")
            #expect(outcome.output.hasSuffix("guest.wasm\nargument say\nargument x\nvariable A=1\n"))
        }
        #expect(try session.run(["run", "\(layout):v2"]).end == .exited(code: 127))
        #expect(session.leftovers == [])
    }

    @Test("CLI-16: the same module gives the same digest")
    func reproducible() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let digests = try ["a", "b"].map { name in
            let output = try session.run(["image", "build", guest, "-o", session.folder.path(name)]).output
            return output.split(separator: " ").last.map(String.init)
        }
        #expect(digests[0] != nil)
        #expect(digests[0] == digests[1])
    }

    @Test("CLI-16: --entrypoint says where the module lies and what is called")
    func entrypoint() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let layout = session.folder.path("layout")
        let build = ["image", "build", guest, "-o", layout]
        #expect(try session.run(build + ["--entrypoint", "/opt/app/x.wasm#other"]).end == .exited(code: 0))
        #expect(try session.run(["run", layout]).output == "the other function\n")
        #expect(
            try session.run(["run", layout, "--entrypoint", "/opt/app/x.wasm"]).output == "argument /opt/app/x.wasm\n")
        for wrong in ["x.wasm", "/a/../b.wasm", "/" + String(repeating: "x", count: 200)] {
            #expect(try session.run(build + ["--entrypoint", wrong]).end == .exited(code: 64), "\(wrong)")
        }
        #expect(try session.run(build + ["--artifact", "--entrypoint", "#other"]).end == .exited(code: 64))
    }

    @Test("CLI-17: building adds to a layout, replaces the same tag, and leaves other folders alone")
    func adding() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let layout = session.folder.path("layout")
        for (tag, options) in [("a", []), ("b", ["--artifact"]), ("a", ["--platform", "wasip1/wasm"])]
            as [(String, [String])]
        {
            let outcome = try session.run(["image", "build", guest, "-o", layout, "--tag", tag] + options)
            #expect(outcome.end == .exited(code: 0), "\(outcome.errors)")
        }
        let table = try session.run(["image", "inspect", layout]).output.split(separator: "\n")
        #expect(table.count == 3)
        #expect(table.contains { $0.hasPrefix("a ") && $0.contains("wasip1/wasm") && $0.contains(" image ") })
        #expect(table.contains { $0.hasPrefix("b ") && $0.contains(" artifact ") })
        try session.folder.write("precious", to: "other/file")
        #expect(
            try session.run(["image", "build", guest, "-o", session.folder.path("other")]).end == .exited(code: 125))
        #expect(try session.folder.names(in: "other") == ["file"])
    }

    @Test("CLI-18: inspect lists a layout as a table and as JSON, with what cannot be run")
    func inspect() throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let table = try session.run(["image", "inspect", image])
        #expect(table.output.hasPrefix("NAME  PLATFORM   FORM   SIZE "))
        #expect(table.output.contains("v1    wasi/wasm  image"))
        let json = try session.run(["image", "inspect", "\(image):v1", "--json"])
        #expect(json.output.hasPrefix(#"[{"arguments":["/guest.wasm"],"digest":"sha256:"#))
        // The same layout, made for a processor.
        let copy = session.folder.path("copy")
        #expect(
            shell("cp -r \(quoted(image)) \(quoted(copy)) && sed -i 's/\"wasm\"/\"arm64\"/' \(quoted(copy))/index.json")
                == 0)
        let other = try session.run(["image", "inspect", copy])
        #expect(other.end == .exited(code: 0))
        #expect(other.output.contains("no WebAssembly image"))
        #expect(try session.run(["run", copy]).end == .exited(code: 126))
    }
}
