internal import Glibc
package import LinuxSystem

/// A container's control group: the kernel's account of what its processes use, and the limits of that.
///
/// A value that names it; the group itself is in the kernel, in one tree (version 2) or one for each controller
/// (version 1). Nothing here waits for anything.
package struct ControlGroup: Equatable, Sendable {
    /// Where the trees are.
    package let host: HostControlGroups

    /// Its path below the root of each tree, beginning with a slash.
    package let path: String

    /// The group that `linux.cgroupsPath` means: `/folder/name`, or `slice:prefix:name` in systemd's scheme.
    package init(path cgroupsPath: String, on host: HostControlGroups) throws(ControlGroupError) {
        self.host = host
        path = try Self.path(from: cgroupsPath)
    }

    /// The files that a process writes `0` to, to enter the group: version 1 alone. The write takes microseconds;
    /// another process's number in cgroup.procs takes milliseconds.
    package var taskFiles: [String] {
        host.version == .v2 ? [] : folders.filter(isFolder).map { "\($0)/tasks" }
    }

    /// The group's open folder, for clone3(2) with CLONE_INTO_CGROUP: version 2 alone.
    package func openFolder() throws(ControlGroupError) -> OwnedDescriptor? {
        guard host.version == .v2, let folder = folders.first else { return nil }
        return try atPlace(folder) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: folder, flags: O_RDONLY | O_DIRECTORY)
        }
    }

    /// What tells the group from one that is made at its path later; `nil` where it is not there.
    package var identity: UInt64? {
        guard let folder = entered.first.map({ $0.folder + path }),
            let open = try? OwnedDescriptor(opening: folder, flags: O_RDONLY | O_DIRECTORY)
        else { return nil }
        return try? open.status(name: folder).inode
    }

    /// The trees in which every group is made: no process enters a set of processors that has none.
    var entered: [HostControlGroups.Hierarchy] { host.hierarchies.filter { $0.controllers != ["cpuset"] } }

    /// Its folder in each tree, whether it is there or not.
    var folders: [String] { host.hierarchies.map { $0.folder + path } }

    /// Its folder in the tree that has a controller; `nil` where none has. Version 2 has one folder for all.
    func folder(of controller: String) -> String? {
        switch host.version {
        case .v2: folders.first
        case .v1: host.hierarchies.first { $0.controllers.contains(controller) }.map { $0.folder + path }
        }
    }

    /// One of its files.
    func file(_ name: String, of controller: String) -> KernelFile? {
        folder(of: controller).map { KernelFile(at: "\($0)/\(name)") }
    }

    /// Whether a folder is there.
    func isFolder(_ path: String) -> Bool { (try? FileKind(at: path)) == .folder }
}
