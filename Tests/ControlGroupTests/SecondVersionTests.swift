internal import ControlGroup
internal import Glibc
internal import LinuxSystem
internal import OCISpec
internal import TestSupport
internal import Testing

/// Version 2: against files that imitate a group, and what a cgroup2 without controllers can do.
@Suite struct SecondVersionTests {
    private func group(in folder: TestFolder, _ path: String = "/a/x") throws -> ControlGroup {
        try ControlGroup(
            path: path, on: HostControlGroups(mountinfo: "1 2 0:1 / \(folder.path) rw - cgroup2 cgroup2 rw"))
    }

    @Test("CG-23: the groups above get the controllers that they have and do not pass on yet")
    func controllers() throws {
        let folder = try TestFolder()
        try folder.write("cpuset cpu io memory hugetlb pids rdma\n", to: "cgroup.controllers")
        try folder.write("io cpu\n", to: "cgroup.subtree_control")
        try folder.write("memory pids\n", to: "a/cgroup.controllers")
        try folder.write("\n", to: "a/cgroup.subtree_control")
        try group(in: folder).create()
        #expect(try text(of: folder.path("cgroup.subtree_control")) == "+cpuset +memory +pids")
        #expect(try text(of: folder.path("a/cgroup.subtree_control")) == "+memory +pids")
        #expect(try folder.names(in: "a/x").isEmpty)
    }

    @Test("CG-8: values reach the files of version 2")
    func values() throws {
        let folder = try TestFolder()
        for name in ["memory.max", "memory.swap.max", "memory.low", "cpu.weight", "cpu.max", "pids.max", "memory.high"]
        {
            try folder.write("old, and longer than the new value\n", to: "a/x/\(name)")
        }
        var resources = LinuxResources(
            memory: .init(limit: 4096, reservation: 2048, swap: 8192),
            cpu: .init(shares: 1024, quota: 1000, period: 5000), pids: .init(limit: 2))
        resources.unified = ["memory.high": "3000"]
        try group(in: folder).apply(resources)
        for (name, value) in [
            ("memory.max", "4096"), ("memory.swap.max", "4096"), ("memory.low", "2048"), ("cpu.weight", "39"),
            ("cpu.max", "1000 5000"), ("pids.max", "2"), ("memory.high", "3000"),
        ] {
            #expect(try text(of: folder.path("a/x/\(name)")) == value)
        }
    }

    @Test(
        "CG-24: a new period keeps the quota", arguments: [("max 100000\n", "max 5000"), ("700 100000\n", "700 5000")])
    func period(present: String, expected: String) throws {
        let folder = try TestFolder()
        try folder.write(present, to: "a/x/cpu.max")
        try group(in: folder).apply(LinuxResources(cpu: .init(period: 5000)))
        #expect(try text(of: folder.path("a/x/cpu.max")) == expected)
    }

    @Test("CG-10: version 2 too names the controller that is not there")
    func absent() throws {
        let folder = try TestFolder()
        try folder.write("cpu memory\n", to: "a/x/cgroup.controllers")
        let group = try group(in: folder)
        try group.apply(LinuxResources(memory: .init(limit: -1, swap: -1), cpu: .init(quota: -1)))
        #expect(
            throws: ControlGroupError(
                .noController("pids", for: "linux.resources.pids.limit"), at: folder.path("a/x"))
        ) { try group.apply(LinuxResources(pids: .init(limit: 1))) }
        #expect(
            throws: ControlGroupError(
                .noFile(for: "linux.resources.memory.limit"), at: folder.path("a/x/memory.max"))
        ) { try group.apply(LinuxResources(memory: .init(limit: 1))) }
    }

    @Test("CG-14, CG-15: version 2 freezes, thaws and kills")
    func kernel() throws {
        guard let test = try TestGroup(.v2, skipping: "cgroup2") else { return }
        #expect(test.group.taskFiles.isEmpty)
        #expect(try test.group.openFolder() != nil)
        let process = try test.startSleeper()
        #expect(try test.group.processes() == [process])
        #expect(try !test.group.isFrozen())
        try test.group.freeze()
        try eventually("frozen") { try test.group.isFrozen() }
        try test.group.thaw()
        try eventually("thawed") { try !test.group.isFrozen() }
        try test.group.freeze()
        try eventually("frozen") { try test.group.isFrozen() }
        #expect(try !test.group.remove())
        #expect(throws: ControlGroupError(.inUse(processes: 1), at: test.group.path)) { try test.group.create() }
        try test.group.killAll()
        #expect(try ProcessEnd(of: process, block: true) == .killed(signal: SIGKILL))
        try eventually("removed") { try test.group.remove() }
        #expect(try test.group.processes().isEmpty)
        guard case .v2(V2Stats()) = try test.group.stats() else { throw TestFailure() }
    }

    @Test("CG-16: version 2 removes groups below, too")
    func below() throws {
        guard let test = try TestGroup(.v2, skipping: "cgroup2") else { return }
        try makeFolder(at: test.path("a", of: ""), mode: 0o755)
        try makeFolder(at: test.path("a/b", of: ""), mode: 0o755)
        #expect(try test.group.remove())
        #expect(!exists(test.path("", of: "")))
    }
}
