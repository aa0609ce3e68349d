internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Tells when the kernel ends a process of a control group because its memory is used up.
package final class OOMWatch {
    private let signal: OwnedDescriptor
    /// The file that counts: open, since another group may have its path one day.
    private let counts: OwnedDescriptor
    private let version: HostControlGroups.Version
    private let path: String
    /// How many kills have been counted by the kernel, as far as we know.
    private var known: UInt64 = 0
    /// Whether a kill was told that the kernel has not counted yet.
    private var isOneAhead = false

    /// To be watched for readable (EPOLLIN, not EPOLLPRI): then it is time to `collect`. It stays readable until that
    /// is done; it also becomes readable when the group is removed.
    package var descriptor: Int32 { signal.rawValue }

    /// Watches a group that has a memory controller.
    init(of group: ControlGroup) throws(ControlGroupError) {
        version = group.host.version
        let name = version == .v1 ? "memory.oom_control" : "memory.events"
        guard let file = group.file(name, of: "memory") else {
            throw ControlGroupError(.noController("memory", for: "being told of lost processes"), at: group.path)
        }
        let path = file.path
        self.path = path
        counts = try atPlace(path) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: path, flags: O_RDONLY)
        }
        switch version {
        case .v1:
            signal = try atPlace(path) { () throws(SystemCallError) in
                OwnedDescriptor(owning: try systemCall("make a counter of events") { CLinux_event_counter() })
            }
            // cgroup-v1/memory.rst: "<event_fd> <fd of memory.oom_control>".
            let control = KernelFile(at: path.dropLast(name.count) + "cgroup.event_control")
            guard try control.write("\(signal.rawValue) \(counts.rawValue)") else {
                throw ControlGroupError(.noFile(for: "being told of lost processes"), at: control.path)
            }
        case .v2:
            signal = try atPlace(path) { () throws(SystemCallError) in
                OwnedDescriptor(owning: try systemCall("watch \"\(path)\"") { unsafe CLinux_watch_file(path) })
            }
        }
        known = figures()["oom_kill"] ?? 0
    }

    /// How many processes the kernel has ended since the last time; 0 also when the group is gone. Never waits.
    package func collect() -> Int {
        switch version {
        case .v1:
            let events = CLinux_take_event_count(signal.rawValue)
            return newKills(in: figures(), events: events)
        case .v2:
            CLinux_discard_changes(signal.rawValue)
            return newKills(in: figures(), events: 0)
        }
    }

    /// Version 1 tells before it counts: a kill that is told and not counted yet is taken on trust, once.
    func newKills(in figures: [Substring: UInt64], events: UInt64) -> Int {
        guard let counted = figures["oom_kill"] else { return 0 }
        if counted > known {
            let new = counted - known - (isOneAhead ? 1 : 0)
            known = counted
            isOneAhead = false
            return Int(clamping: new)
        }
        guard events > 0, !isOneAhead, figures["oom_kill_disable"] != 1 else { return 0 }
        isOneAhead = true
        return 1
    }

    private func figures() -> [Substring: UInt64] {
        let bytes = (try? counts.firstBytes(4096, name: path)) ?? []
        return KernelFile.figures(in: String(decoding: bytes, as: UTF8.self))
    }
}

extension ControlGroup {
    /// Begins to watch for processes that are ended because the group's memory is used up.
    package func watchOOM() throws(ControlGroupError) -> OOMWatch { try OOMWatch(of: self) }
}
