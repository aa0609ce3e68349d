import LinuxSystem
import TestSupport
import Testing

/// `wasm-shim inspect`, `wat2wasm`, `wasm2wat` and text that is run, as a user does it.
@Suite("inspect and text")
struct InspectTests {
    private static let hello = """
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00hello\\n")
          (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 64)))))
        """

    @Test("INSP-9: what inspect says runs, runs; what it says does not, run refuses with 126")
    func verdict() throws {
        guard let session = try Session(), let guest = Programs.guest else { return }
        let refused = try session.folder.write(#"(import "env" "abort" (func)) (func (export "_start"))"#, to: "as.wat")
        let library = try session.folder.write(#"(func (export "f"))"#, to: "library.wat")
        let invalid = try session.folder.write(#"(func (export "_start") (result i32))"#, to: "invalid.wat")
        for (target, runs) in [(guest, true), (refused, false), (library, false), (invalid, false)] {
            let code: Int32 = runs ? 0 : 126
            let report = try session.run(["inspect", target])
            #expect(report.end == .exited(code: code))
            #expect(report.output.contains(runs ? "runs        yes" : "runs        no"))
            #expect(try session.run(["run", target, "--", "exit", "0"]).end == .exited(code: code))
        }
        #expect(try session.run(["inspect", session.folder.path("nothing")]).end == .exited(code: 127))
    }

    @Test("INSP-8: of an image or bundle the module is shown that would run")
    func image() throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let report = try session.run(["inspect", "\(image):v1"])
        #expect(report.end == .exited(code: 0))
        #expect(report.output.contains("file        /guest.wasm"))
        let json = try session.run(["inspect", image, "--json"])
        #expect(json.output.contains(#""runs":true"#))
        #expect(session.leftovers == [])
    }

    @Test("CLI-21: text runs; what is wrong with it has its line and column")
    func runsText() throws {
        guard let session = try Session() else { return }
        let path = try session.folder.write(Self.hello, to: "hello.wat")
        #expect(try session.run(["run", path]).output == "hello\n")
        let wrong = try session.folder.write("(module\n  (func i32.cons 1))", to: "wrong.wat")
        let outcome = try session.run(["run", wrong])
        #expect(outcome.end == .exited(code: 126))
        #expect(outcome.errors == "wasm-shim: \(wrong):2:9: unknown operator i32.cons\n")
    }

    @Test("CLI-22, CLI-23: a text becomes a module, that a text, and that the same module")
    func conversion() throws {
        guard let session = try Session() else { return }
        let text = try session.folder.write(Self.hello, to: "hello.wat")
        let (first, again, second) = (
            session.folder.path("first.wasm"), session.folder.path("again.wat"), session.folder.path("second.wasm")
        )
        #expect(try session.run(["wat2wasm", text, "-o", first]).end == .exited(code: 0))
        #expect(try session.run(["wasm2wat", first, "-o", again]).end == .exited(code: 0))
        #expect(try session.run(["wat2wasm", "-", "-o", second], input: again).end == .exited(code: 0))
        #expect(try contents(of: first) == contents(of: second))
        #expect(try session.run(["run", second]).output == "hello\n")
        #expect(try session.run(["wasm2wat", first]).output == TestSupport.text(of: again))
        #expect(try session.run(["wasm2wat", text]).end == .exited(code: 126))
        #expect(try session.run(["wat2wasm", "-"], input: text).end == .exited(code: 125))
        let invalid = try session.folder.write("(func (result i32))", to: "invalid.wat")
        let output = session.folder.path("invalid.wasm")
        #expect(try session.run(["wat2wasm", invalid, "-o", output]).end == .exited(code: 126))
        #expect(!exists(output))
        #expect(try session.run(["wat2wasm", invalid, "-o", output, "--no-check"]).end == .exited(code: 0))
    }

}
