import GuestDialects
import TestSupport
import Testing
import WasmText

@testable import WasmShimCommands

@Suite("inspect")
struct InspectTests {
    /// The report on a module that is written as text.
    private func report(_ text: String) throws -> InspectReport {
        let folder = try TestFolder()
        let path = try folder.write(try assemble(Array(text.utf8)), to: "app.wasm")
        return try InspectReport(InspectSubject(path))
    }

    private static let command = #"(func (export "_start"))"#

    @Test("INSP-1: an import is provided by name and type; any other is listed with what is different")
    func provided() throws {
        let report = try report(
            """
            (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
            (import "wasi_unstable" "fd_close" (func (param i32) (result i32)))
            (import "wasi_snapshot_preview1" "fd_close" (func (param i64) (result i32)))
            (import "wasi_snapshot_preview1" "fd_close" (global i32))
            (import "wasi_snapshot_preview1" "fd_closed" (func))
            (import "env" "memory" (memory 1))
            (import "other" "memory" (memory 1))
            (import "other" "memory" (memory 1 2 shared))
            (type $open (sub (func (param i32) (result i32))))
            (import "wasi_snapshot_preview1" "fd_close" (func (type $open)))
            \(Self.command)
            """)
        #expect(report.imports.map(\.isProvided) == [true, true, false, false, false, true, false, true, false])
        #expect(report.imports[2].problem == "its type is [i32] -> [i32]")
        #expect(report.imports[3].problem == "it is a function of type [i32] -> [i32]")
        #expect(report.imports[4].problem == "missing")
        #expect(report.imports[5].type == "1 page (64 KiB), no maximum")
        #expect(!report.runs)
    }

