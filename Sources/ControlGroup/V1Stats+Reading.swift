internal import CLinux

extension V1Stats {
    /// Reads the files of a group.
    init(of group: ControlGroup) throws(ControlGroupError) {
        self.init()
        pids.current = try group.number("pids.current", of: "pids")
        pids.limit = try group.number("pids.max", of: "pids", max: 0)
        cpu = try CPU(of: group)
        memory = MemoryFigures(try group.text("memory.stat", of: "memory"))
        usage = try MemoryUse(of: group, "memory.")
        swap = try MemoryUse(of: group, "memory.memsw.")
        kernel = try MemoryUse(of: group, "memory.kmem.")
        kernelTCP = try MemoryUse(of: group, "memory.kmem.tcp.")
        let oom = KernelFile.figures(in: try group.text("memory.oom_control", of: "memory"))
        oomControl = OOMControl(
            oomKillDisable: oom["oom_kill_disable"] ?? 0, underOOM: oom["under_oom"] ?? 0,
            oomKill: oom["oom_kill"] ?? 0)
        ioServiceBytesRecursive = try Self.entries(of: group, "io_service_bytes_recursive")
        ioServicedRecursive = try Self.entries(of: group, "io_serviced_recursive")
        if !ioServiceBytesRecursive.isEmpty || !ioServicedRecursive.isEmpty {
            let devices = Self.devices(in: try KernelFile(at: "/proc/diskstats").text() ?? "")
            for index in ioServiceBytesRecursive.indices { ioServiceBytesRecursive[index].name(from: devices) }
            for index in ioServicedRecursive.indices { ioServicedRecursive[index].name(from: devices) }
        }
    }

    /// What the scheduler that is in use has counted: the file of the one that is not holds nothing, or no device.
    private static func entries(of group: ControlGroup, _ name: String) throws(ControlGroupError) -> [BlkIOEntry] {
        for scheduler in ["blkio", "blkio.bfq", "blkio.throttle"] {
            let entries = entries(in: try group.text("\(scheduler).\(name)", of: "blkio"))
            if !entries.isEmpty { return entries }
        }
        return []
    }

    /// Reads `8:0 Read 4096` lines; the sum of all devices at the end is left out.
    static func entries(in text: String) -> [BlkIOEntry] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == ":" }
            guard words.count == 4, let major = UInt64(words[0]), let minor = UInt64(words[1]),
                let value = UInt64(words[3])
            else { return nil }
            return BlkIOEntry(op: String(words[2]), device: "", major: major, minor: minor, value: value)
        }
    }

    /// Reads /proc/diskstats: `8 0 sda …`, to the files of the devices.
    static func devices(in text: String) -> [String: String] {
        var devices: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 2 { devices["\(words[0]):\(words[1])"] = "/dev/\(words[2])" }
        }
        return devices
    }
}

extension V1Stats.BlkIOEntry {
    fileprivate mutating func name(from devices: [String: String]) { device = devices["\(major):\(minor)"] ?? "" }
}

extension V1Stats.CPU {
    fileprivate init(of group: ControlGroup) throws(ControlGroupError) {
        total = try group.number("cpuacct.usage", of: "cpuacct")
        perCPU = try group.text("cpuacct.usage_percpu", of: "cpuacct").split(whereSeparator: \.isWhitespace)
            .compactMap { UInt64($0) }
        let ticks = KernelFile.figures(in: try group.text("cpuacct.stat", of: "cpuacct"))
        kernel = Self.nanoseconds(ticks: ticks["system"] ?? 0, perSecond: UInt64(max(CLinux_ticks_per_second(), 1)))
        user = Self.nanoseconds(ticks: ticks["user"] ?? 0, perSecond: UInt64(max(CLinux_ticks_per_second(), 1)))
        let waits = KernelFile.figures(in: try group.text("cpu.stat", of: "cpu"))
        throttling = V1Stats.Throttling(
            periods: waits["nr_periods"] ?? 0, throttledPeriods: waits["nr_throttled"] ?? 0,
            throttledTime: waits["throttled_time"] ?? 0)
    }

    /// cpuacct.stat counts ticks of the clock (USER_HZ).
    static func nanoseconds(ticks: UInt64, perSecond: UInt64) -> UInt64 { ticks &* (1_000_000_000 / perSecond) }
}

extension V1Stats.MemoryUse {
    fileprivate init(of group: ControlGroup, _ prefix: String) throws(ControlGroupError) {
        limit = try group.number("\(prefix)limit_in_bytes", of: "memory")
        usage = try group.number("\(prefix)usage_in_bytes", of: "memory")
        max = try group.number("\(prefix)max_usage_in_bytes", of: "memory")
        failcnt = try group.number("\(prefix)failcnt", of: "memory")
    }
}

extension ControlGroup {
    /// The text of one of its files; empty where it is not there.
    func text(_ name: String, of controller: String) throws(ControlGroupError) -> String {
        try file(name, of: controller)?.text() ?? ""
    }

    /// The number in one of its files, `limit` for the word `max`; 0 where it is not there.
    func number(_ name: String, of controller: String, max limit: UInt64 = .max) throws(ControlGroupError) -> UInt64 {
        try file(name, of: controller)?.number(max: limit) ?? 0
    }
}
