internal import ControlGroup
internal import ShimAPI
internal import SwiftProtobuf

extension CgroupsV2Metrics {
    /// The figures as containerd wants them; every part is filled, also with zeros.
    init(_ stats: V2Stats) {
        self.init()
        pids = .with {
            $0.current = stats.pids.current
            $0.limit = stats.pids.limit
        }
        cpu = .with {
            $0.usageUsec = stats.cpu.usageUsec
            $0.userUsec = stats.cpu.userUsec
            $0.systemUsec = stats.cpu.systemUsec
            $0.nrPeriods = stats.cpu.nrPeriods
            $0.nrThrottled = stats.cpu.nrThrottled
            $0.throttledUsec = stats.cpu.throttledUsec
        }
        memory = Self.memory(stats.memory)
        memoryEvents = .with {
            $0.low = stats.memoryEvents.low
            $0.high = stats.memoryEvents.high
            $0.max = stats.memoryEvents.max
            $0.oom = stats.memoryEvents.oom
            $0.oomKill = stats.memoryEvents.oomKill
        }
        io = .with {
            $0.usage = stats.io.map { entry in
                .with {
                    $0.major = entry.major
                    $0.minor = entry.minor
                    $0.rbytes = entry.rbytes
                    $0.wbytes = entry.wbytes
                    $0.rios = entry.rios
                    $0.wios = entry.wios
                }
            }
        }
    }

    private static func memory(_ figures: V2Stats.MemoryFigures) -> CgroupsV2MemoryStat {
        .with {
            $0.anon = figures.anon
            $0.file = figures.file
            $0.kernelStack = figures.kernelStack
            $0.slab = figures.slab
            $0.sock = figures.sock
            $0.shmem = figures.shmem
            $0.fileMapped = figures.fileMapped
            $0.fileDirty = figures.fileDirty
            $0.fileWriteback = figures.fileWriteback
            $0.anonThp = figures.anonThp
            $0.inactiveAnon = figures.inactiveAnon
            $0.activeAnon = figures.activeAnon
            $0.inactiveFile = figures.inactiveFile
            $0.activeFile = figures.activeFile
            $0.unevictable = figures.unevictable
            $0.slabReclaimable = figures.slabReclaimable
            $0.slabUnreclaimable = figures.slabUnreclaimable
            $0.pgfault = figures.pgfault
            $0.pgmajfault = figures.pgmajfault
            $0.workingsetRefault = figures.workingsetRefault
            $0.workingsetActivate = figures.workingsetActivate
            $0.workingsetNodereclaim = figures.workingsetNodereclaim
            $0.pgrefill = figures.pgrefill
            $0.pgscan = figures.pgscan
            $0.pgsteal = figures.pgsteal
            $0.pgactivate = figures.pgactivate
            $0.pgdeactivate = figures.pgdeactivate
            $0.pglazyfree = figures.pglazyfree
            $0.pglazyfreed = figures.pglazyfreed
            $0.thpFaultAlloc = figures.thpFaultAlloc
            $0.thpCollapseAlloc = figures.thpCollapseAlloc
            $0.usage = figures.usage
            $0.usageLimit = figures.usageLimit
            $0.swapUsage = figures.swapUsage
            $0.swapLimit = figures.swapLimit
            $0.maxUsage = figures.maxUsage
            $0.swapMaxUsage = figures.swapMaxUsage
        }
    }
}