    @Test(
        "INSP-2: the dialect is told by the imports",
        arguments: [
            (#""wasi_snapshot_preview1" "fd_sync" (func (param i32) (result i32))"#, .preview1),
            (#""wasi_unstable" "fd_sync" (func (param i32) (result i32))"#, .unstable),
            (#""wasix_32v1" "fd_pipe" (func (param i32 i32) (result i32))"#, .wasix),
            (#""wasi_snapshot_preview1" "sock_open" (func (param i32 i32 i32) (result i32))"#, .wasmEdgeSockets),
            (#""wasi_snapshot_preview1" "sock_accept" (func (param i32 i32) (result i32))"#, .wasmEdgeSockets),
            (#""wasi_snapshot_preview1" "sock_accept" (func (param i32 i32 i32) (result i32))"#, .preview1),
            (#""wasi" "thread-spawn" (func (param i32) (result i32))"#, .threads),
            (#""wasi_ephemeral_nn" "load" (func)"#, .neuralNetwork),
            (#""wasi:cli/exit@0.2.0" "exit" (func (param i32))"#, .preview2),
            (#""env" "abort" (func (param i32 i32 i32 i32))"#, .assemblyScript),
            (#""env" "emscripten_notify_memory_growth" (func (param i32))"#, .emscripten),
            (#""env" "invoke_vi" (func (param i32 i32))"#, .emscripten),
            (#""javy-default-plugin-v4" "invoke" (func (param i32 i32 i32 i32 i32))"#, .javy),
            (#""gojs" "runtime.wasmExit" (func (param i32))"#, .goForJavaScript),
            (#""wbg" "__wbindgen_throw" (func (param i32 i32))"#, .wasmBindgen),
            (#""wasm:js-string" "length" (func (param externref) (result i32))"#, .javaScript),
            (#""GOT.mem" "x" (global (mut i32))"#, .dynamicLibrary),
        ] as [(String, GuestDialect)])
    func dialect(item: String, expected: GuestDialect) throws {
        let report = try report("(import \(item)) \(Self.command)")
        #expect(report.dialects == [expected])
        let isOurs = report.imports[0].isProvided
        #expect(report.runs == isOurs)
        if !isOurs { #expect(report.obstacles.map(\.advice) == [expected.advice]) }
    }

    @Test("INSP-3: missing imports are named together with those of their dialect, each dialect with what to do")
    func obstacles() throws {
        let report = try report(
            """
            (import "env" "console.table" (func (param i32)))
            (import "wasix_32v1" "fd_pipe" (func (param i32 i32) (result i32)))
            (import "env" "Date.getTimezoneOffset" (func (result f64)))
            (import "other" "thing" (func))
            (func (export "main") (param i32)) (func (export "run"))
            """)
        #expect(
            report.obstacles.map(\.reason) == [
                "imports not provided (AssemblyScript): env.console.table, env.Date.getTimezoneOffset",
                "import not provided (WASIX): wasix_32v1.fd_pipe",
                "import not provided: other.thing",
                "no exported function \"_start\" to run",
            ])
        #expect(report.obstacles.last?.advice == "name one with --entrypoint: #run; or call any with --invoke")
    }

    @Test("INSP-4: what a module has is told: features, memories, tables, start, names, producers, sections")
    func facts() throws {
        let report = try report(
            """
            (module $app
              (memory (export "memory") 17 32) (table (export "t") 3 funcref)
              (func $begin) (start $begin)
              (func (export "_start") (drop (i32.extend8_s (i32.const 1))))
              (global (export "g") (mut i64) (i64.const 0))
              (@custom "producers" "\\01\\08language\\01\\04Rust\\041.85") (@custom "x" "abc"))
            """)
        #expect(report.runs)
        #expect(report.features == ["mutable-globals", "sign-extension-ops"])
        #expect(report.memories.map(\.type) == ["17 pages (1 MiB), at most 32 (2 MiB)"])
        #expect(report.memories.map(\.maximum) == [32])
        #expect(report.tables.map(\.type) == ["funcref, 3 elements, no maximum"])
        #expect(
            report.exports.map(\.type) == [
                report.memories[0].type, report.tables[0].type, "[] -> []", "mutable i64",
            ])
        #expect(report.start == .init(function: 0, name: "begin"))
        #expect(report.functions == 2)
        #expect(report.namedFunctions == 1)
        #expect(report.producers == [.init(field: "language", name: "Rust", version: "1.85")])
        #expect(report.customSections.contains(.init(name: "x", size: 3)))
        for line in ["  language    Rust 1.85", "  start       function 0, begin", "    t       table: funcref, 3"] {
            #expect(report.text.contains(line))
        }
    }

    @Test("INSP-5: a component is told as one, with its interfaces; a damaged one by what is whole")
    func component() throws {
        let name = "wasi:cli/exit@0.2.0"
        let imports = [1, 0, UInt8(name.utf8.count)] + Array(name.utf8) + [5, 0]
        var bytes: [UInt8] = [0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0, 10, UInt8(imports.count)] + imports
        for isDamaged in [false, true] {
            if isDamaged { bytes += [11, 200, 1, 1] }
            let folder = try TestFolder()
            let report = try InspectReport(InspectSubject(try folder.write(bytes, to: "app.wasm")))
            #expect(report.kind == "component")
            #expect(report.imports.map(\.module) == [name])
            #expect(report.dialects == [.preview2])
            #expect(!report.runs)
        }
    }

    @Test("INSP-6: an invalid module does not run; the reason is the validator's, with its place")
    func invalid() throws {
        let report = try report(#"(func (export "_start") (i32.add (i32.const 1) (i64.const 1)) drop)"#)
        #expect(!report.runs)
        #expect(report.obstacles.count == 1)
        #expect(report.obstacles[0].reason.contains("type mismatch"))
        #expect(report.obstacles[0].reason.contains("in function 0"))
    }

    @Test("INSP-7: names in the text are a module's and drive no terminal; JSON has them as they are")
    func hostileNames() throws {
        let report = try report(#"(func (export "_start")) (func (export "\1b[31m\n  runs        yes"))"#)
        #expect(
            report.text.split(separator: "\n").count { $0.contains("runs        yes") && !$0.hasPrefix("    ") } == 1)
        #expect(!report.text.unicodeScalars.contains("\u{1B}"))
        #expect(report.exports[1].name == "\u{1B}[31m\n  runs        yes")
        #expect(try report.json().contains(#""name":"\u001b[31m\n  runs        yes""#))
    }

    @Test("INSP-8: text is looked at as the module that it becomes")
    func text() throws {
        let folder = try TestFolder()
        let path = try folder.write("(module \(Self.command))", to: "app.wat")
        #expect(try InspectReport(InspectSubject(path)).runs)
        let error = #expect(throws: Failure.self) { try InspectSubject(try folder.write("(module", to: "bad")) }
        #expect(error?.exitCode == .notRunnable)
        #expect(error?.description.hasPrefix(folder.path("bad:1:")) == true)
    }
}
