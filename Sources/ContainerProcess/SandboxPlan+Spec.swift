package import OCIBundle
package import OCISpec
package import Sandbox

/// From what a container's configuration asks for to the box that its process makes: pure, nothing is looked at.
extension SandboxPlan {
    /// The box of a container's first process.
    ///
    /// `layers` are the root file system as a snapshotter describes it, mounted on the bundle's root folder first; none
    /// where somebody else has mounted it. `notes` collects what the configuration asks for and does not get.
    ///
    /// What would reach beyond the container is refused: settings of the whole machine, two namespaces of a kind (the
    /// second would be the host's), a mount namespace of others, mounts with other user numbers.
    package init(
        for spec: RuntimeSpec, bundle: String, layers: [SandboxRoot.Mount], program: Program, controlDescriptor: Int32,
        notes: inout Notes
    ) throws(BundleError) {
        let place = "\(bundle)/config.json"
        guard let process = spec.process else {
            throw BundleError(.configuration("there is no process"), at: place)
        }
        var root = SandboxRoot(path: Self.rootPath(of: spec, bundle: bundle))
        root.layers = layers
        root.isReadOnly = spec.root?.readonly ?? false
        root.mounts = try Self.mounts(of: spec, bundle: bundle, at: place, notes: &notes)
        root.hasDevices = root.mounts.contains { $0.isDeviceFolder }
        // There are no such files in a box.
        root.masked = (spec.linux?.maskedPaths ?? []).filter { !Self.isOfKernel($0) }
        root.readOnlyPaths = (spec.linux?.readonlyPaths ?? []).filter { !Self.isOfKernel($0) }
        self.init(controlDescriptor: controlDescriptor, root: .assembled(root), program: program)
        try apply(process, at: place)
        hostname = spec.hostname
        domainname = spec.domainname
        settings = try Self.settings(of: spec, at: place)
        notes.add(unenforcedOf: spec)
        // The root is always put together out of sight of the host.
        newNamespaces = Namespace.mount.flag
        var kinds: Set<Namespace> = []
        for namespace in spec.linux?.namespaces ?? [] {
            guard let kind = Namespace(rawValue: namespace.type) else {
                throw BundleError(.configuration("there is no namespace \(namespace.type.debugDescription)"), at: place)
            }
            guard kinds.insert(kind).inserted else {
                throw BundleError(.configuration("there are two \(namespace.type) namespaces"), at: place)
            }
            // The starter decides about the first process of a PID namespace, before there is one.
            if kind == .pid { continue }
            if kind == .time {
                notes.unused.append("time namespace")
            } else if kind == .mount, let path = namespace.path, !path.isEmpty {
                // It would leave no place for a root of our own.
                throw BundleError(.configuration("a mount namespace cannot be joined"), at: place)
            } else if let path = namespace.path, !path.isEmpty {
                joins.append(Join(kind: kind.flag, path: path))
                newNamespaces &= ~kind.flag
            } else {
                newNamespaces |= kind.flag
            }
        }
        joins.sort { $0.kind == Namespace.user.flag && $1.kind != Namespace.user.flag }
    }

    /// The box of a further process of a running container: the namespaces of its first process.
    package init(
        joining process: Int32, _ specification: ContainerProcessSpec, program: Program, controlDescriptor: Int32,
        hasUserNamespace: Bool
    ) throws(BundleError) {
        self.init(controlDescriptor: controlDescriptor, root: .joined, program: program)
        try apply(specification, at: "exec")
        let kinds: [Namespace] = (hasUserNamespace ? [.user] : []) + [.ipc, .uts, .network, .cgroup, .mount]
        joins = kinds.map { Join(kind: $0.flag, path: "/proc/\(process)/ns/\($0.file)") }
    }

    private mutating func apply(_ process: ContainerProcessSpec, at place: String) throws(BundleError) {
        hasTerminal = process.terminal ?? false
        oomScoreAdjustment = process.oomScoreAdj
        workingFolder = process.cwd
        umask = process.user?.umask ?? 0o022
        user = process.user?.uid ?? 0
        group = process.user?.gid ?? 0
        furtherGroups = process.user?.additionalGids ?? []
        forbidsNewPrivileges = process.noNewPrivileges ?? true
        capabilities = Capabilities(process.capabilities)
        limits = []
        for limit in process.rlimits ?? [] {
            guard let resource = Self.resources.firstIndex(of: limit.type) else {
                throw BundleError(.configuration("there is no limit \(limit.type.debugDescription)"), at: place)
            }
            guard limit.soft <= limit.hard else {
                throw BundleError(.configuration("\(limit.type): the soft limit is above the hard one"), at: place)
            }
            limits.append(Limit(resource: UInt32(resource), soft: limit.soft, hard: limit.hard))
        }
    }

