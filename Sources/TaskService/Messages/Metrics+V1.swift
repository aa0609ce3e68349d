internal import ControlGroup
internal import ShimAPI
internal import SwiftProtobuf

extension CgroupsV1Metrics {
    /// The figures as containerd wants them. Every part is filled, also with zeros: Docker 20.10 looks at
    /// `cpu.throttling` without asking whether it is there.
    init(_ stats: V1Stats) {
        self.init()
        pids = .with {
            $0.current = stats.pids.current
            $0.limit = stats.pids.limit
        }
        cpu = .with {
            $0.usage = .with {
                $0.total = stats.cpu.total
                $0.kernel = stats.cpu.kernel
                $0.user = stats.cpu.user
                $0.perCpu = stats.cpu.perCPU
            }
            $0.throttling = .with {
                $0.periods = stats.cpu.throttling.periods
                $0.throttledPeriods = stats.cpu.throttling.throttledPeriods
                $0.throttledTime = stats.cpu.throttling.throttledTime
            }
        }
        memory = Self.memory(stats.memory)
        memory.usage = Self.entry(stats.usage)
        memory.swap = Self.entry(stats.swap)
        memory.kernel = Self.entry(stats.kernel)
        memory.kernelTcp = Self.entry(stats.kernelTCP)
        memoryOomControl = .with {
            $0.oomKillDisable = stats.oomControl.oomKillDisable
            $0.underOom = stats.oomControl.underOOM
            $0.oomKill = stats.oomControl.oomKill
        }
        blkio = .with {
            $0.ioServiceBytesRecursive = stats.ioServiceBytesRecursive.map(Self.entry)
            $0.ioServicedRecursive = stats.ioServicedRecursive.map(Self.entry)
        }
    }

    private static func entry(_ use: V1Stats.MemoryUse) -> CgroupsV1MemoryEntry {
        .with {
            $0.limit = use.limit
            $0.usage = use.usage
            $0.max = use.max
            $0.failcnt = use.failcnt
        }
    }

    private static func entry(_ entry: V1Stats.BlkIOEntry) -> CgroupsV1BlkIOEntry {
        .with {
            $0.op = entry.op
            $0.device = entry.device
            $0.major = entry.major
            $0.minor = entry.minor
            $0.value = entry.value
        }
    }

    private static func memory(_ figures: V1Stats.MemoryFigures) -> CgroupsV1MemoryStat {
        .with {
            $0.cache = figures.cache
            $0.rss = figures.rss
            $0.rssHuge = figures.rssHuge
            $0.mappedFile = figures.mappedFile
            $0.dirty = figures.dirty
            $0.writeback = figures.writeback
            $0.pgPgIn = figures.pgPgIn
            $0.pgPgOut = figures.pgPgOut
            $0.pgFault = figures.pgFault
            $0.pgMajFault = figures.pgMajFault
            $0.inactiveAnon = figures.inactiveAnon
            $0.activeAnon = figures.activeAnon
            $0.inactiveFile = figures.inactiveFile
            $0.activeFile = figures.activeFile
            $0.unevictable = figures.unevictable
            $0.hierarchicalMemoryLimit = figures.hierarchicalMemoryLimit
            $0.hierarchicalSwapLimit = figures.hierarchicalSwapLimit
            $0.totalCache = figures.totalCache
            $0.totalRss = figures.totalRss
            $0.totalRssHuge = figures.totalRssHuge
            $0.totalMappedFile = figures.totalMappedFile
            $0.totalDirty = figures.totalDirty
            $0.totalWriteback = figures.totalWriteback
            $0.totalPgPgIn = figures.totalPgPgIn
            $0.totalPgPgOut = figures.totalPgPgOut
            $0.totalPgFault = figures.totalPgFault
            $0.totalPgMajFault = figures.totalPgMajFault
            $0.totalInactiveAnon = figures.totalInactiveAnon
            $0.totalActiveAnon = figures.totalActiveAnon
            $0.totalInactiveFile = figures.totalInactiveFile
            $0.totalActiveFile = figures.totalActiveFile
            $0.totalUnevictable = figures.totalUnevictable
        }
    }
}
