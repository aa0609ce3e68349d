import Glibc
import LinuxSystem
import TestSupport
import Testing

/// One use of `wasm-shim`: a folder that it works in, with its own temporary folder, and what it printed.
final class Session {
    let folder: TestFolder
    private let wasmShim: String

    /// `nil`, said loudly, where the programs are not built.
    init?() throws {
        guard let wasmShim = Programs.wasmShim else { return nil }
        self.wasmShim = wasmShim
        folder = try TestFolder()
        try folder.makeFolder("tmp")
    }

    /// Another guest program than the one of this build, if the environment names one: scripts/check-races does.
    private static let guestProgram: [String] = {
        // SAFETY: the string is copied before anything can change the environment.
        unsafe getenv("WASM_SHIM_GUEST").map { ["WASM_SHIM_GUEST=\(unsafe String(cString: $0))"] } ?? []
    }()

    /// What a command printed and how it ended.
    struct Outcome {
        let end: ProcessEnd
        let output: String
        let errors: String
    }

    /// Starts a command; its process id.
    func start(_ arguments: [String], environment: [String] = [], input: String = "/dev/null") throws -> Int32 {
        var child = ChildProcess(path: wasmShim, arguments: ["wasm-shim"] + arguments)
        child.environment =
            ["TMPDIR=\(folder.path("tmp"))", "SWIFT_BACKTRACE=enable=no"] + Self.guestProgram + environment
        child.leadsOwnSession = true
        // Threads that run tests may block signals; users' shells do not.
        child.unblockedSignals = Array(1...31)
        let streams =
            [
                try OwnedDescriptor(opening: input, flags: O_RDONLY),
                try OwnedDescriptor(opening: folder.path("out"), flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600),
                try OwnedDescriptor(opening: folder.path("err"), flags: O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600),
            ] as InlineArray<3, OwnedDescriptor>
        child.descriptors = streams.indices.map { .init(streams[$0].rawValue, as: Int32($0)) }
        return try child.start()
    }

    /// What a process that `start` started has printed so far.
    var output: String { (try? text(of: folder.path("out"))) ?? "" }

    /// Waits for the end of what `start` started.
    func outcome(of process: Int32) throws -> Outcome {
        var end: ProcessEnd?
        let hasEnded = try wait(for: 60) {
            end = try ProcessEnd(of: process, block: false)
            return end != nil
        }
        if !hasEnded {
            Issue.record("no end in a minute")
            kill(process, SIGKILL)
            end = try ProcessEnd(of: process, block: true)
        }
        return Outcome(end: try #require(end), output: output, errors: try text(of: folder.path("err")))
    }

    /// Runs a command to its end.
    func run(_ arguments: [String], environment: [String] = [], input: String = "/dev/null") throws -> Outcome {
        try outcome(of: start(arguments, environment: environment, input: input))
    }

    /// What temporary folders are there.
    var leftovers: [String] { (try? folder.names(in: "tmp")) ?? ["?"] }

    /// Waits, for as many seconds at most, until `condition` holds; whether it does.
    func wait(for seconds: Int = 10, until condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<seconds * 500 {
            if try condition() { return true }
            usleep(2000)
        }
        return false
    }
}
