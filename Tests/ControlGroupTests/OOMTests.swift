internal import Glibc
internal import LinuxSystem
internal import OCISpec
internal import TestSupport
internal import Testing

@testable internal import ControlGroup

@Suite struct OOMTests {
    private func isReadable(_ descriptor: Int32, within milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) == 1 && entry.revents & Int16(POLLIN) != 0
    }

    @Test("CG-20: a process that is ended for lack of memory is told once")
    func kill() throws {
        guard let test = try TestGroup(.v1, skipping: "the OOM killer") else { return }
        try test.group.apply(LinuxResources(memory: .init(limit: 8 << 20, swap: 8 << 20)))
        let watch = try test.group.watchOOM()
        #expect(watch.collect() == 0)
        #expect(!isReadable(watch.descriptor, within: 0))
        for _ in 1...2 {
            // dd takes a block of that size.
            let process = try test.start("exec dd if=/dev/zero of=/dev/null bs=64M count=1 2>/dev/null")
            #expect(isReadable(watch.descriptor, within: 10_000))
            #expect(try ProcessEnd(of: process, block: true) == .killed(signal: SIGKILL))
            #expect(watch.collect() == 1)
            #expect(watch.collect() == 0)
            #expect(!isReadable(watch.descriptor, within: 0))
        }
        guard case .v1(let stats) = try test.group.stats() else { throw TestFailure() }
        #expect(stats.oomControl.oomKill == 2)
    }

    @Test("CG-20: a group that goes away is readable once, and tells of no kill")
    func removal() throws {
        guard let test = try TestGroup(.v1, skipping: "the OOM killer") else { return }
        let watch = try test.group.watchOOM()
        try eventually("removed") { try test.group.remove() }
        #expect(isReadable(watch.descriptor, within: 10_000))
        #expect(watch.collect() == 0)
        #expect(!isReadable(watch.descriptor, within: 0))
    }

    @Test("CG-20: what the kernel tells before it counts it is told once all the same")
    func order() throws {
        guard let test = try TestGroup(.v1, skipping: "the OOM killer") else { return }
        let watch = try test.group.watchOOM()
        #expect(watch.newKills(in: ["oom_kill": 0], events: 1) == 1)
        #expect(watch.newKills(in: ["oom_kill": 0], events: 1) == 0)
        #expect(watch.newKills(in: ["oom_kill": 1], events: 0) == 0)
        #expect(watch.newKills(in: ["oom_kill": 3], events: 1) == 2)
        #expect(watch.newKills(in: ["oom_kill": 3, "oom_kill_disable": 1], events: 1) == 0)
        #expect(watch.newKills(in: [:], events: 1) == 0)
    }

    @Test("CG-21: version 2 tells by a change of memory.events")
    func secondVersion() throws {
        let folder = try TestFolder()
        try folder.write("oom 0\noom_kill 4\n", to: "x/memory.events")
        let host = try HostControlGroups(mountinfo: "1 2 0:1 / \(folder.path) rw - cgroup2 cgroup2 rw")
        let watch = try ControlGroup(path: "/x", on: host).watchOOM()
        #expect(!isReadable(watch.descriptor, within: 0))
        #expect(watch.collect() == 0)
        // In place: the file keeps its inode, as the kernel's does.
        #expect(shell("echo 'oom_kill 6' >\(quoted(folder.path("x/memory.events")))") == 0)
        #expect(isReadable(watch.descriptor, within: 1000))
        #expect(watch.collect() == 2)
        #expect(watch.collect() == 0)
        #expect(!isReadable(watch.descriptor, within: 0))
    }
}
