internal import OCISpec
internal import Testing

@testable internal import ControlGroup

@Suite struct SettingsTests {
    private func written(_ settings: [Setting]) -> [String] {
        settings.flatMap { $0.choices.map { "\($0.file)=\($0.value)" } }
    }

    private func resources(
        limit: Int64? = nil, reservation: Int64? = nil, swap: Int64? = nil, shares: UInt64? = nil, quota: Int64? = nil,
        period: UInt64? = nil, pids: Int64? = nil
    ) -> LinuxResources {
        LinuxResources(
            memory: .init(limit: limit, reservation: reservation, swap: swap),
            cpu: .init(shares: shares, quota: quota, period: period), pids: .init(limit: pids))
    }

    @Test("CG-7: version 1 takes the values as they are")
    func firstVersion() throws {
        var all = resources(
            limit: 1 << 20, reservation: 1 << 19, swap: 2 << 20, shares: 512, quota: 50_000, period: 100_000, pids: 9)
        all.memory?.swappiness = 10
        all.memory?.disableOOMKiller = true
        all.cpu?.burst = 1000
        all.cpu?.cpus = "0-1"
        all.cpu?.mems = "0"
        all.blockIO = try blockIO(weight: 500)
        #expect(
            try written(SettingsV1(all).settings) == [
                "memory.limit_in_bytes=1048576", "memory.memsw.limit_in_bytes=2097152",
                "memory.soft_limit_in_bytes=524288", "memory.swappiness=10", "memory.oom_control=1", "cpu.shares=512",
                "cpu.cfs_period_us=100000", "cpu.cfs_quota_us=50000", "cpu.cfs_burst_us=1000", "cpuset.cpus=0-1",
                "cpuset.mems=0", "pids.max=9", "blkio.weight=500", "blkio.bfq.weight=500",
            ])
    }

    @Test("CG-7, CG-8: 0 asks for nothing, -1 for no limit, and pids have no limit of 0")
    func nothing() throws {
        let zeros = resources(limit: 0, reservation: 0, swap: 0, shares: 0, quota: 0, period: 0, pids: 0)
        #expect(try written(SettingsV1(zeros).settings) == ["pids.max=max"])
        #expect(try written(SettingsV2(zeros).settings) == ["pids.max=max"])
        #expect(try SettingsV1(LinuxResources()).settings.isEmpty)
        #expect(try SettingsV2(LinuxResources()).settings.isEmpty)
        let unlimited = resources(limit: -1, reservation: -1, swap: -1, quota: -1, pids: -1)
        #expect(
            try written(SettingsV1(unlimited).settings) == [
                "memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1", "memory.soft_limit_in_bytes=-1",
                "cpu.cfs_quota_us=-1", "pids.max=max",
            ])
        #expect(
            try written(SettingsV2(unlimited).settings) == [
                "memory.swap.max=max", "memory.max=max", "memory.low=max", "cpu.max=max", "pids.max=max",
            ])
        #expect(try (SettingsV1(unlimited).settings + SettingsV2(unlimited).settings).allSatisfy(\.isOptional))
    }

    @Test("CG-7: without a limit of memory, version 1 has none of memory and swap together")
    func unlimitedMemory() throws {
        #expect(
            try written(SettingsV1(resources(limit: -1)).settings) == [
                "memory.limit_in_bytes=-1", "memory.memsw.limit_in_bytes=-1",
            ])
    }

    @Test("CG-7: version 1 has no unified files")
    func unifiedInFirstVersion() {
        var asked = LinuxResources()
        asked.unified = ["memory.high": "1"]
        #expect(throws: ControlGroupError.self) { try SettingsV1(asked) }
    }

    @Test("CG-8: version 2 has the values converted")
    func secondVersion() throws {
        var all = resources(
            limit: 1 << 20, reservation: 1 << 19, swap: 2 << 20, shares: 1024, quota: 50_000, period: 200_000, pids: 9)
        all.cpu?.burst = 1000
        all.cpu?.cpus = "0"
        all.cpu?.mems = "0"
        all.blockIO = try blockIO(weight: 1000)
        all.unified = ["memory.high": "900000", "hugetlb.2MB.max": "0"]
        #expect(
            try written(SettingsV2(all).settings) == [
                "memory.swap.max=1048576", "memory.max=1048576", "memory.low=524288", "cpu.weight=39",
                "cpu.max=50000 200000", "cpu.max.burst=1000", "cpuset.cpus=0", "cpuset.mems=0", "pids.max=9",
                "io.bfq.weight=1000", "io.weight=10000", "hugetlb.2MB.max=0", "memory.high=900000",
            ])
    }

    @Test(
        "CG-8: shares become a weight in equal steps",
        arguments: [(0, 1), (2, 1), (1024, 39), (10_000, 382), (262_144, 10_000), (UInt64.max, 10_000)]
            as [(UInt64, UInt64)])
    func weights(shares: UInt64, weight: UInt64) { #expect(SettingsV2.weight(shares: shares) == weight) }

    @Test(
        "CG-8: a block device's weight becomes one in equal steps",
        arguments: [(10, 1), (500, 4950), (1000, 10_000)] as [(UInt16, UInt64)])
    func ioWeights(weight: UInt16, expected: UInt64) { #expect(SettingsV2.ioWeight(weight) == expected) }

    @Test(
        "CG-8: memory and swap together, less memory, is swap",
        arguments: [
            (0, 0, nil), (0, 100, nil), (0, -1, "max"), (-1, 0, "max"), (-1, 100, "max"), (100, 100, "0"),
            (150, 100, "50"),
        ] as [(Int64, Int64, String?)])
    func swap(swap: Int64, limit: Int64, expected: String?) throws {
        #expect(try SettingsV2.swap(swap, limit: limit) == expected)
    }

    @Test("CG-8: memory and swap that cannot be taken apart are refused", arguments: [(100, 0), (100, -1), (99, 100)])
    func impossibleSwap(swap: Int64, limit: Int64) {
        #expect(throws: ControlGroupError.self) { try SettingsV2.swap(swap, limit: limit) }
    }

    @Test("CG-8: a quota alone leaves the period as it is")
    func quotaAlone() throws {
        #expect(try written(SettingsV2(resources(quota: 1000)).settings) == ["cpu.max=1000"])
    }

    @Test("CG-8: what version 2 does not have is refused")
    func onlyFirstVersion() throws {
        var asked = LinuxResources(memory: .init())
        asked.memory?.swappiness = 60
        #expect(throws: ControlGroupError.self) { try SettingsV2(asked) }
        asked.memory = .init()
        asked.memory?.disableOOMKiller = true
        #expect(throws: ControlGroupError.self) { try SettingsV2(asked) }
        asked.memory?.disableOOMKiller = false
        #expect(try SettingsV2(asked).settings.isEmpty)
    }

    @Test(
        "CG-8: a unified file is a controller's, in the group's folder",
        arguments: ["../memory.max", "memory.max/../x", "cgroup.procs", "cgroup.kill", "memory", "memory.", ".max", ""])
    func unified(file: String) {
        var asked = LinuxResources()
        asked.unified = [file: "1"]
        #expect(throws: ControlGroupError.self) { try SettingsV2(asked) }
    }

    private func blockIO(weight: Int) throws -> LinuxResources.BlockIO {
        let resources = try Document.decode(
            LinuxResources.self, from: Array(#"{"blockIO":{"weight":\#(weight)}}"#.utf8))
        return try #require(resources.blockIO)
    }
}
