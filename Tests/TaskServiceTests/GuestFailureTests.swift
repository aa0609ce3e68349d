import ControlGroup
import Glibc
import LinuxSystem
import TestSupport
import Testing

@testable import OCISpec
@testable import TaskService

/// Guests that fail while they get ready, played by a shell that has the guest's socket as 4.
@Suite("GuestFailure")
struct GuestFailureTests {
    /// What Create says of a guest that does `command`.
    private static func refusal(of command: String, _ native: NativeTrial) throws -> String {
        let container = try native.container(command, program: [])
        var result: Result<Int32, TaskError>?
        container.create { result = $0 }
        try native.trial.run { result != nil }
        try native.trial.run { native.context.unfinishedCleanups == 0 }
        native.trial.expect(
            try native.trial.folder.names(in: "bundle") == ["config.json", "rootfs"], "files are left in the bundle")
        guard case .failure(let error)? = result else { return "" }
        return error.description
    }

    @Test(
        "SHIM-28: a guest that ends without a word, or says what means nothing, makes Create fail at once",
        arguments: [
            ["exit 3", "ended with code 3"],
            // Somebody else has its socket.
            ["sleep 100 & exit 3", "ended with code 3"],
            ["exec 4>&-; sleep 100", "ended by signal 9"],
            ["echo nonsense >&4; sleep 100", "ended by signal 9"],
        ])
    func failures(_ trial: [String]) async {
        guard NativeTrial.isPossible("guests that fail") else { return }
        await #expect(processExitsWith: .success) { [trial] in
            NativeTrial.run { native in
                let reason = try Self.refusal(of: trial[0], native)
                native.trial.expect(reason.contains(trial[1]), "\(trial[0]): \(reason)")
            }
        }
    }

    @Test("SHIM-29: a control group with processes in it is refused, and nothing happens to them")
    func groupOfOthers() async {
        guard NativeTrial.isPossible("control groups of others") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let group = try ControlGroup(path: "/\(native.namespace)/c1", on: native.context.controlGroups)
                try group.create()
                let entries = group.taskFiles.map { "echo 0 >\(quoted($0)) && " }.joined()
                var end: ProcessEnd?
                try native.trial.client("\(entries)exec sleep 100") { end = $0 }
                try native.trial.run { ((try? group.processes()) ?? []).count == 1 }
                let reason = try Self.refusal(of: "exit 0", native)
                native.trial.expect(reason.contains("1 processes are in this control group already"), reason)
                native.trial.expect(try group.processes().count == 1 && end == nil, "the process was killed")
                try group.killAll()
                try native.trial.run { (try? group.remove()) == true }
            }
        }
    }

    @Test("SHIM-29: a group that was made anew since is another")
    func groupMadeAnew() throws {
        guard NativeTrial.isPossible("control groups of others") else { return }
        let folder = try TestFolder()
        let groups = try HostControlGroups()
        let group = try ControlGroup(path: "/group-record-\(getpid())", on: groups)
        try group.create()
        defer { _ = try? group.remove() }
        let record = try #require(GroupRecord(of: group))
        try record.write(toBundle: folder.path)
        #expect(GroupRecord(inBundle: folder.path) == record)
        #expect(record.group(on: groups) == group)
        try group.create()
        #expect(record.group(on: groups) == nil)
        record.remove(fromBundle: folder.path)
        #expect(GroupRecord(inBundle: folder.path) == nil)
    }

    @Test("SHIM-29: of a record that cannot be read nothing is believed", arguments: ["", "/a\n", "a\n1\n", "/a\nx\n"])
    func unreadable(_ text: String) throws {
        let folder = try TestFolder()
        try folder.write(Array(text.utf8), to: GroupRecord.fileName)
        #expect(GroupRecord(inBundle: folder.path) == nil)
    }

    @Test("SHIM-30: a process that has ended gets no signal, also when nobody has been told of its end yet")
    func heldEnd() async {
        guard NativeTrial.isPossible("signals to what has ended") else { return }
        await #expect(processExitsWith: .success) {
            NativeTrial.run { native in
                let trial = native.trial
                let container = try native.container("sleep 100")
                trial.expect(try native.create(container) == nil, "not created: \(native.log)")
                try native.start(container)
                let process = container.initial
                process.holdEnd()
                try process.signal(SIGKILL)
                try trial.run { process.isGone }
                trial.expect(process.state == .running, "the end is told")
                do throws(TaskError) {
                    try container.kill("", signal: 9, all: true) { _ in }
                    trial.expect(false, "a signal was sent")
                } catch { trial.expect(error.problem == .finished, "\(error)") }
                process.releaseEnd()
                trial.expect(try native.status(process) == 137, "another exit code")
                try native.remove(container)
            }
        }
    }
}
