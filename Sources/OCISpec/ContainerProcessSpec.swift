/// The process of a container (runtime-spec, config.md, "Process").
package struct ContainerProcessSpec: Equatable, Sendable, Codable {
    /// Whom the process runs as.
    package struct User: Equatable, Sendable, Codable {
        /// The user's number.
        package var uid: UInt32
        /// The group's number.
        package var gid: UInt32
        /// Further groups.
        package var additionalGids: [UInt32]?
        /// The file mode bits that new files do not get.
        package var umask: UInt32?

        package init(uid: UInt32 = 0, gid: UInt32 = 0, additionalGids: [UInt32]? = nil) {
            self.uid = uid
            self.gid = gid
            self.additionalGids = additionalGids
        }
    }

    /// The size of a terminal, in characters.
    package struct ConsoleSize: Equatable, Sendable, Codable {
        package var height: UInt32
        package var width: UInt32
    }

    /// The process's capability sets, by the kernel's names: `CAP_CHOWN`.
    package struct Capabilities: Equatable, Sendable, Codable {
        package var bounding: [String]?
        package var effective: [String]?
        package var inheritable: [String]?
        package var permitted: [String]?
        package var ambient: [String]?
    }

    /// A resource limit, by the C library's name: `RLIMIT_NOFILE`.
    package struct ResourceLimit: Equatable, Sendable, Codable {
        package var type: String
        package var hard: UInt64
        package var soft: UInt64
    }

    /// Whether a terminal is attached.
    package var terminal: Bool?
    /// The terminal's first size.
    package var consoleSize: ConsoleSize?
    /// Whom the process runs as.
    package var user: User?
    /// argv, the program first.
    package var args: [String]?
    /// `NAME=value`.
    package var env: [String]?
    /// The folder it starts in: absolute.
    package var cwd: String
    /// What the process may do beyond its user's rights; none where this is missing.
    package var capabilities: Capabilities?
    /// Limits of the process.
    package var rlimits: [ResourceLimit]?
    /// Whether the process can never gain rights.
    package var noNewPrivileges: Bool?
    /// How eagerly the kernel ends the process when memory is short: -1000 to 1000.
    package var oomScoreAdj: Int32?
    /// What AppArmor and SELinux shall confine the process by: for native programs.
    package var apparmorProfile: String?
    package var selinuxLabel: String?

    package init(args: [String], env: [String] = [], cwd: String = "/", user: User = User(), terminal: Bool? = nil) {
        self.terminal = terminal
        self.user = user
        self.args = args
        self.env = env
        self.cwd = cwd
    }
}
