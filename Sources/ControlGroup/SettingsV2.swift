internal import OCISpec

/// What limits mean for the files of version 2: the runtime specification's values are version 1's, and are converted as
/// runc does.
struct SettingsV2 {
    /// In an order that suits a new group.
    let settings: [Setting]

    init(_ resources: LinuxResources) throws(ControlGroupError) {
        settings =
            try Self.memory(resources.memory) + Self.cpu(resources.cpu) + Self.pids(resources.pids)
            + Self.blockIO(resources.blockIO) + Self.unified(resources.unified ?? [:])
    }

    private static func memory(_ memory: LinuxResources.Memory?) throws(ControlGroupError) -> [Setting] {
        guard let memory else { return [] }
        if memory.disableOOMKiller == true {
            throw ControlGroupError(
                .resources("version 2 of control groups cannot do without the OOM killer"),
                at: "linux.resources.memory.disableOOMKiller")
        }
        if memory.swappiness != nil {
            throw ControlGroupError(
                .resources("version 2 of control groups has no swappiness"), at: "linux.resources.memory.swappiness")
        }
        var settings: [Setting] = []
        if let swap = try swap(memory.swap ?? 0, limit: memory.limit ?? 0) {
            // A kernel that does not account for swap does as if there were none, or no limit.
            settings.append(
                Setting("memory.swap", "memory", "memory.swap.max", swap, isOptional: swap == "max" || swap == "0"))
        }
        if let limit = memory.limit, limit != 0 {
            settings.append(
                Setting("memory.limit", "memory", "memory.max", orMax(limit), isOptional: limit < 0))
        }
        if let reservation = memory.reservation, reservation != 0 {
            settings.append(
                Setting(
                    "memory.reservation", "memory", "memory.low", orMax(reservation), isOptional: reservation < 0))
        }
        return settings
    }

    /// What memory.swap.max is for memory and swap together; `nil` where that stays as it is.
    static func swap(_ swap: Int64, limit: Int64) throws(ControlGroupError) -> String? {
        if swap == 0 { return limit == -1 ? "max" : nil }
        if swap < 0 { return "max" }
        let place = "linux.resources.memory.swap"
        guard limit > 0 else {
            throw ControlGroupError(
                .resources("\(swap) bytes of memory and swap need a limit of memory beside them"), at: place)
        }
        guard swap >= limit else {
            throw ControlGroupError(
                .resources("\(swap) bytes of memory and swap are less than \(limit) of memory"), at: place)
        }
        return "\(swap - limit)"
    }

    private static func cpu(_ cpu: LinuxResources.CPU?) -> [Setting] {
        guard let cpu else { return [] }
        var settings: [Setting] = []
        if let shares = cpu.shares, shares != 0 {
            settings.append(Setting("cpu.shares", "cpu", "cpu.weight", "\(weight(shares: shares))"))
        }
        let quota = cpu.quota ?? 0
        let period = cpu.period ?? 0
        if quota != 0 || period != 0 {
            // A period alone would have to repeat the quota: `ControlGroup.apply` puts that in the word's place.
            let first = quota == 0 ? Self.sameQuota : orMax(quota)
            let value = period == 0 ? first : "\(first) \(period)"
            settings.append(
                Setting(quota == 0 ? "cpu.period" : "cpu.quota", "cpu", "cpu.max", value, isOptional: quota < 0))
        }
        if let burst = cpu.burst {
            settings.append(Setting("cpu.burst", "cpu", "cpu.max.burst", "\(burst)", isOptional: burst == 0))
        }
        return settings + SettingsV1.cpuset(cpu)
    }

    /// Stands for the quota that cpu.max holds already.
    static let sameQuota = "same"

    /// 2…262144 shares to 1…10000, in equal steps.
    static func weight(shares: UInt64) -> UInt64 { 1 + (min(max(shares, 2), 262_144) - 2) * 9999 / 262_142 }

    /// 10…1000 of version 1 to 1…10000, in equal steps.
    static func ioWeight(_ weight: UInt16) -> UInt64 { 1 + (UInt64(min(max(weight, 10), 1000)) - 10) * 9999 / 990 }

    private static func pids(_ pids: LinuxResources.Pids?) -> [Setting] {
        guard let limit = pids?.limit else { return [] }
        return [
            Setting("pids.limit", "pids", "pids.max", limit > 0 ? "\(limit)" : "max", isOptional: limit <= 0)
        ]
    }

    private static func blockIO(_ blockIO: LinuxResources.BlockIO?) -> [Setting] {
        guard let weight = blockIO?.weight, weight != 0 else { return [] }
        return [
            Setting(
                "blockIO.weight", "io",
                [
                    Setting.Choice(file: "io.bfq.weight", value: "\(weight)"),
                    Setting.Choice(file: "io.weight", value: "\(ioWeight(weight))"),
                ])
        ]
    }

    private static func unified(_ files: [String: String]) throws(ControlGroupError) -> [Setting] {
        var settings: [Setting] = []
        for (file, value) in files.sorted(by: { $0.key < $1.key }) {
            let parts = file.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            // The files of cgroup itself move processes and groups; its limits alone are limits.
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !file.contains("/"),
                parts[0] != "cgroup" || parts[1].hasPrefix("max.")
            else {
                throw ControlGroupError(
                    .resources("\(file.debugDescription) is not the name of a limit's file"),
                    at: "linux.resources.unified")
            }
            settings.append(Setting("unified[\"\(file)\"]", String(parts[0]), file, value))
        }
        return settings
    }

    private static func orMax(_ value: Int64) -> String { value < 0 ? "max" : "\(value)" }
}
