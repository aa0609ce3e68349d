import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import OCISpec
@testable import TaskService

@Suite("HookRunner")
struct NativeHookTests {
    private static func hook(_ command: String, timeout: Int? = nil) -> Hooks.Hook {
        Hooks.Hook(
            path: "/bin/sh", args: ["hook", "-c", command], env: ["PATH=/usr/bin:/bin", "X=y"], timeout: timeout)
    }

    /// Runs hooks; what came of it.
    private static func run(_ hooks: [Hooks.Hook], _ native: NativeTrial) throws -> String {
        try native.trial.folder.makeFolder("bundle")
        let runner = HookRunner(
            context: native.context,
            state: .init(
                ociVersion: "1.0.2", id: "c1", status: "creating", pid: 42, bundle: native.bundle,
                annotations: ["a": "b"]))
        var answer: String?
        runner.run(hooks) { result in
            switch result {
            case .success: answer = "done"
            case .failure(let error): answer = error.description
            }
        }
        try native.trial.run { answer != nil }
        return answer ?? ""
    }

    @Test("HOOK-1: hooks run one after the other, with the state as JSON on standard input and their own environment")
    func state() async {
        guard NativeTrial.isPossible("hooks") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let hooks = [Self.hook("sleep 0.05; cat >state; echo $0 $X >order"), Self.hook("echo second >>order")]
                native.trial.expect(try Self.run(hooks, native) == "done", "failed")
                native.trial.expect(
                    native.trial.text("bundle/order") == "hook y\nsecond\n", native.trial.text("bundle/order"))
                let expected =
                    #"{"annotations":{"a":"b"},"bundle":"\#(native.bundle)","id":"c1","ociVersion":"1.0.2","pid":42,"status":"creating"}"#
                native.trial.expect(native.trial.text("bundle/state") == expected, native.trial.text("bundle/state"))
            }
        }
    }

    @Test("HOOK-2: a hook that fails or takes too long is named with what it complained of, and none follows")
    func failure() async {
        guard NativeTrial.isPossible("hooks") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let after = Self.hook("touch after")
                let failed = try Self.run([Self.hook("echo no network >&2; exit 4"), after], native)
                native.trial.expect(failed == "hook /bin/sh ended with code 4: no network", failed)
                let late = try Self.run([Self.hook("echo slow >&2; sleep 100", timeout: 1), after], native)
                native.trial.expect(late == "hook /bin/sh took longer than 1.0 seconds: slow", late)
                let missing = try Self.run([Hooks.Hook(path: "/nosuch"), after], native)
                native.trial.expect(missing.contains("/nosuch"), missing)
                let relative = try Self.run([Hooks.Hook(path: "sh"), after], native)
                native.trial.expect(relative.contains("not an absolute path"), relative)
                native.trial.expect(!exists("\(native.bundle)/after"), "another hook has run")
            }
        }
    }

    @Test("HOOK-3: prestart hooks come before createRuntime hooks; one that fails is the creation's failure")
    func creation() async {
        guard NativeTrial.isPossible("hooks") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let hooks = Hooks(
                    prestart: [Self.hook("echo one >>order")], createRuntime: [Self.hook("echo two >>order; exit 1")])
                let container = try native.container("true", hooks: hooks)
                var answer: Result<Void, TaskError>?
                container.runCreationHooks { answer = $0 }
                try native.trial.run { answer != nil }
                if case .failure = answer {} else { native.trial.expect(false, "creation goes on") }
                native.trial.expect(
                    native.trial.text("bundle/order") == "one\ntwo\n", native.trial.text("bundle/order"))
            }
        }
    }

    @Test("HOOK-4: a failing poststart or poststop hook is told in the log alone, and the others run")
    func laterHooks() async {
        guard NativeTrial.isPossible("hooks") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let hooks = Hooks(
                    poststart: [Self.hook("exit 1"), Self.hook("cat >start")],
                    poststop: [Self.hook("cat >stop; exit 1")])
                let container = try native.container("true", hooks: hooks)
                var told: [String] = []
                container.runStartHooks { told.append("start") }
                try native.trial.run { told.count == 1 }
                container.runRemovalHooks { told.append("stop") }
                try native.trial.run { told.count == 2 }
                native.trial.expect(
                    native.trial.text("bundle/start").contains(#""status":"running""#), "no running state")
                native.trial.expect(
                    native.trial.text("bundle/stop").contains(#""status":"stopped""#), "no stopped state")
                native.trial.expect(
                    !native.trial.text("bundle/stop").contains("pid"), "a process that is gone is named")
                native.trial.expect(native.log == "hook failed\nhook failed", native.log)
            }
        }
    }
}
