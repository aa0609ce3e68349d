/// What `--env` takes: `NAME=value`, or `NAME` for a variable of our own environment.
struct VariableOption: Equatable, Sendable {
    /// `NAME=value`.
    let assignment: String

    /// `own` looks a name up in our environment.
    init(_ text: String, own: (String) -> String?) throws(UsageError) {
        guard !text.hasPrefix("="), !text.isEmpty else { throw UsageError.variable(text, reason: "the name is empty") }
        if text.contains("=") {
            assignment = text
        } else if let value = own(text) {
            assignment = "\(text)=\(value)"
        } else {
            throw UsageError.variable(text, reason: "no value, and the variable is not set here")
        }
    }
}
