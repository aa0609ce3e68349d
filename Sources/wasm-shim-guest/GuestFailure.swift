internal import GuestDialects
internal import WasmRuntime

/// Why a guest cannot run, and the exit code that says so.
struct GuestFailure: Error {
    let ending: Report.Ending
    /// One line, or a trap's lines.
    let message: String

    init(_ ending: Report.Ending, _ message: String) {
        self.ending = ending
        self.message = message
    }

    /// Why a module called `name` cannot be made an instance.
    init(_ error: RuntimeError, in name: String) {
        switch error.problem {
        case .unlinkable(let imports):
            var missing = MissingImports()
            for item in imports { missing.add(item.item, problem: item.problem) }
            self.init(.notRunnable, "\(name): \(missing.summary(naming: 200))")
        case .outOfMemory, .exited: self.init(.failure, "\(name): \(error)")
        case .trap(let trap): self.init(.trap, Report.text(of: trap, in: name))
        }
    }
}
