import LinuxSystem
import TestSupport
import Testing

/// `wasm-shim run --trace-calls` and `--profile` as a user sees them.
@Suite("runs that are watched")
struct WatchedRunTests {
    private static let program = """
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\\08\\00\\00\\00\\07\\00\\00\\00a\\"\\1b[1m\\n")
          (func $spin (param $times i32)
            (loop $again
              (local.set $times (i32.sub (local.get $times) (i32.const 1)))
              (br_if $again (local.get $times))))
          (func $work (call $spin (i32.const 100000000)))
          (func $start (export "_start")
            (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 64)))
            (drop (call $close (i32.const 77)))
            (call $work)
            (call $exit (i32.const 3)))
          (func (export "trap") (call $work) unreachable))
        """

    @Test(
        "TRC-2: each call is told with its arguments and result, on a line that drives no terminal; without, nothing is"
    )
    func trace() throws {
        guard let session = try Session() else { return }
        let path = try session.folder.write(Self.program, to: "program.wat")
        let outcome = try session.run(["run", "--trace-calls", path])
        #expect(outcome.end == .exited(code: 3))
        #expect(
            outcome.errors == """
                a"\u{1B}[1m
                wasm-shim: fd_write(fd=2, "a\\"\\1b[1m\\n", nwritten=0x40) = success, nwritten 7
                wasm-shim: fd_close(fd=77) = 8 badf
                wasm-shim: proc_exit(code=3)

                """)
        #expect(try session.run(["run", path]).errors == "a\"\u{1B}[1m\n")
    }

    @Test("PROF-1: a run that returns, exits or traps leaves its profile, and ends as it would without")
    func profile() throws {
        guard let session = try Session(), let image = Programs.image else { return }
        let path = try session.folder.write(Self.program, to: "program.wat")
        let picture = session.folder.path("out.svg")
        for (function, code) in [("_start", 3), ("trap", 134)] as [(String, Int32)] {
            let outcome = try session.run(["run", "--profile", picture, path, "--entrypoint", "#\(function)"])
            #expect(outcome.end == .exited(code: code))
            let svg = try text(of: picture)
            #expect(svg.contains("<title>spin: "))
            #expect(svg.contains("<title>work: "))
        }
        #expect(try session.run(["run", "--profile", picture, image, "--", "exit", "5"]).end == .exited(code: 5))
        #expect(try text(of: picture).hasSuffix("</svg>\n"))
        #expect(session.leftovers == [])
        let nowhere = session.folder.path("nowhere/out.svg")
        #expect(try session.run(["run", "--profile", nowhere, path]).end == .exited(code: 125))
    }
}
