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

        package init(uid: UInt32 = 0, gid: UInt32 = 0, additionalGids: [UInt32]? = nil) {
            self.uid = uid
            self.gid = gid
            self.additionalGids = additionalGids
        }
    }

    /// Whether a terminal is attached.
    package var terminal: Bool?
    /// Whom the process runs as.
    package var user: User?
    /// argv, the program first.
    package var args: [String]?
    /// `NAME=value`.
    package var env: [String]?
    /// The folder it starts in: absolute.
    package var cwd: String

    package init(args: [String], env: [String] = [], cwd: String = "/", user: User = User(), terminal: Bool? = nil) {
        self.terminal = terminal
        self.user = user
        self.args = args
        self.env = env
        self.cwd = cwd
    }
}
