import Foundation
import WasmText

/// One script of the official suite.
package struct SuiteScript: Sendable {
    /// Its path below the suite's folder.
    package let name: String
    private let path: String

    /// The scripts of the suite in a folder, in the order of their names. What no engine needs to pass is left out.
    package static func all(in suite: String) -> [SuiteScript] {
        guard let names = FileManager.default.enumerator(atPath: suite) else { return [] }
        return names.compactMap { $0 as? String }
            .filter { $0.hasSuffix(".wast") && !$0.hasPrefix("proposals/custom-descriptors/") }
            .sorted()
            .map { SuiteScript(name: $0, path: "\(suite)/\($0)") }
    }

    /// Runs the script, collecting objects at each so-manieth new one if `collectsEvery` is not 0.
    package func run(collectsEvery: Int = 0) throws -> ScriptRunner.Counts {
        let text = try Data(contentsOf: URL(fileURLWithPath: path))
        var runner = try ScriptRunner(collectsEvery: collectsEvery)
        runner.run(try Script([UInt8](text)))
        return runner.counts
    }
}
