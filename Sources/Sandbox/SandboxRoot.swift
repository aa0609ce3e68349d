/// How a container's root file system is put together, in a mount namespace that dies with the container: nothing is
/// mounted where the host would see it, so nothing can be left behind.
package struct SandboxRoot: Equatable, Sendable {
    /// One mount.
    package struct Mount: Equatable, Sendable {
        /// The file system's type; `bind` shows what is at `source`.
        package var type: String
        /// A path of the host, or what the file system calls its source.
        package var source: String
        /// Where it appears, as a path in the root; `/` for the root itself.
        package var destination: String
        /// mount(2)'s MS_… flags.
        package var flags: UInt64
        /// What the file system itself is told: `lowerdir=…,upperdir=…`.
        package var data: String
        /// Whether a `bind` mount shows what is mounted below its source as well.
        package var isRecursive: Bool

        package init(
            type: String, source: String, destination: String, flags: UInt64 = 0, data: String = "",
            isRecursive: Bool = false
        ) {
            self.type = type
            self.source = source
            self.destination = destination
            self.flags = flags
            self.data = data
            self.isRecursive = isRecursive
        }

        /// The same, in which device nodes open nothing.
        var withoutDevices: Mount {
            var mount = self
            mount.flags |= MountOptions.noDevices
            return mount
        }
    }

    /// Where the root is put together: a folder of the host, which must exist. Where `layers` is empty it is the root's
    /// content as well (somebody else has mounted it).
    package var path: String
    /// What is mounted on `path` first, in order: the root file system as a snapshotter describes it.
    package var layers: [Mount] = []
    /// What is mounted inside, in order.
    package var mounts: [Mount] = []
    /// Paths of the root at which nothing is to be seen; those that are not there are passed over.
    package var masked: [String] = []
    /// Paths of the root that are read-only with everything below; those that are not there are passed over.
    package var readOnlyPaths: [String] = []
    /// Whether the root itself is made read-only, after everything else.
    package var isReadOnly = false
    /// Whether `/dev` gets its few harmless devices (null, zero, full, random, urandom, tty).
    package var hasDevices = true

    package init(path: String) { self.path = path }
}
