import CLinux
import Glibc
import LinuxSystem
import Testing

@testable import EventLoop

@Suite("ChildEnds")
struct ChildEndsTests {
    /// In a process of its own: all children that end are taken, whoever started them.
    @Test("LOOP-11: the end of each child is told to who expects it, and a stranger's leaves no zombie")
    func ends() async {
        await #expect(processExitsWith: .success) {
            // And in one with a single thread: any other would take SIGCHLD and ignore it.
            let child = CLinux_fork()
            if child == 0 { _exit(ChildEndsTests.problem().map { _ in 1 } ?? 0) }
            var status: Int32 = 0
            #expect(unsafe waitpid(child, &status, 0) == child)
            #expect(ProcessEnd(waitStatus: status) == .exited(code: 0))
            exit(ProcessEnd(waitStatus: status).shellStatus)
        }
    }

    /// What went wrong.
    private static func problem() -> String? {
        do throws(SystemCallError) {
            let loop = try EventLoop()
            let ends = try ChildEnds(on: loop)
            CLinux_become_subreaper()
            var told: [String: ProcessEnd] = [:]
            func expectEnd(_ name: String, _ command: String) throws(SystemCallError) -> Int32 {
                let process = try ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", command]).start()
                ends.expect(process) { end in
                    told[name] = end
                    if told.count == 3 { loop.stop() }
                }
                return process
            }
            let stranger = try ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", "exit 9"]).start()
            _ = try expectEnd("code", "exit 7")
            _ = try expectEnd("signal", "kill -9 $$")
            // The orphan of this one becomes ours.
            _ = try expectEnd("late", "sleep 0.05 & sleep 0.2")
            loop.schedule(after: .seconds(10)) { loop.stop() }
            try loop.run()
            let expected: [String: ProcessEnd] = [
                "code": .exited(code: 7), "signal": .killed(signal: 9), "late": .exited(code: 0),
            ]
            guard told == expected else { return "told \(told)" }
            var status: Int32 = 0
            guard unsafe waitpid(stranger, &status, WNOHANG) == -1 else { return "a zombie is left" }
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("LOOP-12: the end of an adopted process is told also when it came before its number, but not from before")
    func adoption() async {
        await #expect(processExitsWith: .success) {
            let child = CLinux_fork()
            if child == 0 { _exit(ChildEndsTests.adoptionProblem().map { _ in 1 } ?? 0) }
            var status: Int32 = 0
            #expect(unsafe waitpid(child, &status, 0) == child)
            #expect(ProcessEnd(waitStatus: status) == .exited(code: 0))
            exit(ProcessEnd(waitStatus: status).shellStatus)
        }
    }

    private static func adoptionProblem() -> String? {
        do throws(SystemCallError) {
            let loop = try EventLoop()
            let ends = try ChildEnds(on: loop)
            func stranger(_ command: String) throws(SystemCallError) -> Int32 {
                try ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", command]).start()
            }
            func wait(_ time: Duration) throws(SystemCallError) {
                loop.schedule(after: time) { loop.stop() }
                try loop.run()
            }
            var told: [String] = []
            let forgotten = try stranger("exit 1")
            try wait(.milliseconds(100))
            ends.beginAdoption()
            let early = try stranger("exit 2")
            let late = try stranger("sleep 0.2; exit 3")
            try wait(.milliseconds(100))
            ends.adopt(forgotten) { told.append("forgotten \($0)") }
            ends.adopt(early) { told.append("early \($0)") }
            ends.adopt(late) { told.append("late \($0)") }
            guard told.isEmpty else { return "told within adopt" }
            let unknown = try stranger("exit 4")
            try wait(.milliseconds(400))
            ends.endAdoption()
            ends.beginAdoption()
            ends.adopt(unknown) { told.append("unknown \($0)") }
            try wait(.milliseconds(50))
            ends.endAdoption()
            return told == ["early exited(code: 2)", "late exited(code: 3)"] ? nil : "told \(told)"
        } catch {
            return "\(error)"
        }
    }
}
