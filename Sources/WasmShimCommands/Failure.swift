internal import ContainerProcess
internal import OCIBundle
internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import OCIUnpack

/// Everything that a command can fail with, and what a person and a script see of it.
enum Failure: Error {
    case usage(UsageError)
    case target(TargetError)
    case layout(LayoutError)
    case image(ImageError)
    case unpack(UnpackError)
    case bundle(BundleError)
    case container(ContainerError)
    case build(BuildError)
    case install(InstallError)
    case conversion(ConversionError)

    /// The one place where errors become exit codes (specs/errors.md).
    var exitCode: ExitCode {
        switch self {
        case .usage: .usage
        case .target(let error): ExitCode(error.failureKind)
        case .layout(let error): ExitCode(error.failureKind)
        case .image(let error): ExitCode(error.failureKind)
        case .unpack(let error): ExitCode(error.failureKind)
        case .bundle(let error): ExitCode(error.failureKind)
        case .container(let error): ExitCode(error.failureKind)
        case .build(let error): ExitCode(error.failureKind)
        case .install(let error): ExitCode(error.failureKind)
        case .conversion(let error): ExitCode(error.failureKind)
        }
    }

    /// Does what can fail for one reason only.
    static func wrapping<Reason: FailureReason, Result: ~Copyable>(
        _ body: () throws(Reason) -> Result
    ) throws(Failure) -> Result {
        do throws(Reason) { return try body() } catch { throw error.failure }
    }
}

extension Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .usage(let error): error.description
        case .target(let error): error.description
        case .layout(let error): error.description
        case .image(let error): error.description
        case .unpack(let error): error.description
        case .bundle(let error): error.description
        case .container(let error): error.description
        case .build(let error): error.description
        case .install(let error): error.description
        case .conversion(let error): error.description
        }
    }
}

/// An error of one of our targets, which is one case of `Failure`.
protocol FailureReason: Error {
    var failure: Failure { get }
}

extension UsageError: FailureReason { var failure: Failure { .usage(self) } }
extension TargetError: FailureReason { var failure: Failure { .target(self) } }
extension LayoutError: FailureReason { var failure: Failure { .layout(self) } }
extension ImageError: FailureReason { var failure: Failure { .image(self) } }
extension UnpackError: FailureReason { var failure: Failure { .unpack(self) } }
extension BundleError: FailureReason { var failure: Failure { .bundle(self) } }
extension ContainerError: FailureReason { var failure: Failure { .container(self) } }
extension BuildError: FailureReason { var failure: Failure { .build(self) } }
extension ConversionError: FailureReason { var failure: Failure { .conversion(self) } }

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
