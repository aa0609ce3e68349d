/// What a group of version 2 has used (io.containerd.cgroups.v2.Metrics). A limit that is `max` is the greatest number,
/// as containerd has it.
package struct V2Stats: Equatable, Sendable {
    /// Processes and threads.
    package struct Pids: Equatable, Sendable {
        package var current: UInt64 = 0
        package var limit: UInt64 = 0
    }

    /// Processor time in microseconds.
    package struct CPU: Equatable, Sendable {
        package var usageUsec: UInt64 = 0
        package var userUsec: UInt64 = 0
        package var systemUsec: UInt64 = 0
        package var nrPeriods: UInt64 = 0
        package var nrThrottled: UInt64 = 0
        package var throttledUsec: UInt64 = 0
    }

    /// How often the group met its bounds.
    package struct MemoryEvents: Equatable, Sendable {
        package var low: UInt64 = 0
        package var high: UInt64 = 0
        package var max: UInt64 = 0
        package var oom: UInt64 = 0
        package var oomKill: UInt64 = 0
    }

    /// Bytes and operations on one device.
    package struct IOEntry: Equatable, Sendable {
        package var major: UInt64
        package var minor: UInt64
        package var rbytes: UInt64 = 0
        package var wbytes: UInt64 = 0
        package var rios: UInt64 = 0
        package var wios: UInt64 = 0
    }

    package var pids = Pids()
    package var cpu = CPU()
    package var memory = MemoryFigures()
    package var memoryEvents = MemoryEvents()
    package var io: [IOEntry] = []

    package init() {}
}

extension V2Stats {
    /// memory.stat and its neighbours: bytes, but for the members that count events.
    package struct MemoryFigures: Equatable, Sendable {
        package var anon: UInt64 = 0
        package var file: UInt64 = 0
        package var kernelStack: UInt64 = 0
        package var slab: UInt64 = 0
        package var sock: UInt64 = 0
        package var shmem: UInt64 = 0
        package var fileMapped: UInt64 = 0
        package var fileDirty: UInt64 = 0
        package var fileWriteback: UInt64 = 0
        package var anonThp: UInt64 = 0
        package var inactiveAnon: UInt64 = 0
        package var activeAnon: UInt64 = 0
        package var inactiveFile: UInt64 = 0
        package var activeFile: UInt64 = 0
        package var unevictable: UInt64 = 0
        package var slabReclaimable: UInt64 = 0
        package var slabUnreclaimable: UInt64 = 0
        package var pgfault: UInt64 = 0
        package var pgmajfault: UInt64 = 0
        package var workingsetRefault: UInt64 = 0
        package var workingsetActivate: UInt64 = 0
        package var workingsetNodereclaim: UInt64 = 0
        package var pgrefill: UInt64 = 0
        package var pgscan: UInt64 = 0
        package var pgsteal: UInt64 = 0
        package var pgactivate: UInt64 = 0
        package var pgdeactivate: UInt64 = 0
        package var pglazyfree: UInt64 = 0
        package var pglazyfreed: UInt64 = 0
        package var thpFaultAlloc: UInt64 = 0
        package var thpCollapseAlloc: UInt64 = 0
        package var usage: UInt64 = 0
        package var usageLimit: UInt64 = 0
        package var swapUsage: UInt64 = 0
        package var swapLimit: UInt64 = 0
        package var maxUsage: UInt64 = 0
        package var swapMaxUsage: UInt64 = 0

        /// Reads the text of memory.stat.
        package init(_ text: String = "") {
            let figures = KernelFile.figures(in: text)
            anon = figures["anon"] ?? 0
            file = figures["file"] ?? 0
            kernelStack = figures["kernel_stack"] ?? 0
            slab = figures["slab"] ?? 0
            sock = figures["sock"] ?? 0
            shmem = figures["shmem"] ?? 0
            fileMapped = figures["file_mapped"] ?? 0
            fileDirty = figures["file_dirty"] ?? 0
            fileWriteback = figures["file_writeback"] ?? 0
            anonThp = figures["anon_thp"] ?? 0
            inactiveAnon = figures["inactive_anon"] ?? 0
            activeAnon = figures["active_anon"] ?? 0
            inactiveFile = figures["inactive_file"] ?? 0
            activeFile = figures["active_file"] ?? 0
            unevictable = figures["unevictable"] ?? 0
            slabReclaimable = figures["slab_reclaimable"] ?? 0
            slabUnreclaimable = figures["slab_unreclaimable"] ?? 0
            pgfault = figures["pgfault"] ?? 0
            pgmajfault = figures["pgmajfault"] ?? 0
            // Linux 5.9 counts these two for memory of files and of none apart.
            workingsetRefault = Self.sum("workingset_refault", in: figures)
            workingsetActivate = Self.sum("workingset_activate", in: figures)
            workingsetNodereclaim = figures["workingset_nodereclaim"] ?? 0
            pgrefill = figures["pgrefill"] ?? 0
            pgscan = figures["pgscan"] ?? 0
            pgsteal = figures["pgsteal"] ?? 0
            pgactivate = figures["pgactivate"] ?? 0
            pgdeactivate = figures["pgdeactivate"] ?? 0
            pglazyfree = figures["pglazyfree"] ?? 0
            pglazyfreed = figures["pglazyfreed"] ?? 0
            thpFaultAlloc = figures["thp_fault_alloc"] ?? 0
            thpCollapseAlloc = figures["thp_collapse_alloc"] ?? 0
        }

        private static func sum(_ name: String, in figures: [Substring: UInt64]) -> UInt64 {
            if let whole = figures[Substring(name)] { return whole }
            return (figures[Substring("\(name)_anon")] ?? 0) &+ (figures[Substring("\(name)_file")] ?? 0)
        }
    }
}
