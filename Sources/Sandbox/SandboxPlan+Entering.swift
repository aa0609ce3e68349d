internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Getting into the box, step by step. Each step takes something away that the earlier ones needed.
extension SandboxPlan {
    /// Everything up to the new root: control groups, namespaces, names, settings, mounts, limits. The process still has
    /// the rights that it was started with.
    ///
    /// `tell` is called after each step, with what was done.
    package func enter(
        _ control: ControlSocket, tell: (String) -> Void
    ) throws(SandboxError) {
        try concealMemory()
        try enterControlGroups()
        try takeTerminal()
        tell("entered \(controlGroupFiles.count) control groups")
        try joinNamespaces()
        try makeNamespaces(control)
        tell("entered namespaces")
        try setNames()
        try writeSettings()
        if case .assembled(let root) = root {
            try root.assemble(workingFolder: workingFolder, tell: tell)
        }
        if newNamespaces & UInt32(CLINUX_NEW_NETWORK) != 0 {
            try SandboxError.wrapping(at: "network namespace") { () throws(SystemCallError) in
                try systemCall("set the loopback interface up") { CLinux_loopback_up() }
            }
        }
        try setLimits()
        tell("set limits")
    }

    private func enterControlGroups() throws(SandboxError) {
        if let oomScoreAdjustment {
            try Self.write("\(oomScoreAdjustment)", to: "/proc/self/oom_score_adj", place: "OOM score")
        }
        for file in controlGroupFiles { try Self.write("0", to: file, place: "control group") }
    }

    private func takeTerminal() throws(SandboxError) {
        try SandboxError.wrapping(at: "terminal") { () throws(SystemCallError) in
            try systemCall("lead a session") { CLinux_lead_session() }
            if hasTerminal {
                try systemCall("take standard input as the terminal") { CLinux_take_terminal(STDIN_FILENO) }
            }
        }
    }

    /// Opens every namespace before it joins the first: the paths mean something where we come from only. One that this
    /// process is in already is left out: in a user namespace of others there is no right to join it.
    private func joinNamespaces() throws(SandboxError) {
        guard !joins.isEmpty else { return }
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        for join in joins {
            opened.append(
                try SandboxError.wrapping(at: "namespace") { () throws(SystemCallError) in
                    try OwnedDescriptor(opening: join.path, flags: O_RDONLY).release()
                })
        }
        let isOurs = opened.map { CLinux_is_own_namespace($0) == 1 }
        for (index, join) in joins.enumerated() where !isOurs[index] {
            try SandboxError.wrapping(at: "namespace") { () throws(SystemCallError) in
                try systemCall("join \"\(join.path)\"") { CLinux_join(opened[index], join.kind) }
            }
            if join.kind == UInt32(CLINUX_NEW_USERS) { try becomeItsRoot() }
        }
    }

    /// What we are called in a user namespace that is joined or made; all that follows is done as its root.
    private func becomeItsRoot() throws(SandboxError) {
        try SandboxError.wrapping(at: "user namespace") { () throws(SystemCallError) in
            try systemCall("become group 0") { CLinux_set_group(0) }
            try systemCall("become user 0") { CLinux_set_user(0) }
        }
        try concealMemory()
    }

    /// Keeps this process's memory, descriptors and root out of reach of whoever else is root in its namespaces: none may
    /// trace it, nor look through /proc/PID. A change of user can undo that.
    package func concealMemory() throws(SandboxError) {
        try SandboxError.wrapping(at: "memory") { () throws(SystemCallError) in
            try systemCall("keep others from tracing this process") { CLinux_forbid_tracing() }
        }
    }

    private func makeNamespaces(_ control: ControlSocket) throws(SandboxError) {
        let users = UInt32(CLINUX_NEW_USERS)
        if newNamespaces & users != 0 {
            try SandboxError.wrapping(at: "user namespace") { () throws(SystemCallError) in
                try systemCall("make it") { CLinux_unshare(users) }
            }
            try control.say(.needsMappings)
            try control.expect(.mapped)
            try becomeItsRoot()
        }
        let others = newNamespaces & ~users & ~UInt32(CLINUX_NEW_PIDS)
        if others != 0 {
            try SandboxError.wrapping(at: "namespaces") { () throws(SystemCallError) in
                try systemCall("make them") { CLinux_unshare(others) }
            }
        }
    }

    private func setNames() throws(SandboxError) {
        guard newNamespaces & UInt32(CLINUX_NEW_NAMES) != 0 else { return }
        try SandboxError.wrapping(at: "names") { () throws(SystemCallError) in
            if let hostname { try systemCall("set the hostname") { unsafe CLinux_set_hostname(hostname) } }
            if let domainname { try systemCall("set the domain name") { unsafe CLinux_set_domainname(domainname) } }
        }
    }

    private func writeSettings() throws(SandboxError) {
        for setting in settings {
            // A path that climbs would name something that is no setting.
            guard !setting.path.split(separator: "/").contains("..") else {
                throw SandboxError(.missing(what: "\"\(setting.path)\""), at: "kernel setting")
            }
            try Self.write(setting.value, to: "/proc/sys/\(setting.path)", place: "kernel setting")
        }
    }

    private func setLimits() throws(SandboxError) {
        for limit in limits {
            try SandboxError.wrapping(at: "limits") { () throws(SystemCallError) in
                try systemCall("set limit \(limit.resource) to \(limit.soft), at most \(limit.hard)") {
                    CLinux_limit(limit.resource, limit.soft, limit.hard)
                }
            }
        }
    }

    private static func write(_ text: String, to path: String, place: String) throws(SandboxError) {
        try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: path, flags: O_WRONLY).writeAll(Array(text.utf8), name: path)
        }
    }
}
