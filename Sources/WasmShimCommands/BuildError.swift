internal import ContainerProcess
internal import GuestLaunch
internal import LinuxSystem
internal import OCISpec

/// Why an image cannot be built from a file.
struct BuildError: Error, Equatable, CustomStringConvertible {
    /// What was wrong.
    enum Problem: Equatable, Sendable {
        /// The file is not there.
        case noFile
        /// The file is no module.
        case notAModule(ModuleKind)
        /// The file is longer than a module may be.
        case tooLong(limit: Int64)
        /// The kernel refused.
        case system(SystemCallError)
    }

    let problem: Problem
    let place: String

    init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    var description: String {
        let explanation =
            switch problem {
            case .noFile: "no such file; check the path"
            case .notAModule(let kind): kind.explanation
            case .tooLong(let limit): "longer than \(limit) bytes, the most that is run; build it smaller"
            case .system(let error): "cannot \(error); check the path and its permissions"
            }
        return "\(place): \(explanation)"
    }

    /// Who has to act.
    var failureKind: FailureKind {
        switch problem {
        case .noFile: .notFound
        case .notAModule: .notRunnable
        case .tooLong, .system: .failed
        }
    }
}
