import Glibc
import LinuxSystem
import Testing

@testable import TTRPC

@Suite("Descriptor limit")
struct DescriptorLimitTests {
    /// In a process of its own: the limit is for all of it.
    @Test("TTRPC-23: without descriptors clients wait, the loop does not spin, and then they are served")
    func exhausted() async {
        await #expect(processExitsWith: .success) {
            let trial = try LoopTrial()
            trial.answer = { $0.reply([1]) }
            let client = try trial.connect()
            // The runner of tests may leave any number of descriptors to this process: the limit is above those.
            let free = dup(0)
            close(free)
            var limit = rlimit(rlim_cur: rlim_t(free) + 64, rlim_max: rlim_t(free) + 64)
            #expect(unsafe setrlimit(__rlimit_resource_t(7), &limit) == 0)
            var taken: [Int32] = []
            while case let number = dup(0), number >= 0 { taken.append(number) }
            var result: Result<[UInt8], Status>?
            client.call(service: "s", method: "m", payload: []) { result = $0 }
            let start = ContinuousClock.now
            try trial.run("it is tried some times") {
                trial.troubles.count == 3 || ContinuousClock.now - start > .seconds(5)
            }
            #expect(trial.troubles.allSatisfy { $0 == .system(SystemCallError(operation: "accept", code: EMFILE)) })
            #expect(ContinuousClock.now - start >= .milliseconds(190))
            #expect(result == nil)
            for number in taken { close(number) }
            try trial.run("served") { result != nil }
            #expect(result == .success([1]))
        }
    }
}