    /// The root's folder on the host.
    package static func rootPath(of spec: RuntimeSpec, bundle: String) -> String {
        let path = spec.root?.path ?? "rootfs"
        return path.hasPrefix("/") ? path : "\(bundle)/\(path)"
    }

    private static func mounts(
        of spec: RuntimeSpec, bundle: String, at place: String, notes: inout Notes
    ) throws(BundleError) -> [SandboxRoot.Mount] {
        var mounts: [SandboxRoot.Mount] = []
        for mount in spec.mounts ?? [] {
            guard mount.destination.hasPrefix("/"), !mount.destination.utf8.contains(0) else {
                throw BundleError(
                    .configuration("the mount destination \(mount.destination.debugDescription) is no absolute path"),
                    at: place)
            }
            let isMapped = (mount.options ?? []).contains { $0 == "idmap" || $0 == "ridmap" }
            guard !isMapped, mount.uidMappings ?? [] == [], mount.gidMappings ?? [] == [] else {
                throw BundleError(
                    .configuration("the mount \(mount.destination) wants other user numbers, which is not done here"),
                    at: place)
            }
            let options = MountOptions(mount.options ?? [])
            let type = options.isBind ? "bind" : mount.type ?? ""
            guard type == "bind" || type == "tmpfs" else {
                guard kernelFileSystems.contains(type) else {
                    throw BundleError(
                        .configuration(
                            "the mount \(mount.destination) has type \(type.debugDescription), which is not done here; mount it on the host and bind it"
                        ), at: place)
                }
                notes.unused.append("\(mount.destination) (\(type))")
                continue
            }
            var source = mount.source ?? type
            if type == "bind", !source.hasPrefix("/") { source = "\(bundle)/\(source)" }
            mounts.append(
                SandboxRoot.Mount(
                    type: type, source: source, destination: mount.destination,
                    flags: options.flags & ~(MountOptions.bind | MountOptions.recursive), data: options.data,
                    isRecursive: options.isRecursive))
        }
        return mounts
    }

    /// The kernel's own, which every configuration for Linux asks for and no module has a use for.
    private static let kernelFileSystems: Set = ["proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue"]

    private static func isOfKernel(_ path: String) -> Bool {
        ["/proc", "/sys"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// Settings of the container's own namespaces; any other is one of the whole machine.
    private static func settings(of spec: RuntimeSpec, at place: String) throws(BundleError) -> [Setting] {
        let namespaces = Set((spec.linux?.namespaces ?? []).compactMap { Namespace(rawValue: $0.type) })
        var settings: [Setting] = []
        for (name, value) in (spec.linux?.sysctl ?? [:]).sorted(by: { $0.key < $1.key }) {
            let path = name.split { $0 == "." || $0 == "/" }.joined(separator: "/")
            let owner: Namespace? =
                if path.hasPrefix("net/") {
                    .network
                } else if path.hasPrefix("fs/mqueue/") || path.hasPrefix("kernel/msg") || path.hasPrefix("kernel/shm")
                    || path == "kernel/sem"
                {
                    .ipc
                } else if path == "kernel/domainname" || path == "kernel/hostname" {
                    .uts
                } else {
                    nil
                }
            guard let owner, namespaces.contains(owner) else {
                throw BundleError(
                    .configuration(
                        "sysctl \(name.debugDescription) belongs to \(owner.map { "the host's \($0.rawValue) namespace" } ?? "the whole machine"), "
                            + "not to the container"), at: place)
            }
            settings.append(Setting(path: path, value: value))
        }
        return settings
    }

    /// The kernel's resource limits, in the order of their numbers.
    private static let resources = [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
        "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ]
}

extension SandboxRoot.Mount {
    /// Whether it is the folder that our devices go to.
    fileprivate var isDeviceFolder: Bool {
        type == "tmpfs" && destination.split(separator: "/").filter { $0 != "." }.elementsEqual(["dev"])
    }
}
