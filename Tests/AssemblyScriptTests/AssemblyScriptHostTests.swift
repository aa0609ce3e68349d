import AssemblyScript
import Testing
import WasmModule
import WasmRuntime
import WasmText

@Suite struct AssemblyScriptHostTests {
    /// What a module's exported `f` gives or ends with, and what was written meanwhile: `1:` standard output, `2:` error.
    private func run(_ text: String) throws -> (results: [UInt64], trap: String?, written: [String]) {
        var written: [String] = []
        let host = AssemblyScriptHost { written.append("\($1):\($0)") }
        let store = try Store()
        // "hé!" at 16 and "a.ts" at 32, their sizes before; at 48 one that is said to be longer than the memory.
        let data = """
            (memory (export "memory") 1)
            (data (i32.const 12) "\\06\\00\\00\\00h\\00\\e9\\00!\\00") (data (i32.const 28) "\\08\\00\\00\\00a\\00.\\00t\\00s\\00")
            (data (i32.const 44) "\\ff\\ff\\ff\\ff")
            """
        let module = try Module(try assemble(Array("(module \(text) \(data))".utf8)))
        let instance = try Instance(module, in: store) { module, name in
            switch host.provided(name, from: module) {
            case .function(let function): .function(Function(function, in: store))
            case .constant(let type, let value): .global(Global(type, value: value))
            case nil: nil
            }
        }
        guard case .function(let function) = instance.export("f") else { return ([], "no f", written) }
        do throws(CallEnd) {
            return (try function.call(), nil, written)
        } catch {
            guard case .trapped(let trap) = error else { return ([], "exited", written) }
            return ([], trap.reason, written)
        }
    }

    @Test("AS-1: abort traps with its message and place, whatever its pointers are")
    func abort() throws {
        let text = """
            (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
            (func (export "f") (call $abort (i32.const MESSAGE) (i32.const 32) (i32.const 7) (i32.const 3)))
            """
        for (pointer, message) in [
            ("16", "hé!"), ("0", "no message"), ("3", "no message"), ("48", "a string outside of memory"),
            ("0xfffffff0", "a string outside of memory"),
        ] {
            let end = try run(text.replacing("MESSAGE", with: pointer))
            #expect(end.trap == "abort: \(message) in a.ts:7:3")
        }
    }

    @Test("AS-2: trace and the console write a line each, warnings and errors to standard error")
    func console() throws {
        let line = "(param i32)"
        let names = ["log", "info", "debug", "warn", "error", "timeLog"]
        let imports = names.map { "(import \"env\" \"console.\($0)\" (func $\($0) \(line)))" }.joined()
        let end = try run(
            """
            \(imports)
            (import "env" "console.assert" (func $assert (param i32 i32)))
            (import "env" "trace" (func $trace (param i32 i32 f64 f64 f64 f64 f64)))
            (func (export "f")
              \(names.map { "(call $\($0) (i32.const 16))" }.joined())
              (call $assert (i32.const 1) (i32.const 16)) (call $assert (i32.const 0) (i32.const 16))
              (call $trace (i32.const 32) (i32.const 4) (f64.const 1) (f64.const -2.5) (f64.const nan) (f64.const -inf)
                (f64.const 9))
              (call $trace (i32.const 32) (i32.const 0) (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5)))
            """)
        #expect(end.trap == nil)
        #expect(
            end.written == [
                "1:hé!\n", "1:hé!\n", "1:hé!\n", "2:hé!\n", "2:hé!\n", "2:Timer 'hé!' does not exist\n",
                "2:Assertion failed: hé!\n", "2:trace: a.ts 1, -2.5, NaN, -Infinity\n", "2:trace: a.ts\n",
            ])
    }

    @Test("AS-2: a timer tells the time since it was set")
    func timer() throws {
        let end = try run(
            """
            (import "env" "console.time" (func $time (param i32))) (import "env" "console.timeEnd" (func $end (param i32)))
            (func (export "f") (call $time (i32.const 32)) (call $end (i32.const 32)) (call $end (i32.const 32)))
            """)
        #expect(end.written.count == 2)
        #expect(end.written[0].hasPrefix("1:a.ts: ") && end.written[0].hasSuffix("ms\n"))
        #expect(end.written[1] == "2:Timer 'a.ts' does not exist\n")
    }

    @Test(
        "AS-3: Math is JavaScript's",
        arguments: [
            ("Math.round", [-0.5], -0.0), ("Math.round", [2.5], 3), ("Math.round", [-2.5], -2), ("Math.sign", [-7], -1),
            ("Math.round", [0.49999999999999994], 0), ("Math.clz32", [1], 31), ("Math.clz32", [-1], 0),
            ("Math.clz32", [4_294_967_296], 32), ("Math.imul", [4_294_967_295, 5], -5), ("Math.max", [-0.0, 0], 0),
            ("Math.min", [0, -0.0], -0.0), ("Math.max", [1, .nan], .nan), ("Math.pow", [1, .infinity], .nan),
            ("Math.pow", [2, 10], 1024), ("Math.cbrt", [8], 2), ("Math.trunc", [-1.9], -1), ("Math.hypot", [3, 4], 5),
            ("Math.atan2", [0, -1], .pi), ("Math.log2", [8], 3), ("Math.abs", [-0.0], 0),
        ] as [(String, [Double], Double)])
    func mathematics(name: String, arguments: [Double], expected: Double) throws {
        let parameters = Array(repeating: "f64", count: arguments.count).joined(separator: " ")
        let values = arguments.map { "(f64.reinterpret_i64 (i64.const \($0.bitPattern)))" }.joined()
        let end = try run(
            """
            (import "env" "\(name)" (func $m (param \(parameters)) (result f64)))
            (func (export "f") (result f64) (call $m \(values)))
            """)
        let result = Double(bitPattern: try #require(end.results.first))
        #expect(expected.isNaN ? result.isNaN : result.bitPattern == expected.bitPattern, "\(result)")
    }

    @Test("AS-3: constants are globals; seed, random and the clocks give numbers that make sense")
    func numbers() throws {
        let end = try run(
            """
            (import "env" "Math.PI" (global $pi f64)) (import "env" "seed" (func $seed (result f64)))
            (import "env" "Math.random" (func $random (result f64))) (import "env" "Date.now" (func $date (result f64)))
            (import "env" "performance.now" (func $now (result f64))) (import "env" "Math.fround" (func $fround (param f64) (result f32)))
            (func (export "f") (result f64 f64 f64 f64 f64 f32)
              (global.get $pi) (call $seed) (call $random) (call $date) (call $now) (call $fround (f64.const 5.5)))
            """)
        let numbers = end.results.map { Double(bitPattern: $0) }
        #expect(numbers[0] == .pi)
        #expect((0..<1).contains(numbers[1]) && (0..<1).contains(numbers[2]))
        #expect(numbers[3] > 1.7e12 && numbers[3] == numbers[3].rounded())
        #expect((0..<60_000).contains(numbers[4]))
        #expect(end.results[5] == 0x40B0_0000)
    }

    @Test("AS-4: nothing else is provided, and nothing from another module")
    func others() throws {
        let host = AssemblyScriptHost()
        for (name, module) in [
            ("Math.E2", "env"), ("document.write", "env"), ("abort", "wasi_snapshot_preview1"), ("", "env"),
        ] {
            if host.provided(name, from: module) != nil { Issue.record("\(module).\(name)") }
        }
    }
}
