import TTRPC
import Testing

@testable import TaskService

/// Every transition of the state machine, and every refusal.
@Suite struct ProcessStateTests {
    static let end = ExitRecord(status: 7, seconds: 1, nanoseconds: 2)
    static let states: [ProcessState] = [.created, .running, .pausing, .paused, .stopped(end)]

    /// What an operation makes of each state; `nil` where it is refused.
    private func outcomes(_ operation: (inout ProcessState) throws -> Void) -> [ProcessState?] {
        Self.states.map { state in
            var state = state
            do { try operation(&state) } catch { return nil }
            return state
        }
    }

    @Test("SHIM-1: only a created process starts")
    func start() {
        #expect(outcomes { try $0.start() } == [.running, nil, nil, nil, nil])
    }

    @Test("SHIM-2: only a running process is paused, and is paused once the freezer has finished")
    func pause() {
        #expect(outcomes { try $0.beginPause() } == [nil, .pausing, nil, nil, nil])
        #expect(outcomes { _ = $0.finishPause() } == [.created, .running, .paused, .paused, .stopped(Self.end)])
        #expect(outcomes { $0.abandonPause() } == [.created, .running, .running, .paused, .stopped(Self.end)])
    }

    @Test("SHIM-3: what is paused, or is about to be, can be resumed")
    func resume() {
        #expect(outcomes { try $0.resume() } == [nil, nil, .running, .running, nil])
    }

    @Test("SHIM-4: a signal reaches every state but the last, which answers NotFound")
    func kill() {
        #expect(outcomes { try $0.checkKill() } == [.created, .running, .pausing, .paused, nil])
        #expect(Status(TaskError(.finished)) == Status(.notFound, "process already finished"))
    }

    @Test("SHIM-5: what runs is not deleted")
    func delete() {
        #expect(outcomes { try $0.checkDelete() } == [.created, nil, nil, nil, .stopped(Self.end)])
    }

    @Test("SHIM-6: a process is added as long as the first one has not ended")
    func exec() {
        #expect(outcomes { try $0.checkExec() } == [.created, .running, nil, nil, nil])
        #expect(Status(TaskError(.initStopped)).code == .failedPrecondition)
    }

    @Test("SHIM-7: a process ends once, from every state, and its end does not change")
    func end() {
        for state in Self.states.dropLast() {
            var state = state
            let isFirst = state.end(Self.end)
            #expect(isFirst)
            #expect(state.exit == Self.end)
            let isSecond = state.end(ExitRecord(status: 9, seconds: 9, nanoseconds: 9))
            #expect(!isSecond)
            #expect(state.exit == Self.end)
        }
    }

    @Test("SHIM-8: limits are changed until the end")
    func update() {
        #expect(outcomes { try $0.checkUpdate() } == [.created, .running, .pausing, .paused, nil])
    }

    @Test(
        "SHIM-9: each problem is told by the code that containerd's clients act on",
        arguments: [
            (TaskError.Problem.exists("x"), StatusCode.alreadyExists), (.notCreated("x"), .notFound),
            (.noExec("x"), .notFound), (.finished, .notFound), (.wrongState("pause", state: "created"), .unknown),
            (.wrongState("delete", state: "running", isPrecondition: true), .failedPrecondition),
            (.initStopped, .failedPrecondition), (.unsupported("x"), .unimplemented), (.invalid("x"), .invalidArgument),
            (.failed("x"), .unknown),
        ])
    func codes(problem: TaskError.Problem, code: StatusCode) {
        #expect(Status(TaskError(problem)).code == code)
        #expect(!TaskError(problem).description.isEmpty)
    }
}
