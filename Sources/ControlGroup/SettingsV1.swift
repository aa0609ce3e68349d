internal import OCISpec

/// What limits mean for the files of version 1 (runtime-spec, config-linux.md, "Control groups").
///
/// 0 asks for nothing, as runc has it.
struct SettingsV1 {
    /// In an order that suits a new group.
    let settings: [Setting]

    init(_ resources: LinuxResources) throws(ControlGroupError) {
        if let unified = resources.unified, !unified.isEmpty {
            throw ControlGroupError(
                .resources("this machine has version 1 of control groups, which has no such files"),
                at: "linux.resources.unified")
        }
        settings =
            Self.memory(resources.memory) + Self.cpu(resources.cpu) + Self.pids(resources.pids)
            + Self.blockIO(resources.blockIO)
    }

    private static func memory(_ memory: LinuxResources.Memory?) -> [Setting] {
        guard let memory else { return [] }
        var settings: [Setting] = []
        if let limit = memory.limit, limit != 0 {
            settings.append(
                Setting("memory.limit", "memory", "memory.limit_in_bytes", "\(limit)", isOptional: limit < 0))
        }
        if let swap = memory.swap, swap != 0 {
            settings.append(
                Setting("memory.swap", "memory", "memory.memsw.limit_in_bytes", "\(swap)", isOptional: swap < 0))
        } else if memory.limit == -1 {
            // Memory and swap together are never less than memory alone.
            settings.append(Setting("memory.limit", "memory", "memory.memsw.limit_in_bytes", "-1", isOptional: true))
        }
        if let reservation = memory.reservation, reservation != 0 {
            settings.append(
                Setting(
                    "memory.reservation", "memory", "memory.soft_limit_in_bytes", "\(reservation)",
                    isOptional: reservation < 0))
        }
        if let swappiness = memory.swappiness {
            settings.append(Setting("memory.swappiness", "memory", "memory.swappiness", "\(swappiness)"))
        }
        if let isDisabled = memory.disableOOMKiller {
            settings.append(
                Setting(
                    "memory.disableOOMKiller", "memory", "memory.oom_control", isDisabled ? "1" : "0",
                    isOptional: !isDisabled))
        }
        return settings
    }

    private static func cpu(_ cpu: LinuxResources.CPU?) -> [Setting] {
        guard let cpu else { return [] }
        var settings: [Setting] = []
        if let shares = cpu.shares, shares != 0 {
            settings.append(Setting("cpu.shares", "cpu", "cpu.shares", "\(shares)"))
        }
        if let period = cpu.period, period != 0 {
            settings.append(Setting("cpu.period", "cpu", "cpu.cfs_period_us", "\(period)"))
        }
        if let quota = cpu.quota, quota != 0 {
            settings.append(Setting("cpu.quota", "cpu", "cpu.cfs_quota_us", "\(quota)", isOptional: quota < 0))
        }
        if let burst = cpu.burst {
            settings.append(Setting("cpu.burst", "cpu", "cpu.cfs_burst_us", "\(burst)", isOptional: burst == 0))
        }
        return settings + cpuset(cpu)
    }

    /// The same in both versions.
    static func cpuset(_ cpu: LinuxResources.CPU) -> [Setting] {
        var settings: [Setting] = []
        if let cpus = cpu.cpus, !cpus.isEmpty {
            settings.append(Setting("cpu.cpus", "cpuset", "cpuset.cpus", cpus))
        }
        if let mems = cpu.mems, !mems.isEmpty {
            settings.append(Setting("cpu.mems", "cpuset", "cpuset.mems", mems))
        }
        return settings
    }

    private static func pids(_ pids: LinuxResources.Pids?) -> [Setting] {
        guard let limit = pids?.limit else { return [] }
        return [Setting("pids.limit", "pids", "pids.max", limit > 0 ? "\(limit)" : "max", isOptional: limit <= 0)]
    }

    private static func blockIO(_ blockIO: LinuxResources.BlockIO?) -> [Setting] {
        guard let weight = blockIO?.weight, weight != 0 else { return [] }
        return [
            Setting(
                "blockIO.weight", "blkio",
                [
                    Setting.Choice(file: "blkio.weight", value: "\(weight)"),
                    Setting.Choice(file: "blkio.bfq.weight", value: "\(weight)"),
                ])
        ]
    }
}
