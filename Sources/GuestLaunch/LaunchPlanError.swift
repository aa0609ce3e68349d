/// Why bytes are no launch plan.
package struct LaunchPlanError: Error, Equatable, CustomStringConvertible {
    /// What was wrong.
    package enum Problem: Equatable, Sendable {
        /// The bytes do not begin as a plan does.
        case notAPlan
        /// The plan is of another version of this program.
        case version(UInt32)
        /// A field needs more bytes than there are.
        case unexpectedEnd
        /// The plan is longer than the limit.
        case tooLong(limit: Int)
        /// A string is not UTF-8, or has a zero byte in it.
        case invalidString
        /// A flag is set that has no meaning, or a number is out of range.
        case invalidValue
        /// There are bytes after the last field.
        case trailingBytes
        /// The system did not give the bytes.
        case system(String)
    }

    package let problem: Problem
    /// Where in the plan, in bytes from its beginning.
    package let offset: Int

    package init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String {
        let what =
            switch problem {
            case .notAPlan: "no launch plan begins so; start the guest with wasm-shim run"
            case .version(let version):
                "of version \(version), not \(LaunchPlan.formatVersion); "
                    + "wasm-shim and wasm-shim-guest are from different builds: install both again"
            case .unexpectedEnd: "the plan ends in the middle of a field, so it was cut: start the guest again"
            case .tooLong(let limit): "the plan is longer than \(limit) bytes; give fewer or shorter arguments"
            case .invalidString: "a string that is not text; arguments and names must be UTF-8 without zero bytes"
            case .invalidValue: "a value with no meaning; the plan was damaged: start the guest again"
            case .trailingBytes: "the plan goes on after its last field; the plan was damaged: start the guest again"
            case .system(let reason): "the plan cannot be read: \(reason); start the guest through wasm-shim run"
            }
        return "byte \(offset): \(what)"
    }
}
