/// Where a process's standard streams come from and go to, as containerd names them; empty is nowhere.
package struct StreamPaths: Equatable, Sendable {
    package var stdin: String
    package var stdout: String
    package var stderr: String
    /// Whether the process has a terminal; then there is no standard error of its own.
    package var hasTerminal: Bool

    package init(stdin: String, stdout: String, stderr: String, hasTerminal: Bool) {
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.hasTerminal = hasTerminal
    }
}

/// Whom the streams' files are given to.
package struct StreamOwner: Equatable, Sendable {
    package var user: UInt32
    package var group: UInt32

    package init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}
