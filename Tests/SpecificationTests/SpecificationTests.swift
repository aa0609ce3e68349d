import Specification
import TestSupport
import Testing
import WasmText

/// The official WebAssembly test suite, a test for each of its scripts.
@Suite struct SpecificationTests {
    static let scripts: [SuiteScript] = {
        guard let suite = SharedFolder.path("testsuite", skipping: "the official WebAssembly test suite") else {
            return []
        }
        return SuiteScript.all(in: suite)
    }()

    private static let expectations = Result {
        try Expectations(contentsOf: "\(SharedFolder.packageRoot)/Tests/Specification/expected-failures.txt")
    }

    @Test("WASM-1: the official suite is there to be run")
    func suiteIsThere() {
        #expect(Self.scripts.isEmpty || Self.scripts.count > 260)
    }

    @Test("WASM-2: a script of the official suite passes, but for what is listed", arguments: scripts)
    func script(_ script: SuiteScript) throws {
        let expectations = try Self.expectations.get()
        let counts = try script.run()
        let failures = expectations.unexpected(counts, in: script.name)
        let listed = failures.prefix(10).map { "line \($0.line): \($0.reason)" }.joined(separator: "\n")
        #expect(failures.isEmpty, "\(script.name): \(listed)")
        #expect(
            counts.notRun == 0 || !counts.failures.isEmpty, "\(script.name): \(counts.notRun) commands were not run")
        let cured = expectations.cured(counts, in: script.name)
        #expect(cured.isEmpty, "listed as failing, but they pass: take them off the list: \(cured)")
    }

    // MARK: - Scripts of our own

    @Test("WASM-12: a script's threads run beside it, each with a store of its own, and share its memories")
    func threads() throws {
        let script = try Script(
            Array(
                """
                (module $M (memory (export "m") 1 1 shared))
                (thread $Waits (shared (module $M))
                  (register "m" $M)
                  (module (memory (import "m" "m") 1 1 shared)
                    (func (export "f") (result i32)
                      (i32.atomic.store (i32.const 8) (i32.const 1))
                      (memory.atomic.wait64 (i32.const 0) (i64.const 0) (i64.const -1))))
                  (assert_return (invoke "f") (i32.const 0)))
                (thread $Wakes (shared (module $M))
                  (register "m" $M)
                  (module (memory (import "m" "m") 1 1 shared)
                    (func (export "f")
                      (loop (br_if 0 (i32.eqz (i32.atomic.load (i32.const 8)))))
                      (loop (br_if 0 (i32.eqz (memory.atomic.notify (i32.const 0) (i32.const 9)))))))
                  (assert_return (invoke "f")))
                (wait $Waits)
                (wait $Wakes)
                (thread $Fails (assert_return (invoke "f") (i32.const 1))
                  (module (func (export "f") (result i32) (i32.const 2))) (assert_return (invoke "f") (i32.const 1)))
                (wait $Fails)
                (wait $Fails)
                """.utf8))
        var runner = try ScriptRunner()
        runner.run(script)
        // The module; two threads, of three commands each, and their ends; the third's module and its end.
        #expect(runner.counts.passed == 1 + 2 * (1 + 3 + 1) + 1 + 1 + 1)
        #expect(runner.counts.failures.count == 2)
        #expect(runner.counts.notRun == 1)
    }
}
