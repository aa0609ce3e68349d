internal import FoundationEssentials
internal import Testing

/// The folder with test material that is not part of the repository: `$WASM_SHIM_SHARED`, or `../shared` beside it.
package enum SharedFolder {
    /// Where a file or folder of it is; `nil`, said loudly, where it is not there. Under `CI=true` that is a failure.
    package static func path(_ name: String, skipping what: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        let folder = environment["WASM_SHIM_SHARED"] ?? "\(packageRoot)/../shared"
        let path = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: path) { return path }
        skip(what, because: "\(path) is not there; set WASM_SHIM_SHARED")
        return nil
    }

    /// Says that something is not tested. Under `CI=true` that is a failure.
    package static func skip(_ what: String, because reason: String) {
        let message = "SKIPPED \(what): \(reason)"
        print(message)
        if ProcessInfo.processInfo.environment["CI"] == "true" { Issue.record("\(message)") }
    }

    /// The folder with `Package.swift`.
    package static var packageRoot: String {
        // Tests/TestSupport/SharedFolder.swift
        #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" }
    }
}
