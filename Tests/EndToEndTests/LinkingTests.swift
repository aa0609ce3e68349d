import LinuxSystem
import TestSupport
import Testing

/// Modules that are linked, and functions that are called by hand, as a user does it.
@Suite("linking and calling")
struct LinkingTests {
    private static let library = """
        (module
          (memory (export "memory") 1)
          (table (export "table") 1 funcref)
          (global $base (export "base") (mut i32) (i32.const 0))
          (tag (export "tag") (param i32))
          (func $begin (i32.store (i32.const 0) (i32.const 7)))
          (start $begin)
          (func (export "_initialize") (global.set $base (i32.add (i32.load (i32.const 0)) (i32.const 33))))
          (func (export "add") (param i32 i32) (result i32)
            (i32.add (global.get $base) (i32.add (local.get 0) (local.get 1))))
          (func (export "same") (param i64 f32 f64 v128 externref) (result i64 f32 f64 v128 externref)
            (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4))
          (func (export "quotient") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0)))
          (func (export "base?") (result i32) (global.get $base)))
        """

    private static let exit = #"(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#

    /// Runs `wasm-shim run` with files written beforehand, each by its name.
    private func run(
        _ words: [String], _ files: [String: String]
    ) throws -> (code: Int32?, output: String, errors: String)? {
        guard let session = try Session() else { return nil }
        var paths: [String: String] = [:]
        for (name, text) in files { paths[name] = try session.folder.write(text, to: name) }
        let command = words.map { word in
            paths.reduce(word) { word, file in
                word == file.key || word.hasSuffix("=\(file.key)")
                    ? String(word.dropLast(file.key.count)) + file.value : word
            }
        }
        let outcome = try session.run(["run"] + command)
        guard case .exited(let code) = outcome.end else { return (nil, outcome.output, outcome.errors) }
        return (code, outcome.output, outcome.errors)
    }

    @Test("LINK-1: everything that a module exports can be imported by those after it; the rest is the host's")
    func preload() throws {
        let middle = """
            (module
              (import "first" "add" (func $add (param i32 i32) (result i32)))
              (import "first" "memory" (memory 1)) (import "first" "table" (table 1 funcref))
              (import "first" "base" (global $base (mut i32))) (import "first" "tag" (tag $tag (param i32)))
              \(Self.exit)
              (func (export "sum") (result i32)
                (block $caught (result i32)
                  (try_table (catch $tag $caught) (throw $tag (call $add (i32.const 1) (i32.const 1))))
                  (unreachable))))
            """
        let main = """
            (module
              (import "second" "sum" (func $sum (result i32))) \(Self.exit)
              (func (export "_start") (call $exit (call $sum))))
            """
        let files = ["first.wat": Self.library, "second.wat": middle, "main.wat": main]
        let outcome = try run(
            ["--preload", "first=first.wat", "--preload", "second=second.wat", "main.wat"], files)
        #expect(outcome == nil || outcome?.code == 42, "\(outcome?.errors ?? "")")
        let wrongOrder = try run(
            ["--preload", "second=second.wat", "--preload", "first=first.wat", "main.wat"], files)
        #expect(wrongOrder == nil || wrongOrder?.code == 126)
        #expect(wrongOrder == nil || wrongOrder?.errors.contains("second.wat: imports not provided: first.add") == true)
        for words in [["--preload", "a"], ["--preload", "=first.wat"], ["--preload", "a="]] {
            #expect(try run(words + ["main.wat"], files)?.code ?? 64 == 64)
        }
        let twice = try run(["--preload", "a=first.wat", "--preload", "a=second.wat", "main.wat"], files)
        #expect(twice == nil || twice?.code == 64 && twice?.errors.contains("a was given before") == true)
    }

