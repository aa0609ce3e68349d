import Foundation
import Synchronization
import WasmRuntime
import WasmText

/// A thread of a script: commands that run beside those after it, in a store of its own. What they have in common are
/// the memories of the modules that the script says are shared.
final class ScriptThread: Sendable {
    /// What a module exports that may be on several threads at once.
    typealias SharedExports = [String: LinearMemory]

    private let outcome = Mutex<Result<ScriptRunner.Counts, any Error>?>(nil)
    private let end = DispatchSemaphore(value: 0)

    /// Starts it. `shared`: by the names that the script has for the modules.
    init(_ commands: [ScriptCommand], shared: [String: SharedExports]) {
        Thread {
            let result = Result {
                var runner = try ScriptRunner(shared: shared)
                runner.run(commands)
                return runner.counts
            }
            self.outcome.withLock { $0 = result }
            self.end.signal()
        }.start()
    }

    /// Waits until its commands have run: how they went.
    func counts() throws -> ScriptRunner.Counts {
        end.wait()
        end.signal()
        return try outcome.withLock { try $0?.get() } ?? ScriptRunner.Counts()
    }
}
