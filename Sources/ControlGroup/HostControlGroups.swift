internal import Glibc
internal import LinuxSystem

/// Which control groups this machine has, and where they are mounted.
///
/// A machine that mounts version 2 beside version 1 ("hybrid") counts as one of version 1: its controllers are there.
package struct HostControlGroups: Equatable, Sendable {
    /// A version of control groups.
    package enum Version: Equatable, Sendable {
        case v1
        case v2
    }

    /// One mounted tree of groups.
    package struct Hierarchy: Equatable, Sendable {
        /// Version 1: the controllers mounted together here. Version 2: none, the root's files say which there are.
        package let controllers: [String]
        /// Where its root is.
        package let folder: String
    }

    /// Which version the controllers are in.
    package let version: Version

    /// The trees: one for version 2, at least one for version 1.
    package let hierarchies: [Hierarchy]

    /// Reads `/proc/self/mountinfo`.
    package init() throws(ControlGroupError) {
        let place = "/proc/self/mountinfo"
        guard let text = try KernelFile(at: place).text() else { throw ControlGroupError(.noHierarchy, at: place) }
        try self.init(mountinfo: text)
    }

    /// Finds the trees in a list of mounts, as proc_pid_mountinfo(5) describes it.
    package init(mountinfo: String) throws(ControlGroupError) {
        var first: [Hierarchy] = []
        var second: [String] = []
        for mount in mountinfo.split(separator: "\n").compactMap({ Mount($0) }) {
            switch mount.type {
            case "cgroup2":
                if !second.contains(mount.folder) { second.append(mount.folder) }
            case "cgroup":
                let controllers = mount.options.split(separator: ",").map(String.init).filter(Self.known.contains)
                // A controller is in one tree; a second mount of it shows the same.
                if !controllers.isEmpty && !first.contains(where: { $0.controllers == controllers }) {
                    first.append(Hierarchy(controllers: controllers, folder: mount.folder))
                }
            default: break
            }
        }
        if let root = second.first(where: { $0 == "/sys/fs/cgroup" }) ?? (first.isEmpty ? second.first : nil) {
            version = .v2
            hierarchies = [Hierarchy(controllers: [], folder: root)]
        } else if !first.isEmpty {
            version = .v1
            hierarchies = first
        } else {
            throw ControlGroupError(.noHierarchy, at: "/proc/self/mountinfo")
        }
    }

    /// The controllers of version 1 that we use.
    private static let known: Set = ["cpu", "cpuacct", "cpuset", "memory", "pids", "freezer", "blkio"]

    /// The controllers that a group can have here.
    package func availableControllers() throws(ControlGroupError) -> [String] {
        guard version == .v2, let root = hierarchies.first?.folder else { return hierarchies.flatMap(\.controllers) }
        let text = try KernelFile(at: "\(root)/cgroup.controllers").text() ?? ""
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}

/// A line of mountinfo: `31 23 0:28 / /sys/fs/cgroup/cpu rw,relatime shared:1 - cgroup cgroup rw,cpu`.
private struct Mount {
    let folder: String
    let type: Substring
    let options: Substring

    /// `nil` where the line has another form.
    init?(_ line: Substring) {
        let words = line.split(separator: " ")
        guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count > dash + 3 else { return nil }
        folder = Self.unescaped(words[4])
        type = words[dash + 1]
        options = words[dash + 3]
    }

    /// Spaces, tabs, line ends and backslashes are written as three octal digits.
    private static func unescaped(_ word: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(word.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
