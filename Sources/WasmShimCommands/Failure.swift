internal import ContainerProcess
internal import OCIBundle
internal import OCILayout
internal import OCISpec

/// Everything that a command can fail with, and what a person and a script see of it.
enum Failure: Error, CustomStringConvertible {
    case usage(UsageError)
    case target(TargetError)
    case bundle(BundleError)
    case container(ContainerError)

    /// The one place where errors become exit codes.
    var exitCode: ExitCode {
        switch self {
        case .usage: .usage
        case .target(let error): ExitCode(error.failureKind)
        case .bundle(let error): ExitCode(error.failureKind)
        case .container(let error): ExitCode(error.failureKind)
        }
    }

    var description: String {
        switch self {
        case .usage(let error): error.description
        case .target(let error): error.description
        case .bundle(let error): error.description
        case .container(let error): error.description
        }
    }
}

extension ExitCode {
    init(_ kind: FailureKind) {
        self =
            switch kind {
            case .failed: .failed
            case .notRunnable: .notRunnable
            case .notFound: .notFound
            }
    }
}
