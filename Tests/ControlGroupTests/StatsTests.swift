internal import LinuxSystem
internal import OCISpec
internal import TestSupport
internal import Testing

@testable internal import ControlGroup

@Suite struct StatsTests {
    private func group(_ mount: String, in folder: TestFolder) throws -> ControlGroup {
        try ControlGroup(path: "/x", on: HostControlGroups(mountinfo: "1 2 0:1 / \(folder.path) rw - \(mount)"))
    }

    private func firstVersion(in folder: TestFolder) throws -> V1Stats {
        let all = "cgroup cgroup rw,cpu,cpuacct,memory,pids,blkio"
        guard case .v1(let stats) = try group(all, in: folder).stats() else { throw TestFailure() }
        return stats
    }

    private func secondVersion(in folder: TestFolder) throws -> V2Stats {
        guard case .v2(let stats) = try group("cgroup2 cgroup2 rw", in: folder).stats() else { throw TestFailure() }
        return stats
    }

    @Test("CG-17: version 1's figures have the units of containerd's message")
    func firstVersion() throws {
        let folder = try TestFolder()
        let files = [
            "pids.current": "3\n", "pids.max": "max\n", "cpuacct.usage": "123456789\n",
            "cpuacct.usage_percpu": "100 23456689 \n", "cpuacct.stat": "user 7\nsystem 5\n",
            "cpu.stat": "nr_periods 10\nnr_throttled 4\nthrottled_time 250\n", "memory.limit_in_bytes": "1048576\n",
            "memory.usage_in_bytes": "4096\n", "memory.max_usage_in_bytes": "8192\n", "memory.failcnt": "2\n",
            "memory.memsw.usage_in_bytes": "5000\n", "memory.kmem.usage_in_bytes": "700\n",
            "memory.kmem.tcp.limit_in_bytes": "9\n",
            "memory.oom_control": "oom_kill_disable 1\nunder_oom 1\noom_kill 6\n",
            "memory.stat": "cache 1\nrss 2\npgpgin 7\ninactive_anon 11\nhierarchical_memsw_limit 17\n"
                + "total_cache 18\ntotal_unevictable 32\nnever_heard_of 99\n",
            "blkio.bfq.io_service_bytes_recursive": "Total 0\n",
            "blkio.throttle.io_service_bytes_recursive": "259:3 Read 4096\n259:3 Total 4096\nTotal 4096\n",
            "blkio.throttle.io_serviced_recursive": "259:3 Write 1\nTotal 1\n",
        ]
        for (name, text) in files { try folder.write(text, to: "x/\(name)") }
        var expected = V1Stats()
        expected.pids = .init(current: 3, limit: 0)
        expected.cpu = .init(
            total: 123_456_789, kernel: 50_000_000, user: 70_000_000, perCPU: [100, 23_456_689],
            throttling: .init(periods: 10, throttledPeriods: 4, throttledTime: 250))
        expected.usage = .init(limit: 1 << 20, usage: 4096, max: 8192, failcnt: 2)
        expected.swap.usage = 5000
        expected.kernel.usage = 700
        expected.kernelTCP.limit = 9
        expected.oomControl = .init(oomKillDisable: 1, underOOM: 1, oomKill: 6)
        expected.memory.cache = 1
        expected.memory.rss = 2
        expected.memory.pgPgIn = 7
        expected.memory.inactiveAnon = 11
        expected.memory.hierarchicalSwapLimit = 17
        expected.memory.totalCache = 18
        expected.memory.totalUnevictable = 32
        expected.ioServiceBytesRecursive = [
            .init(op: "Read", device: "", major: 259, minor: 3, value: 4096),
            .init(op: "Total", device: "", major: 259, minor: 3, value: 4096),
        ]
        expected.ioServicedRecursive = [.init(op: "Write", device: "", major: 259, minor: 3, value: 1)]
        var found = try firstVersion(in: folder)
        // Whether this machine has such a device is not the question here.
        for index in found.ioServiceBytesRecursive.indices { found.ioServiceBytesRecursive[index].device = "" }
        for index in found.ioServicedRecursive.indices { found.ioServicedRecursive[index].device = "" }
        #expect(found == expected)
        #expect(
            V1Stats.devices(in: "   8       1 sda1 9 9\n 259 0 nvme0n1 1\n") == [
                "8:1": "/dev/sda1", "259:0": "/dev/nvme0n1",
            ])
    }

    @Test("CG-17: every member of version 1's memory.stat is read from its own line")
    func memoryMembers() {
        let names = """
            cache rss rss_huge mapped_file dirty writeback pgpgin pgpgout pgfault pgmajfault inactive_anon active_anon \
            inactive_file active_file unevictable hierarchical_memory_limit hierarchical_memsw_limit total_cache \
            total_rss total_rss_huge total_mapped_file total_dirty total_writeback total_pgpgin total_pgpgout \
            total_pgfault total_pgmajfault total_inactive_anon total_active_anon total_inactive_file \
            total_active_file total_unevictable
            """.split(separator: " ")
        let text = names.enumerated().map { "\($0.element) \($0.offset + 1)\n" }.joined()
        let values = Mirror(reflecting: V1Stats.MemoryFigures(text)).children.map { $0.value as? UInt64 }
        // The message's fields 1 to 32 are in the kernel's order.
        #expect(values == (1...32).map { UInt64($0) })
    }

    @Test("CG-18: version 2's figures have the units of containerd's message, and max is the greatest number")
    func secondVersion() throws {
        let folder = try TestFolder()
        let files = [
            "pids.current": "3\n", "pids.max": "max\n", "memory.current": "4096\n", "memory.max": "1048576\n",
            "memory.peak": "8192\n", "memory.swap.current": "1\n", "memory.swap.max": "max\n",
            "memory.swap.peak": "2\n",
            "cpu.stat": "usage_usec 9\nuser_usec 5\nsystem_usec 4\nnr_periods 3\nnr_throttled 2\nthrottled_usec 1\n"
                + "nr_bursts 7\n",
            "memory.stat": "anon 1\nslab 4\nworkingset_refault_anon 20\nworkingset_refault_file 2\n"
                + "workingset_activate 21\nthp_collapse_alloc 31\n",
            "memory.events": "low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\n",
            "io.stat": "8:0 rbytes=4096 wbytes=8 rios=1 wios=2 dbytes=0 dios=0\n253:1\n",
        ]
        for (name, text) in files { try folder.write(text, to: "x/\(name)") }
        var expected = V2Stats()
        expected.pids = .init(current: 3, limit: .max)
        expected.cpu = .init(
            usageUsec: 9, userUsec: 5, systemUsec: 4, nrPeriods: 3, nrThrottled: 2, throttledUsec: 1)
        expected.memory.anon = 1
        expected.memory.slab = 4
        expected.memory.workingsetRefault = 22
        expected.memory.workingsetActivate = 21
        expected.memory.thpCollapseAlloc = 31
        expected.memory.usage = 4096
        expected.memory.usageLimit = 1 << 20
        expected.memory.maxUsage = 8192
        expected.memory.swapUsage = 1
        expected.memory.swapLimit = .max
        expected.memory.swapMaxUsage = 2
        expected.memoryEvents = .init(low: 1, high: 2, max: 3, oom: 4, oomKill: 5)
        expected.io = [
            .init(major: 8, minor: 0, rbytes: 4096, wbytes: 8, rios: 1, wios: 2), .init(major: 253, minor: 1),
        ]
        #expect(try secondVersion(in: folder) == expected)
    }

    @Test("CG-19: files that are not there give zeros")
    func nothing() throws {
        let folder = try TestFolder()
        #expect(try firstVersion(in: folder) == V1Stats())
        #expect(try secondVersion(in: folder) == V2Stats())
    }

    @Test("CG-17: a busy process shows in the kernel's figures")
    func busy() throws {
        guard let test = try TestGroup(.v1, skipping: "figures") else { return }
        try test.group.apply(LinuxResources(memory: .init(limit: 64 << 20), cpu: .init(quota: 5000, period: 10_000)))
        let process = try test.start("while :; do :; done")
        defer { try? test.group.killAll() }
        try eventually("it is throttled, and has used a tenth of a second") {
            guard case .v1(let stats) = try test.group.stats() else { throw TestFailure() }
            return stats.cpu.total > 100_000_000 && stats.cpu.throttling.throttledPeriods > 0 && stats.cpu.user > 0
        }
        guard case .v1(let stats) = try test.group.stats() else { throw TestFailure() }
        #expect(stats.pids == .init(current: 1, limit: 0))
        #expect(stats.usage.limit == 64 << 20)
        #expect(stats.usage.usage > 0 && stats.usage.usage <= 64 << 20)
        #expect(stats.memory.hierarchicalMemoryLimit == 64 << 20)
        #expect(stats.cpu.perCPU.reduce(0, +) <= stats.cpu.total + 1_000_000_000)
        #expect(stats.cpu.user + stats.cpu.kernel < stats.cpu.total * 2 + 50_000_000)
        try test.group.killAll()
        #expect(try ProcessEnd(of: process, block: true) == .killed(signal: 9))
    }
}
