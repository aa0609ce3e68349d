internal import ControlGroup
internal import Glibc
internal import LinuxSystem
internal import Synchronization
internal import TestSupport
internal import Testing

/// A control group of this machine's, for one test: gone with its processes when the test lets go of it.
final class TestGroup: Sendable {
    /// The folder that all groups of tests lie in.
    private static let parent = "wasm-shim-tests"

    let group: ControlGroup
    /// What `start` has started: collected at the end, because a zombie would keep exit tests of the same process waiting.
    private let started = Mutex<[Int32]>([])

    /// `nil`, said loudly, where this is not root on a machine of that version.
    init?(_ version: HostControlGroups.Version, skipping what: String, name: String = #function) throws {
        guard isSuperuser, let host = try Self.host(version) else {
            SharedFolder.skip(what, because: "it needs root, and control groups of version \(version)")
            return nil
        }
        let random = UInt64.random(in: 0...UInt64.max)
        group = try ControlGroup(path: "/\(Self.parent)/\(getpid())-\(String(random, radix: 36))", on: host)
        try group.create()
    }

    /// The trees of a version; on a machine that has both, cgroup2 as if it were alone.
    private static func host(_ version: HostControlGroups.Version) throws -> HostControlGroups? {
        let mounts = try text(of: "/proc/self/mountinfo").split(separator: "\n")
        let type = version == .v1 ? " - cgroup " : " - cgroup2 "
        let wanted = mounts.filter { $0.contains(type) }.joined(separator: "\n")
        guard let host = try? HostControlGroups(mountinfo: wanted), host.version == version else { return nil }
        return host
    }

    deinit {
        try? group.killAll()
        for process in started.withLock({ $0 }) { _ = waitpid(process, nil, 0) }
        try? eventually("the test's group is removed") { try group.remove() }
        for hierarchy in group.host.hierarchies { _ = unsafe rmdir("\(hierarchy.folder)/\(Self.parent)") }
    }

    /// The path of one of its files.
    func path(_ name: String, of controller: String) -> String {
        let folder = group.host.hierarchies.first { $0.controllers.contains(controller) || $0.controllers.isEmpty }
        return "\(folder?.folder ?? "")\(group.path)/\(name)"
    }

    /// What one of its files says, without white space at its end.
    func value(_ name: String, of controller: String) throws -> String {
        String(try text(of: path(name, of: controller)).drop(while: \.isWhitespace).prefix { $0 != "\n" })
    }

    /// Starts a shell in the group that first enters it and then does `command`.
    func start(_ command: String) throws -> Int32 {
        var files = group.taskFiles
        if group.host.version == .v2 { files = [path("cgroup.procs", of: "")] }
        let entry = files.map { "echo 0 >\(quoted($0)) && " }.joined()
        var child = ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", entry + command])
        child.environment = ["PATH=/usr/bin:/bin"]
        child.unblockedSignals = Array(1...31)
        let process = try child.start()
        started.withLock { $0.append(process) }
        return process
    }

    /// Starts a shell that sleeps in the group, and waits until it is there.
    func startSleeper() throws -> Int32 {
        let process = try start("exec sleep 60")
        try eventually("the process is in the group") { try group.processes().contains(process) }
        return process
    }
}

/// Waits until something is so, at most ten seconds.
func eventually(_ what: String, _ isSo: () throws -> Bool) throws {
    for _ in 0..<1000 {
        if try isSo() { return }
        usleep(10_000)
    }
    Issue.record("not so after ten seconds: \(what)")
}
