/// Why a guest cannot run, and the exit code that says so.
struct GuestFailure: Error {
    let ending: Report.Ending
    /// One line, or a trap's lines.
    let message: String

    init(_ ending: Report.Ending, _ message: String) {
        self.ending = ending
        self.message = message
    }
}
