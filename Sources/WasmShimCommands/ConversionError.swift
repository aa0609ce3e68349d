internal import LinuxSystem
internal import OCISpec
internal import WasmModule
internal import WasmText

/// Why a module cannot be made of a text, or a text of a module.
struct ConversionError: Error, Equatable, CustomStringConvertible {
    /// What was wrong.
    enum Problem: Equatable, Sendable {
        /// The text is no module.
        case text(TextError)
        /// The bytes are no module.
        case binary(BinaryError)
        /// The text is a module that breaks the rules.
        case invalid(ModuleError)
        /// The file is not there.
        case noFile
        /// The file is longer than a module may be.
        case tooLong(limit: Int)
        /// Nobody said where to write to.
        case noOutput
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
        switch problem {
        // Editors know LINE:COLUMN after a file's name.
        case .text(let error): "\(place):\(error)"
        case .binary(let error): "\(place): \(error)"
        case .invalid(let error): "\(place): \(error)"
        case .noFile: "\(place): no such file; check the path"
        case .tooLong(let limit): "\(place): longer than \(limit) bytes: no module may be"
        case .noOutput: "\(place): it has no name to make another of; say with -o where to write to"
        case .system(let error): "\(place): cannot \(error)"
        }
    }

    /// Who has to act.
    var failureKind: FailureKind {
        switch problem {
        case .text, .binary, .invalid: .notRunnable
        case .noFile: .notFound
        case .tooLong, .noOutput, .system: .failed
        }
    }
}
