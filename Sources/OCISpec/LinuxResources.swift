/// How much of the machine a container may use (runtime-spec, config-linux.md, "Control groups").
///
/// It comes in `config.json`, and by itself when a running container's limits are changed.
package struct LinuxResources: Equatable, Sendable, Codable {
    /// Bytes; -1 is no limit.
    package struct Memory: Equatable, Sendable, Codable {
        package var limit: Int64?
        package var reservation: Int64?
        /// Memory and swap together.
        package var swap: Int64?
        package var swappiness: UInt64?
        package var disableOOMKiller: Bool?

        package init(limit: Int64? = nil, reservation: Int64? = nil, swap: Int64? = nil) {
            self.limit = limit
            self.reservation = reservation
            self.swap = swap
        }
    }

    package struct CPU: Equatable, Sendable, Codable {
        /// The weight against others: 2 to 262144.
        package var shares: UInt64?
        /// Microseconds of processor time in each period; -1 is no limit.
        package var quota: Int64?
        /// Microseconds.
        package var period: UInt64?
        /// Microseconds that may be saved up.
        package var burst: UInt64?
        /// Processors, as a list of ranges: `0-1,4`.
        package var cpus: String?
        /// Memory nodes, as a list of ranges.
        package var mems: String?

        package init(shares: UInt64? = nil, quota: Int64? = nil, period: UInt64? = nil) {
            self.shares = shares
            self.quota = quota
            self.period = period
        }
    }

    package struct Pids: Equatable, Sendable, Codable {
        /// How many processes and threads; zero or less is no limit.
        package var limit: Int64?

        package init(limit: Int64? = nil) { self.limit = limit }
    }

    package struct BlockIO: Equatable, Sendable, Codable {
        /// 10 to 1000.
        package var weight: UInt16?
    }

    package var memory: Memory?
    package var cpu: CPU?
    package var pids: Pids?
    package var blockIO: BlockIO?
    /// Files of version 2 of control groups and what is written to them.
    package var unified: [String: String]?

    package init(memory: Memory? = nil, cpu: CPU? = nil, pids: Pids? = nil) {
        self.memory = memory
        self.cpu = cpu
        self.pids = pids
    }
}
