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
            case .notAPlan: "is no launch plan; this program is started by wasm-shim, not by hand: see wasm-shim run"
            case .version(let version):
                "is of version \(version), not \(LaunchPlan.formatVersion); "
                    + "wasm-shim and wasm-shim-guest are from different builds: install both again"
            case .unexpectedEnd: "ends in the middle of a field; it was cut: start the guest again"
            case .tooLong(let limit): "is longer than \(limit) bytes; give fewer or shorter arguments"
            case .invalidString: "has a string that is not text; arguments and names must be UTF-8 without zero bytes"
            case .invalidValue: "has a value with no meaning; it was damaged: start the guest again"
            case .trailingBytes: "goes on after its last field; it was damaged: start the guest again"
            case .system(let reason): "cannot be read: \(reason); start the guest through wasm-shim run"
            }
        return "launch plan, byte \(offset): \(what)"
    }
}
