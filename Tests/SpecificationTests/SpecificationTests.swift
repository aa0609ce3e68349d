import Specification
import TestSupport
import Testing

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
}
