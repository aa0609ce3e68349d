/// What a group of version 1 has used (io.containerd.cgroups.v1.Metrics).
package struct V1Stats: Equatable, Sendable {
    /// Processes and threads.
    package struct Pids: Equatable, Sendable {
        package var current: UInt64 = 0
        /// 0 is no limit.
        package var limit: UInt64 = 0
    }

    /// Processor time in nanoseconds.
    package struct CPU: Equatable, Sendable {
        package var total: UInt64 = 0
        package var kernel: UInt64 = 0
        package var user: UInt64 = 0
        package var perCPU: [UInt64] = []
        package var throttling = Throttling()
    }

    /// How often the processes had to wait for the next period.
    package struct Throttling: Equatable, Sendable {
        package var periods: UInt64 = 0
        package var throttledPeriods: UInt64 = 0
        /// Nanoseconds.
        package var throttledTime: UInt64 = 0
    }

    /// A kind of memory that is counted, in bytes.
    package struct MemoryUse: Equatable, Sendable {
        package var limit: UInt64 = 0
        package var usage: UInt64 = 0
        package var max: UInt64 = 0
        /// How often the limit was met.
        package var failcnt: UInt64 = 0
    }

    /// The OOM killer in the group.
    package struct OOMControl: Equatable, Sendable {
        package var oomKillDisable: UInt64 = 0
        package var underOOM: UInt64 = 0
        package var oomKill: UInt64 = 0
    }

    /// Bytes or operations on one device.
    package struct BlkIOEntry: Equatable, Sendable {
        /// `Read`, `Write`, `Sync`, `Async`, `Discard` or `Total`.
        package var op: String
        /// Its file, `/dev/vda`; empty where the kernel names none.
        package var device: String
        package var major: UInt64
        package var minor: UInt64
        package var value: UInt64
    }

    package var pids = Pids()
    package var cpu = CPU()
    package var memory = MemoryFigures()
    package var usage = MemoryUse()
    /// Memory and swap together.
    package var swap = MemoryUse()
    package var kernel = MemoryUse()
    package var kernelTCP = MemoryUse()
    package var oomControl = OOMControl()
    package var ioServiceBytesRecursive: [BlkIOEntry] = []
    package var ioServicedRecursive: [BlkIOEntry] = []

    package init() {}
}

extension V1Stats {
    /// memory.stat: bytes, but for the pg members, which count events.
    package struct MemoryFigures: Equatable, Sendable {
        package var cache: UInt64 = 0
        package var rss: UInt64 = 0
        package var rssHuge: UInt64 = 0
        package var mappedFile: UInt64 = 0
        package var dirty: UInt64 = 0
        package var writeback: UInt64 = 0
        package var pgPgIn: UInt64 = 0
        package var pgPgOut: UInt64 = 0
        package var pgFault: UInt64 = 0
        package var pgMajFault: UInt64 = 0
        package var inactiveAnon: UInt64 = 0
        package var activeAnon: UInt64 = 0
        package var inactiveFile: UInt64 = 0
        package var activeFile: UInt64 = 0
        package var unevictable: UInt64 = 0
        package var hierarchicalMemoryLimit: UInt64 = 0
        package var hierarchicalSwapLimit: UInt64 = 0
        package var totalCache: UInt64 = 0
        package var totalRss: UInt64 = 0
        package var totalRssHuge: UInt64 = 0
        package var totalMappedFile: UInt64 = 0
        package var totalDirty: UInt64 = 0
        package var totalWriteback: UInt64 = 0
        package var totalPgPgIn: UInt64 = 0
        package var totalPgPgOut: UInt64 = 0
        package var totalPgFault: UInt64 = 0
        package var totalPgMajFault: UInt64 = 0
        package var totalInactiveAnon: UInt64 = 0
        package var totalActiveAnon: UInt64 = 0
        package var totalInactiveFile: UInt64 = 0
        package var totalActiveFile: UInt64 = 0
        package var totalUnevictable: UInt64 = 0

        /// Reads the text of memory.stat.
        package init(_ text: String = "") {
            let figures = KernelFile.figures(in: text)
            cache = figures["cache"] ?? 0
            rss = figures["rss"] ?? 0
            rssHuge = figures["rss_huge"] ?? 0
            mappedFile = figures["mapped_file"] ?? 0
            dirty = figures["dirty"] ?? 0
            writeback = figures["writeback"] ?? 0
            pgPgIn = figures["pgpgin"] ?? 0
            pgPgOut = figures["pgpgout"] ?? 0
            pgFault = figures["pgfault"] ?? 0
            pgMajFault = figures["pgmajfault"] ?? 0
            inactiveAnon = figures["inactive_anon"] ?? 0
            activeAnon = figures["active_anon"] ?? 0
            inactiveFile = figures["inactive_file"] ?? 0
            activeFile = figures["active_file"] ?? 0
            unevictable = figures["unevictable"] ?? 0
            hierarchicalMemoryLimit = figures["hierarchical_memory_limit"] ?? 0
            hierarchicalSwapLimit = figures["hierarchical_memsw_limit"] ?? 0
            totalCache = figures["total_cache"] ?? 0
            totalRss = figures["total_rss"] ?? 0
            totalRssHuge = figures["total_rss_huge"] ?? 0
            totalMappedFile = figures["total_mapped_file"] ?? 0
            totalDirty = figures["total_dirty"] ?? 0
            totalWriteback = figures["total_writeback"] ?? 0
            totalPgPgIn = figures["total_pgpgin"] ?? 0
            totalPgPgOut = figures["total_pgpgout"] ?? 0
            totalPgFault = figures["total_pgfault"] ?? 0
            totalPgMajFault = figures["total_pgmajfault"] ?? 0
            totalInactiveAnon = figures["total_inactive_anon"] ?? 0
            totalActiveAnon = figures["total_active_anon"] ?? 0
            totalInactiveFile = figures["total_inactive_file"] ?? 0
            totalActiveFile = figures["total_active_file"] ?? 0
            totalUnevictable = figures["total_unevictable"] ?? 0
        }
    }
}