    @Test("LINK-2: a module that is loaded first begins before the program; its trap names its file, its exit ends all")
    func beginnings() throws {
        let main = #"(module (import "a" "f" (func)) (func (export "_start") unreachable))"#
        for (name, body) in [
            ("_initialize", #"(func (export "_initialize") BODY)"#), ("", "(func $s BODY) (start $s)"),
        ] {
            let traps = "(module (func (export \"f\")) \(body.replacing("BODY", with: "unreachable")))"
            let trapped = try run(
                ["--preload", "a=trapping.wat", "main.wat"], ["main.wat": main, "trapping.wat": traps])
            #expect(trapped == nil || trapped?.code == 134, "\(name)")
            #expect(trapped == nil || trapped?.errors.contains("trapping.wat: trap: unreachable executed") == true)
            let body = body.replacing("BODY", with: "(call $exit (i32.const 9))")
            let exits = "(module \(Self.exit) (func (export \"f\")) \(body))"
            #expect(try run(["--preload", "a=a.wat", "main.wat"], ["main.wat": main, "a.wat": exits])?.code ?? 9 == 9)
        }
    }

    @Test("LINK-3: a function is called with what is written, and its results are printed with their types")
    func invoke() throws {
        func call(_ words: String...) throws -> (code: Int32?, output: String, errors: String)? {
            try run(["library.wat", "--invoke"] + words, ["library.wat": Self.library])
        }
        guard let added = try call("add", "--", "1", "0x1") else { return }
        #expect(added == (0, "i32 42\n", ""))
        #expect(try call("add", "--", "4294967295", "-1")?.output == "i32 38\n")
        let words = ["-5", "1.5", "-nan", "0xff000000000000000000000000000001", "null"]
        let same = try run(["library.wat", "--invoke", "same", "--"] + words, ["library.wat": Self.library])
        #expect(
            same?.output
                == "i64 -5\nf32 1.5\nf64 -nan\nv128 0xff000000000000000000000000000001\nexternref null\n")
        let odd = "(module (func (export \"f\") (result f32 f64) (f32.const nan:0x1) (f64.const -inf)))"
        #expect(try run(["n.wat", "--invoke", "f"], ["n.wat": odd])?.output == "f32 nan:0x1\nf64 -inf\n")
        let trapped = try call("quotient", "--", "0")
        #expect(trapped?.code == 134 && trapped?.errors.contains("integer divide by zero\n    at quotient") == true)
        for words in [["1"], ["1", "2", "3"], ["1", "x"], ["1", "4294967296"], ["1", "1.5"], ["1", ""]] {
            let wrong = try run(["library.wat", "--invoke", "add", "--"] + words, ["library.wat": Self.library])
            #expect(wrong?.code == 64 && wrong?.output == "", "\(words): \(wrong?.errors ?? "")")
        }
        #expect(try call("nothing")?.code == 126)
        let both = try call("add", "--entrypoint", "#add", "--", "1", "2")
        #expect(both?.code == 64)
    }

    @Test("LINK-4: a library begins before its function is called, a command's start is not run for another function")
    func reactor() throws {
        let entry = try run(["library.wat", "--invoke", "base?"], ["library.wat": Self.library])
        #expect(entry == nil || entry?.output == "i32 40\n", "\(entry?.errors ?? "")")
        let command = #"(module (func (export "_start") unreachable) (func (export "f") (result i32) (i32.const 3)))"#
        #expect(try run(["c.wat", "--invoke", "f"], ["c.wat": command])?.output ?? "i32 3\n" == "i32 3\n")
        let named = """
            (module \(Self.exit) (global $n (mut i32) (i32.const 0))
              (func (export "_initialize") (global.set $n (i32.const 5)))
              (func (export "f") (call $exit (global.get $n))))
            """
        #expect(try run(["n.wat", "--entrypoint", "#f"], ["n.wat": named])?.code ?? 5 == 5)
        #expect(try run(["n.wat", "--entrypoint", "#_initialize"], ["n.wat": named])?.code ?? 0 == 0)
    }

    @Test("LINK-5: a module with a start function alone is run")
    func startFunction() throws {
        let text = "(module \(Self.exit) (func $s (call $exit (i32.const 7))) (start $s))"
        #expect(try run(["s.wat"], ["s.wat": text])?.code ?? 7 == 7)
        #expect(try run(["s.wat", "--invoke", "_start"], ["s.wat": text])?.code ?? 126 == 126)
    }

    @Test("LINK-6: what is missing is told at once, by dialect, with what would provide it")
    func missing() throws {
        let text = """
            (module
              (import "other" "thing" (func)) (import "env" "emscripten_memcpy_js" (func))
              (import "wasix_32v1" "fd_pipe" (func)) (import "other" "more" (memory 1))
              (import "wasi_snapshot_preview1" "proc_exit" (func (param i64)))
              (import "javy-default-plugin-v4" "invoke" (func (param i32 i32 i32 i32 i32)))
              (func $s unreachable) (start $s) (func (export "_start")))
            """
        guard let outcome = try run(["m.wat"], ["m.wat": text]) else { return }
        #expect(outcome.code == 126)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        for part in [
            "imports not provided: other.thing, other.more (give a module that exports it with --preload NAME=FILE",
            "import not provided (Emscripten): env.emscripten_memcpy_js (link with -sSTANDALONE_WASM",
            "import not provided (WASIX): wasix_32v1.fd_pipe (",
            "import not provided (WASI preview 1): wasi_snapshot_preview1.proc_exit (incompatible import type: ",
            "(Javy, dynamically linked): javy-default-plugin-v4.invoke (give the plugin that it was built with: --preload",
        ] { #expect(outcome.errors.contains(part), "\(part)\n\(outcome.errors)") }
    }
}
