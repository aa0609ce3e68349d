internal import EventLoop
internal import Glibc
internal import LinuxSystem

/// One run of a native runtime: its end is an event, and what it complained of an error.
struct NativeRun {
    let runtime: NativeRuntime
    let context: ShimContext
    /// A file of its own for what goes wrong.
    let log: String

    /// How long one may take, with the hooks it runs.
    static let limit = Duration.seconds(120)

    /// Starts it with the given standard streams, else none; `then` is called when it has ended.
    func start(
        _ arguments: [String], streams: [Int32] = [], then: @escaping (Result<Void, TaskError>) -> Void
    ) {
        var child = runtime.command(arguments, log: log, searchPath: Self.searchPath)
        child.unblockedSignals = context.heldSignals
        // No folder of ours is pinned, and descriptors may be given in any order.
        child.workingFolder = "/"
        child.descriptors = streams.enumerated().map { .init($0.element, as: Int32($0.offset)) }
        let process: Int32
        do throws(SystemCallError) { process = try child.start() } catch { return then(.failure(TaskError(error))) }
        let timer = context.loop.schedule(after: Self.limit) { kill(process, SIGKILL) }
        context.children.expect(process) { [self] end in
            timer.cancel()
            let reason = NativeLog(takenFrom: log).reason
            if end == .exited(code: 0) { return then(.success(())) }
            let how =
                switch end {
                case .exited(let code): "ended with code \(code)"
                case .killed(let signal): "was ended by signal \(signal)"
                }
            let command = "\(runtime.program) \(arguments.first ?? "")"
            then(.failure(TaskError(.failed("\(command): \(reason ?? how)"))))
        }
    }

    /// Where programs are searched.
    static var searchPath: String { ShimProgram.environment("PATH") ?? NativeRuntime.standardSearchPath }
}
