extension V2Stats {
    /// Reads the files of a group.
    init(of group: ControlGroup) throws(ControlGroupError) {
        self.init()
        pids.current = try group.number("pids.current", of: "pids")
        pids.limit = try group.number("pids.max", of: "pids")
        let times = KernelFile.figures(in: try group.text("cpu.stat", of: "cpu"))
        cpu = CPU(
            usageUsec: times["usage_usec"] ?? 0, userUsec: times["user_usec"] ?? 0,
            systemUsec: times["system_usec"] ?? 0, nrPeriods: times["nr_periods"] ?? 0,
            nrThrottled: times["nr_throttled"] ?? 0, throttledUsec: times["throttled_usec"] ?? 0)
        memory = MemoryFigures(try group.text("memory.stat", of: "memory"))
        memory.usage = try group.number("memory.current", of: "memory")
        memory.usageLimit = try group.number("memory.max", of: "memory")
        memory.maxUsage = try group.number("memory.peak", of: "memory")
        memory.swapUsage = try group.number("memory.swap.current", of: "memory")
        memory.swapLimit = try group.number("memory.swap.max", of: "memory")
        memory.swapMaxUsage = try group.number("memory.swap.peak", of: "memory")
        let events = KernelFile.figures(in: try group.text("memory.events", of: "memory"))
        memoryEvents = MemoryEvents(
            low: events["low"] ?? 0, high: events["high"] ?? 0, max: events["max"] ?? 0, oom: events["oom"] ?? 0,
            oomKill: events["oom_kill"] ?? 0)
        io = Self.entries(in: try group.text("io.stat", of: "io"))
    }

    /// Reads `8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0` lines.
    static func entries(in text: String) -> [IOEntry] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            let device = words.first?.split(separator: ":") ?? []
            guard device.count == 2, let major = UInt64(device[0]), let minor = UInt64(device[1]) else { return nil }
            var entry = IOEntry(major: major, minor: minor)
            for word in words.dropFirst() {
                let parts = word.split(separator: "=")
                guard parts.count == 2, let number = UInt64(parts[1]) else { continue }
                switch parts[0] {
                case "rbytes": entry.rbytes = number
                case "wbytes": entry.wbytes = number
                case "rios": entry.rios = number
                case "wios": entry.wios = number
                default: break
                }
            }
            return entry
        }
    }
}
