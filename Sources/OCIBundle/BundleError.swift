package import LinuxSystem
package import OCISpec

/// Why a bundle cannot be run.
package struct BundleError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: Equatable, Sendable {
        /// Nothing is at the path, or no folder.
        case noFolder
        /// The folder has no `config.json`.
        case noConfiguration
        /// `config.json` is no regular file.
        case notARegularFile
        /// `config.json` does not follow the runtime specification.
        case document(SpecError)
        /// `config.json` lacks a part that a wasm program needs, or has a value that cannot be honoured.
        case configuration(String)
        /// The root file system's folder is not there.
        case noRoot(String)
        /// What a bind mount shows is not there.
        case noMountSource(String)
        /// The working folder is not there.
        case noWorkingFolder(String)
        /// The entrypoint names no file; `tried` are the places where it was looked for.
        case noModule(String, tried: [String])
        /// The entrypoint names something else than a regular file.
        case moduleKind(String)
        /// The entrypoint names a file that is no WebAssembly module.
        case notAModule(String, found: String)
        /// The kernel refused.
        case system(SystemCallError)
    }

    /// What is wrong.
    package let problem: Problem

    /// Where: a path.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    package var description: String { "\(place): \(explanation)" }

    private var explanation: String {
        switch problem {
        case .noFolder: "no folder is there; check the path"
        case .noConfiguration: "not an OCI bundle: config.json is missing"
        case .notARegularFile: "not a regular file; write the configuration there"
        case .document(let error): "\(error); correct the configuration"
        case .configuration(let reason): "\(reason); correct the configuration"
        case .noRoot(let path): "root.path \(path.debugDescription) is no folder; correct the configuration"
        case .noMountSource(let path): "the mount source \(path.debugDescription) is not there; make it"
        case .noWorkingFolder(let path):
            "the working folder \(path.debugDescription) is not in the root file system; give another with --workdir"
        case .noModule(let name, let tried):
            "no module \(name.debugDescription) (looked for \(tried.joined(separator: ", "))); "
                + "name a .wasm file with --entrypoint"
        case .moduleKind(let path):
            "\(path.debugDescription) is not a regular file; name a .wasm file with --entrypoint"
        case .notAModule(let path, let found):
            "\(path.debugDescription) is \(found), not a WebAssembly module; name a .wasm file with --entrypoint"
        case .system(let error): "cannot \(error)"
        }
    }

    /// Who has to act.
    package var failureKind: FailureKind {
        switch problem {
        case .noFolder, .noModule, .noWorkingFolder: .notFound
        case .moduleKind, .notAModule: .notRunnable
        case .noConfiguration, .notARegularFile, .document, .configuration, .noRoot, .noMountSource, .system: .failed
        }
    }
}
