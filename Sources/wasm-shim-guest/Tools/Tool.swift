internal import Glibc

/// A small program of our own, for looking into containers whose image has none. It runs in the box with the rights of
/// any process there.
struct Tool {
    /// What a tool is given and what it prints to.
    struct Call {
        /// Without the tool's own name.
        let arguments: [String]
        let environment: [String]
        /// The container's process files (`/proc`), where the tool asked for them.
        let processFiles: Int32?
        /// The tool's name, which its messages begin with.
        let name: String
        let output = ToolOutput(descriptor: STDOUT_FILENO)

        /// Says on standard error what went wrong.
        func complain(_ message: String) { Report.say("\(name): \(message)") }
    }

    let name: String
    let needsProcessFiles: Bool
    private let body: (Call) -> Int32

    private init(_ name: String, needsProcessFiles: Bool = false, _ body: @escaping (Call) -> Int32) {
        self.name = name
        self.needsProcessFiles = needsProcessFiles
        self.body = body
    }

    /// All there are.
    static var all: [Tool] {
        [
            Tool("cat", cat), Tool("echo", echo), Tool("env", env), Tool("false") { _ in 1 }, Tool("id", id),
            Tool("ls", ls), Tool("ps", needsProcessFiles: true, ps), Tool("pwd", pwd), Tool("true") { _ in 0 },
        ]
    }

    /// The tool of that name.
    static func named(_ name: Substring) -> Tool? { all.first { $0.name == name } }

    /// Runs it and ends the process with its code. `arguments` have the name before them.
    func run(_ arguments: [String], environment: [String], processFiles: Int32?) -> Never {
        signal(SIGPIPE, SIG_IGN)
        let call = Call(
            arguments: Array(arguments.dropFirst()), environment: environment, processFiles: processFiles, name: name)
        let code = body(call)
        _exit(call.output.flush() ? code : 1)
    }
}
