internal import Glibc
package import LinuxSystem
package import OCISpec

/// Which users and groups of the host those of a user namespace are (user_namespaces(7)).
package struct UserMappings: Equatable, Sendable {
    /// The texts of uid_map and gid_map: inside, outside, count.
    package let users: String
    package let groups: String

    /// From a configuration; `nil` where it makes no user namespace.
    package init?(of spec: RuntimeSpec) {
        let namespaces = spec.linux?.namespaces ?? []
        guard namespaces.contains(where: { $0.type == "user" && ($0.path ?? "").isEmpty }) else { return nil }
        users = Self.text(spec.linux?.uidMappings ?? [])
        groups = Self.text(spec.linux?.gidMappings ?? [])
    }

    private static func text(_ mappings: [LinuxSpec.IDMapping]) -> String {
        mappings.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
    }

    /// Writes them for a process that has just made its namespace. Each file takes one write.
    package func write(for process: Int32) throws(SystemCallError) {
        for (name, text) in [("uid_map", users), ("gid_map", groups)] where !text.isEmpty {
            let path = "/proc/\(process)/\(name)"
            try OwnedDescriptor(opening: path, flags: O_WRONLY).writeAll(Array(text.utf8), name: path)
        }
    }
}
