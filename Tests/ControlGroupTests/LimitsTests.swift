internal import ControlGroup
internal import Glibc
internal import OCISpec
internal import TestSupport
internal import Testing

/// The kernel's own limits, version 1.
@Suite struct LimitsTests {
    private func memory(_ limit: Int64?, swap: Int64?) -> LinuxResources {
        LinuxResources(memory: .init(limit: limit, swap: swap))
    }

    @Test("CG-7: the kernel has the limits that were set")
    func limits() throws {
        guard let test = try TestGroup(.v1, skipping: "limits") else { return }
        var resources = LinuxResources(
            memory: .init(limit: 32 << 20, reservation: 16 << 20, swap: 64 << 20),
            cpu: .init(shares: 512, quota: 20_000, period: 50_000), pids: .init(limit: 7))
        resources.cpu?.burst = 10_000
        try test.group.apply(resources)
        #expect(try test.value("memory.limit_in_bytes", of: "memory") == "33554432")
        #expect(try test.value("memory.memsw.limit_in_bytes", of: "memory") == "67108864")
        #expect(try test.value("memory.soft_limit_in_bytes", of: "memory") == "16777216")
        #expect(try test.value("cpu.shares", of: "cpu") == "512")
        #expect(try test.value("cpu.cfs_quota_us", of: "cpu") == "20000")
        #expect(try test.value("cpu.cfs_period_us", of: "cpu") == "50000")
        #expect(try test.value("cpu.cfs_burst_us", of: "cpu") == "10000")
        #expect(try test.value("pids.max", of: "pids") == "7")
        try test.group.apply(LinuxResources(memory: .init(limit: -1), cpu: .init(quota: -1), pids: .init(limit: -1)))
        #expect(try test.value("memory.limit_in_bytes", of: "memory").count > 18)
        #expect(try test.value("memory.memsw.limit_in_bytes", of: "memory").count > 18)
        #expect(try test.value("cpu.cfs_quota_us", of: "cpu") == "-1")
        #expect(try test.value("pids.max", of: "pids") == "max")
    }

    @Test("CG-9: memory, and memory and swap together, are raised and lowered at once")
    func order() throws {
        guard let test = try TestGroup(.v1, skipping: "the order of limits") else { return }
        // Each step is refused by the kernel in one of the two orders, or allowed in both.
        for (limit, swap) in [(64, 64), (128, 256), (16, 32), (16, 16), (512, 512), (8, 1024), (8, 8)] {
            try test.group.apply(memory(Int64(limit) << 20, swap: Int64(swap) << 20))
            #expect(try test.value("memory.limit_in_bytes", of: "memory") == "\(limit << 20)")
            #expect(try test.value("memory.memsw.limit_in_bytes", of: "memory") == "\(swap << 20)")
        }
        var resources = LinuxResources(cpu: .init(quota: 50_000, period: 100_000))
        resources.cpu?.burst = 50_000
        try test.group.apply(resources)
        resources = LinuxResources(cpu: .init(quota: 10_000, period: 10_000))
        resources.cpu?.burst = 1000
        try test.group.apply(resources)
        #expect(try test.value("cpu.cfs_quota_us", of: "cpu") == "10000")
        #expect(try test.value("cpu.cfs_burst_us", of: "cpu") == "1000")
    }

    @Test("CG-22: what the kernel refuses is told with the file, the value and what to do")
    func refused() throws {
        guard let test = try TestGroup(.v1, skipping: "refused limits") else { return }
        try test.group.apply(memory(1 << 20, swap: 1 << 20))
        let error = try #require(throws: ControlGroupError.self) { try test.group.apply(memory(2 << 20, swap: nil)) }
        let file = test.path("memory.limit_in_bytes", of: "memory")
        #expect(error == ControlGroupError(.refused(value: "2097152", code: EINVAL), at: file))
        #expect(
            error.description
                == "\(file): the kernel does not take \"2097152\" (Invalid argument); correct the value, and see that no "
                + "group above has a narrower limit")
    }

    @Test("CG-10: a controller that is not there is an error by name, unless nothing is asked of it")
    func absent() throws {
        let folder = try TestFolder()
        let host = try HostControlGroups(mountinfo: "1 2 0:1 / \(folder.path) rw - cgroup cgroup rw,cpu")
        let group = try ControlGroup(path: "/x", on: host)
        try folder.write("1024\n", to: "x/cpu.shares")
        try group.apply(LinuxResources(cpu: .init(shares: 2)))
        #expect(try text(of: folder.path("x/cpu.shares")) == "2")
        try group.apply(LinuxResources(memory: .init(limit: -1, swap: 0), pids: .init(limit: 0)))
        #expect(throws: ControlGroupError(.noController("memory", for: "linux.resources.memory.limit"), at: "/x")) {
            try group.apply(memory(1 << 20, swap: nil))
        }
        #expect(throws: ControlGroupError(.noController("pids", for: "linux.resources.pids.limit"), at: "/x")) {
            try group.apply(LinuxResources(pids: .init(limit: 5)))
        }
        #expect(
            throws: ControlGroupError(
                .noFile(for: "linux.resources.cpu.period"), at: folder.path("x/cpu.cfs_period_us"))
        ) {
            try group.apply(LinuxResources(cpu: .init(period: 100_000)))
        }
    }

    @Test("CG-11: a set of processors is made when it is asked for, and takes the group's processes along")
    func processorSet() throws {
        guard let test = try TestGroup(.v1, skipping: "sets of processors") else { return }
        #expect(!exists(test.path("tasks", of: "cpuset")))
        #expect(!test.group.taskFiles.contains { $0.contains("cpuset") })
        let process = try test.startSleeper()
        defer { _ = kill(process, SIGKILL) }
        var resources = LinuxResources(cpu: .init())
        resources.cpu?.cpus = "0"
        try test.group.apply(resources)
        #expect(try test.value("cpuset.cpus", of: "cpuset") == "0")
        #expect(try !test.value("cpuset.mems", of: "cpuset").isEmpty)
        #expect(try test.value("tasks", of: "cpuset") == "\(process)")
        #expect(test.group.taskFiles.contains(test.path("tasks", of: "cpuset")))
    }
}
