internal import LinuxSystem
internal import OCISpec

/// Why the runtime cannot be made known to containerd or Docker.
struct InstallError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    enum Problem: Equatable, Sendable {
        /// Neither containerd nor Docker is on this machine.
        case nothingFound
        /// The file is not TOML as containerd reads it.
        case invalidTOML(reason: String, line: Int)
        /// The file is not JSON as Docker reads it.
        case document(SpecError)
        /// The file has a form that we do not add to.
        case unexpected(String)
        /// The runtime's name is taken.
        case otherRuntime(type: String)
        /// Docker takes no such runtime.
        case dockerTooOld(version: String)
        /// Nobody can be asked.
        case notConfirmed
        /// Somebody else wrote the file meanwhile.
        case changed
        /// The kernel refused.
        case system(SystemCallError)
    }

    let problem: Problem
    /// Where: a path.
    let place: String

    init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    var description: String { "\(place): \(explanation)" }

    private var explanation: String {
        switch problem {
        case .nothingFound: "neither containerd nor Docker is here; say which with --containerd or --docker"
        case .invalidTOML(let reason, let line): "line \(line): \(reason); correct the file, nothing was changed"
        case .document(let error): "\(error); correct the file, nothing was changed"
        case .unexpected(let reason): "\(reason); add the runtime by hand, nothing was changed"
        case .otherRuntime(let type):
            "has a runtime \(InstallRuntime.name) already, of type \(type.debugDescription); rename it, nothing was changed"
        case .dockerTooOld(let version):
            "Docker \(version) takes no runtime by its type, and might not start; update it to 23 or newer"
        case .notConfirmed: "standard input is no terminal, so nobody can agree; pass --yes to write the file"
        case .changed: "was changed by somebody else meanwhile; run this again"
        case .system(let error): "cannot \(error); check the path and its permissions"
        }
    }

    /// Who has to act.
    var failureKind: FailureKind {
        switch problem {
        case .nothingFound: .notFound
        case .invalidTOML, .document, .unexpected, .otherRuntime, .dockerTooOld, .notConfirmed, .changed, .system:
            .failed
        }
    }
}

extension InstallError: FailureReason { var failure: Failure { .install(self) } }
