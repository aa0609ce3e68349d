import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import OCISpec
@testable import TaskService

/// With the machine's own runc: each leaves no mount, no state and no control group (NativeTrial looks).
@Suite("NativeContainer")
struct NativeContainerTests {
    @Test("NAT-6: a native container is created, started, and removed; its output and exit code arrive")
    func life() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let trial = native.trial
                let path = trial.folder.path("out")
                let container = try native.container(
                    "echo hello; hostname >/dev/null; exit 7", stdout: "file://\(path)")
                trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                trial.expect(container.initial.process > 1, "no process")
                trial.expect(container.initial.state == .created, "not created")
                trial.expect(trial.text("out") == "", "it runs already")
                try native.start(container)
                trial.expect(try native.status(container.initial) == 7, "another exit code")
                trial.expect(trial.text("out") == "hello\n", "output \(trial.text("out"))")
                try native.remove(container)
                trial.expect(
                    try trial.folder.names(in: "bundle") == ["config.json", "rootfs"], "files are left in the bundle")
            }
        }
    }

    @Test("NAT-7: further processes have streams and exit codes of their own; input reaches them, and its end")
    func exec() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let trial = native.trial
                let container = try native.container("sleep 100")
                trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                try native.start(container)
                let input = trial.fifo("in")
                let paths = StreamPaths(
                    stdin: input, stdout: "file://\(trial.folder.path("out"))", stderr: "", hasTerminal: false)
                let process = ContainerProcessSpec(args: ["/bin/sh", "-c", "cat; exit 9"], env: ["PATH=/bin"])
                try container.addExec("e1", process, paths: paths)
                try trial.client("printf 'abc' >$D/in")
                var started: Result<Int32, TaskError>?
                container.startExec("e1") { started = $0 }
                let exec = try container.process("e1")
                exec.closeInput()
                trial.expect(try native.status(exec) == 9, "another exit code: \(native.log)")
                trial.expect(trial.text("out") == "abc", "output \(trial.text("out"))")
                trial.expect((try? started?.get()) == exec.process, "not started")

                try container.addExec("e2", ContainerProcessSpec(args: ["/nosuch"]), paths: paths)
                var refused: Result<Int32, TaskError>?
                container.startExec("e2") { refused = $0 }
                try trial.run { refused != nil }
                if case .failure(let error) = refused {
                    trial.expect(error.description.contains("/nosuch"), "\(error)")
                } else {
                    trial.expect(false, "a program that is not there was started")
                }
                trial.expect(container.initial.state == .running, "the container does not run")
                try container.kill("", signal: SIGKILL, all: false) { _ in }
                trial.expect(try native.status(container.initial) == 137, "not killed")
                try native.remove(container)
            }
        }
    }

    @Test("NAT-8: the runtime makes the terminal, and we copy between it and the client")
    func terminal() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let trial = native.trial
                let path = trial.folder.path("out")
                let container = try native.container(
                    "read x; stty size; tty; echo got $x", stdin: trial.fifo("in"), stdout: "file://\(path)",
                    terminal: true)
                trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                try container.initial.resize(width: 70, height: 20)
                try trial.client("printf 'line\\n' >$D/in")
                try native.start(container)
                trial.expect(try native.status(container.initial) == 0, "another exit code")
                let text = trial.text("out")
                trial.expect(text.contains("20 70\r\n/dev/pts/0\r\ngot line\r\n"), "output \(text.debugDescription)")
                try native.remove(container)
                let left = try OwnedDescriptor(opening: NativeRuntime.standardFolder, flags: O_RDONLY).entryNames(
                    of: "state")
                trial.expect(!left.contains { $0.text.hasPrefix(".terminal-\(getpid())-") }, "a socket is left")
            }
        }
    }

    @Test("NAT-9: what the runtime cannot create fails with its reason, and leaves nothing")
    func failure() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let hook = Hooks.Hook(
                    path: "/bin/sh", args: ["sh", "-c", "echo not today >&2; exit 1"], env: ["PATH=/bin"])
                let container = try native.container("true", hooks: Hooks(prestart: [hook]))
                let error = try native.create(container)
                native.trial.expect(error?.description.contains("not today") == true, "\(String(describing: error))")
                native.trial.expect(
                    try native.trial.folder.names(in: "bundle") == ["config.json", "rootfs"],
                    "files are left in the bundle")
            }
        }
    }

    @Test("NAT-10: the end of a process that is over at once is told after its start")
    func shortLived() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let container = try native.container("exit 3")
                native.trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                var order: [String] = []
                container.initial.wait { order.append("ended \($0.status)") }
                container.startInitial { _ in order.append("started") }
                // The process is over; the runtime may be or not.
                try native.trial.run { order.count == 2 }
                native.trial.expect(order == ["started", "ended 3"], "\(order)")
                try native.remove(container)
            }
        }
    }

    @Test("NAT-11: a container that never ran is removed with its process")
    func neverStarted() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let container = try native.container("sleep 100")
                native.trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                let process = container.initial.process
                try native.remove(container)
                native.trial.expect(kill(process, 0) != 0, "its process lives")
            }
        }
    }

    @Test("NAT-12: what a server that is gone has left is removed by `delete`, process, mounts and state")
    func leftover() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let container = try native.container("sleep 100")
                native.trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                try native.start(container)
                native.trial.expect(exists("\(native.stateFolder)/c1"), "no state")
                NativeContainer.removeLeftover(id: "c1", bundle: native.bundle)
                HostMounts.unmountAll(below: "\(native.bundle)/rootfs")
                native.trial.expect(try native.status(container.initial) == 137, "not killed")
                native.trial.expect(NativeRecord(inBundle: native.bundle) == nil, "the record is left")
                // Nothing is left to do, and that is no error.
                NativeContainer.removeLeftover(id: "c1", bundle: native.bundle)
                var isGone = false
                container.remove { isGone = true }
                try native.trial.run { isGone && native.context.unfinishedCleanups == 0 }
            }
        }
    }

    @Test("NAT-13: a paused native container stands still until it is resumed")
    func pause() async {
        guard NativeTrial.isPossible("native containers") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let trial = native.trial
                let container = try native.container(
                    "while :; do echo x; sleep 0.01; done", stdout: "file://\(trial.folder.path("out"))")
                trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                try native.start(container)
                try trial.run { trial.text("out").utf8.count > 4 }
                var isPaused = false
                try container.pause { _ in isPaused = true }
                try trial.run { isPaused }
                trial.expect(container.initial.state == .paused, "not paused")
                let size = trial.text("out").utf8.count
                usleep(100_000)
                trial.expect(trial.text("out").utf8.count == size, "it goes on")
                try container.resume()
                try trial.run { trial.text("out").utf8.count > size }
                try container.kill("", signal: SIGKILL, all: true) { _ in }
                trial.expect(try native.status(container.initial) == 137, "not killed")
                try native.remove(container)
            }
        }
    }
}
