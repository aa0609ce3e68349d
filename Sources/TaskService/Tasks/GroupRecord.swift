package import ControlGroup
internal import Glibc
internal import LinuxSystem

/// Which control group was made for a container, written into its bundle: whoever cleans up removes that very group and
/// ends the processes in it, and none that the configuration only names, or that was made at its path since.
package struct GroupRecord: Equatable, Sendable {
    /// The file's name in the bundle.
    package static let fileName = "control-group"

    /// Its path below the root of each tree.
    package let path: String
    /// What tells it from others that have its path later.
    package let identity: UInt64

    /// Of a group that is there.
    package init?(of group: ControlGroup) {
        guard let identity = group.identity else { return nil }
        path = group.path
        self.identity = identity
    }

    /// What a bundle says.
    package init?(inBundle bundle: String) {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
        guard let file = try? OwnedDescriptor(opening: "\(bundle)/\(Self.fileName)", flags: flags),
            let bytes = try? file.readAll(limit: 1 << 16, name: Self.fileName)
        else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[0].hasPrefix("/"), let identity = UInt64(lines[1]), lines[2].isEmpty else {
            return nil
        }
        path = String(lines[0])
        self.identity = identity
    }

    /// The group, unless another one has its path by now.
    package func group(on host: HostControlGroups) -> ControlGroup? {
        guard let group = try? ControlGroup(path: path, on: host), isOf(group) else { return nil }
        return group
    }

    /// Whether what is at the group's path is what was recorded, or the rest of it.
    package func isOf(_ group: ControlGroup) -> Bool {
        group.path == path && (group.identity ?? identity) == identity
    }

    /// Writes it; without it nobody could clean up after us, so a failure is one of the container.
    package func write(toBundle bundle: String) throws(TaskError) {
        do throws(SystemCallError) {
            let file = try OwnedDescriptor(
                opening: "\(bundle)/\(Self.fileName)", flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
            try file.writeAll(Array("\(path)\n\(identity)\n".utf8), name: Self.fileName)
        } catch { throw TaskError(error) }
    }

    /// Removes it from a bundle, unless that has become another container's.
    package func remove(fromBundle bundle: String) {
        if GroupRecord(inBundle: bundle) == self { unsafe unlink("\(bundle)/\(Self.fileName)") }
    }
}
