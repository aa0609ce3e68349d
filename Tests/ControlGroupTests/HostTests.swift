internal import Testing

@testable internal import ControlGroup

@Suite struct HostTests {
    private func line(_ folder: String, _ type: String, _ options: String) -> String {
        "31 23 0:28 / \(folder) rw,relatime shared:9 - \(type) \(type) \(options)\n"
    }

    @Test("CG-1: controllers mounted in trees of their own, or together, are version 1")
    func firstVersion() throws {
        let host = try HostControlGroups(
            mountinfo: "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
                + line("/sys/fs/cgroup/cpu,cpuacct", "cgroup", "rw,cpu,cpuacct")
                + line("/sys/fs/cgroup/memory", "cgroup", "rw,memory")
                + line("/sys/fs/cgroup/devices", "cgroup", "rw,devices")
                + line("/sys/fs/cgroup/systemd", "cgroup", "rw,xattr,name=systemd"))
        #expect(host.version == .v1)
        #expect(
            host.hierarchies == [
                .init(controllers: ["cpu", "cpuacct"], folder: "/sys/fs/cgroup/cpu,cpuacct"),
                .init(controllers: ["memory"], folder: "/sys/fs/cgroup/memory"),
            ])
        #expect(try host.availableControllers() == ["cpu", "cpuacct", "memory"])
    }

    @Test("CG-1: version 2 beside version 1 counts as version 1")
    func hybrid() throws {
        let host = try HostControlGroups(
            mountinfo: line("/sys/fs/cgroup/unified", "cgroup2", "rw,nsdelegate")
                + line("/sys/fs/cgroup/pids", "cgroup", "rw,pids"))
        #expect(host.version == .v1)
        #expect(host.hierarchies.map(\.folder) == ["/sys/fs/cgroup/pids"])
    }

    @Test(
        "CG-1: version 2 is where /sys/fs/cgroup is cgroup2, or where nothing else is mounted",
        arguments: [true, false])
    func secondVersion(isUsual: Bool) throws {
        let folder = isUsual ? "/sys/fs/cgroup" : "/mnt/groups"
        let rest = isUsual ? line("/sys/fs/cgroup/freezer", "cgroup", "rw,freezer") : ""
        let host = try HostControlGroups(mountinfo: rest + line(folder, "cgroup2", "rw"))
        #expect(host.version == .v2)
        #expect(host.hierarchies == [.init(controllers: [], folder: folder)])
    }

    @Test("CG-1: a second mount of a tree is no second tree, and mount points are unescaped")
    func escapes() throws {
        let host = try HostControlGroups(
            mountinfo: line("/my\\040groups/a\\134b", "cgroup", "rw,memory") + line("/again", "cgroup", "rw,memory"))
        #expect(host.hierarchies.map(\.folder) == ["/my groups/a\\b"])
    }

    @Test(
        "CG-1: a machine without control groups is told so",
        arguments: ["", "31 23 0:28 / /sys rw - sysfs sysfs rw\n", "cgroup"])
    func none(mountinfo: String) {
        #expect(throws: ControlGroupError(.noHierarchy, at: "/proc/self/mountinfo")) {
            try HostControlGroups(mountinfo: mountinfo)
        }
    }
}
