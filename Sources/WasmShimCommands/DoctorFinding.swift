/// One thing that `doctor` looked at.
struct DoctorFinding: Equatable, Encodable {
    /// How bad it is.
    enum Level: String, Equatable, Encodable {
        case ok
        /// Something works less well, or is not there and may not be needed.
        case warning
        /// Containers cannot be run.
        case problem
    }

    let level: Level
    /// What was looked at, and what was found.
    let what: String
    /// Why that matters and what to do; empty where nothing is to be done.
    let advice: String

    init(_ level: Level, _ what: String, _ advice: String = "") {
        self.level = level
        self.what = what
        self.advice = advice
    }

    /// The finding as one line.
    var line: String {
        let head = level.rawValue + String(repeating: " ", count: 7 - level.rawValue.count)
        return CommandLineMain.printable("\(head)  \(what)" + (advice.isEmpty ? "" : "  (\(advice))"))
    }
}
