internal import ControlGroup
internal import Glibc
internal import LinuxSystem
internal import OCISpec
internal import TestSupport
internal import Testing

/// The kernel's own groups, version 1.
@Suite struct LifecycleTests {
    @Test("CG-5: a group is made in every tree but those of devices and processor sets")
    func trees() throws {
        guard let test = try TestGroup(.v1, skipping: "making groups") else { return }
        for controller in ["cpu", "cpuacct", "memory", "pids", "freezer", "blkio"] {
            let file = test.path("tasks", of: controller)
            #expect(exists(file))
            #expect(test.group.taskFiles.contains(file))
        }
        #expect(!exists("/sys/fs/cgroup/devices\(test.group.path)"))
        #expect(try test.group.openFolder() == nil)
    }

    @Test("CG-6: an empty group that was left behind is replaced, with its limits; one in use is an error")
    func leftOver() throws {
        guard let test = try TestGroup(.v1, skipping: "groups left behind") else { return }
        try test.group.apply(LinuxResources(pids: .init(limit: 3)))
        try makeFolder(at: test.path("below", of: "memory"), mode: 0o755)
        try test.group.create()
        #expect(try test.value("pids.max", of: "pids") == "max")
        #expect(!exists(test.path("below", of: "memory")))
        let process = try test.startSleeper()
        #expect(throws: ControlGroupError(.inUse(processes: 1), at: test.group.path)) { try test.group.create() }
        #expect(try test.group.processes() == [process])
        try test.group.killAll()
        #expect(try ProcessEnd(of: process, block: true) == .killed(signal: SIGKILL))
    }

    @Test("CG-12, CG-13: who writes 0 to the task files is in the group; so is who is in a group below")
    func processes() throws {
        guard let test = try TestGroup(.v1, skipping: "processes of groups") else { return }
        #expect(try test.group.processes().isEmpty)
        let first = try test.startSleeper()
        let below = test.path("below", of: "freezer")
        try makeFolder(at: below, mode: 0o755)
        let second = try test.start("echo 0 >\(quoted(below))/tasks; exec sleep 60")
        try eventually("the process is in the group below") {
            try text(of: "\(below)/cgroup.procs") == "\(second)\n"
        }
        #expect(try test.group.processes() == [first, second].sorted())
        try test.group.killAll()
        for process in [first, second] {
            #expect(try ProcessEnd(of: process, block: true) == .killed(signal: SIGKILL))
        }
    }

    @Test("CG-14, CG-15: a frozen process stands still, thaws, and dies when all are killed")
    func freezer() throws {
        guard let test = try TestGroup(.v1, skipping: "freezing") else { return }
        let process = try test.start("while :; do :; done")
        try eventually("the process is in the group") { try test.group.processes() == [process] }
        #expect(try !test.group.isFrozen())
        try test.group.freeze()
        try eventually("frozen") { try test.group.isFrozen() }
        #expect(try state(of: process) == "D")
        try test.group.thaw()
        #expect(try !test.group.isFrozen())
        #expect(try state(of: process) == "R")
        try test.group.freeze()
        try eventually("frozen") { try test.group.isFrozen() }
        try test.group.killAll()
        #expect(try ProcessEnd(of: process, block: true) == .killed(signal: SIGKILL))
        #expect(try !test.group.isFrozen())
    }

    @Test("CG-15: processes that go on making others are all killed")
    func forks() throws {
        guard let test = try TestGroup(.v1, skipping: "killing") else { return }
        let process = try test.start("for i in 1 2 3 4 5 6; do (while :; do (sleep 0.001); done) & done; wait")
        try eventually("processes are in the group") { try test.group.processes().count > 10 }
        try eventually("all are gone") {
            try test.group.killAll()
            return try test.group.processes().isEmpty
        }
        #expect(try ProcessEnd(of: process, block: true) == .killed(signal: SIGKILL))
    }

    @Test("CG-16: a group is removed with those below it when nobody is in it, and again without harm")
    func removal() throws {
        guard let test = try TestGroup(.v1, skipping: "removing groups") else { return }
        try makeFolder(at: test.path("a", of: "memory"), mode: 0o755)
        try makeFolder(at: test.path("a/b", of: "memory"), mode: 0o755)
        let process = try test.startSleeper()
        #expect(try !test.group.remove())
        try test.group.killAll()
        #expect(try ProcessEnd(of: process, block: true) == .killed(signal: SIGKILL))
        try eventually("removed") { try test.group.remove() }
        #expect(!exists(test.path("", of: "memory")))
        #expect(try test.group.remove())
        #expect(test.group.taskFiles.isEmpty)
        #expect(try test.group.processes().isEmpty)
        try test.group.killAll()
        guard case .v1(V1Stats()) = try test.group.stats() else { throw TestFailure() }
    }

    /// The letter of a process's state in /proc.
    private func state(of process: Int32) throws -> Substring {
        let words = try text(of: "/proc/\(process)/stat").split(separator: " ")
        return words[2]
    }
}
