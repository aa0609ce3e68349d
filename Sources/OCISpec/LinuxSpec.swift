/// What a container's configuration asks of Linux (runtime-spec, config-linux.md): the members that a box for wasm
/// programs has a use for.
package struct LinuxSpec: Equatable, Sendable, Codable {
    /// A namespace that the container has of its own, or shares.
    package struct Namespace: Equatable, Sendable, Codable {
        /// `pid`, `network`, `mount`, `ipc`, `uts`, `user`, `cgroup` or `time`.
        package var type: String
        /// The file of one that exists already; a new one is made where this is missing.
        package var path: String?

        package init(type: String, path: String? = nil) {
            self.type = type
            self.path = path
        }
    }

    /// A range of user or group numbers, as seen inside and outside.
    package struct IDMapping: Equatable, Sendable, Codable {
        package var containerID: UInt32
        package var hostID: UInt32
        package var size: UInt32

        package init(containerID: UInt32, hostID: UInt32, size: UInt32) {
            self.containerID = containerID
            self.hostID = hostID
            self.size = size
        }
    }

    package var namespaces: [Namespace]?
    package var uidMappings: [IDMapping]?
    package var gidMappings: [IDMapping]?
    /// Where the container's control group is: a path below each hierarchy, or `slice:prefix:name` for systemd's scheme.
    package var cgroupsPath: String?
    package var resources: LinuxResources?
    /// A filter of system calls.
    package var seccomp: UnreadMember?
    /// Further devices.
    package var devices: [UnreadMember]?
    /// The kernel's personality(2).
    package var personality: UnreadMember?
    /// Paths at which the container is to see nothing.
    package var maskedPaths: [String]?
    /// Paths that the container may only read.
    package var readonlyPaths: [String]?
    /// Kernel settings of the container's namespaces: `net.ipv4.ip_forward` to `1`.
    package var sysctl: [String: String]?

    package init(
        namespaces: [Namespace]? = nil, cgroupsPath: String? = nil, resources: LinuxResources? = nil
    ) {
        self.namespaces = namespaces
        self.cgroupsPath = cgroupsPath
        self.resources = resources
    }
}
