package import OCIBundle
package import OCISpec
package import Sandbox

/// From what a container's configuration asks for to the box that its process makes: pure, nothing is looked at.
extension SandboxPlan {
    /// The box of a container's first process.
    ///
    /// `layers` are the root file system as a snapshotter describes it, mounted on the bundle's root folder first; none
    /// where somebody else has mounted it. `ignored` collects what the configuration asks for that a wasm program has no
    /// use for.
    package init(
        for spec: RuntimeSpec, bundle: String, layers: [SandboxRoot.Mount], program: Program, controlDescriptor: Int32,
        ignored: inout [String]
    ) throws(BundleError) {
        let place = "\(bundle)/config.json"
        guard let process = spec.process else {
            throw BundleError(.configuration("there is no process"), at: place)
        }
        var root = SandboxRoot(path: Self.rootPath(of: spec, bundle: bundle))
        root.layers = layers
        root.isReadOnly = spec.root?.readonly ?? false
        root.mounts = try Self.mounts(of: spec, bundle: bundle, at: place, ignored: &ignored)
        root.hasDevices = root.mounts.contains { $0.destination == "/dev" && $0.type == "tmpfs" }
        self.init(controlDescriptor: controlDescriptor, root: .assembled(root), program: program)
        try apply(process, at: place)
        hostname = spec.hostname
        domainname = spec.domainname
        settings = (spec.linux?.sysctl ?? [:]).sorted { $0.key < $1.key }.map {
            Setting(path: $0.key.split(separator: ".").joined(separator: "/"), value: $0.value)
        }
        // The root is always put together out of sight of the host.
        newNamespaces = Namespace.mount.flag
        for namespace in spec.linux?.namespaces ?? [] {
            guard let kind = Namespace(rawValue: namespace.type) else {
                throw BundleError(.configuration("there is no namespace \(namespace.type.debugDescription)"), at: place)
            }
            // The starter decides about the first process of a PID namespace, before there is one.
            if kind == .pid { continue }
            if kind == .time {
                ignored.append("time namespace")
            } else if let path = namespace.path, !path.isEmpty {
                joins.append(Join(kind: kind.flag, path: path))
                newNamespaces &= ~kind.flag
            } else {
                newNamespaces |= kind.flag
            }
        }
        // A mount namespace that is joined would leave no place for a root of our own.
        newNamespaces |= Namespace.mount.flag
        joins.removeAll { $0.kind == Namespace.mount.flag }
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
        of spec: RuntimeSpec, bundle: String, at place: String, ignored: inout [String]
    ) throws(BundleError) -> [SandboxRoot.Mount] {
        var mounts: [SandboxRoot.Mount] = []
        for mount in spec.mounts ?? [] {
            guard mount.destination.hasPrefix("/"), !mount.destination.utf8.contains(0) else {
                throw BundleError(
                    .configuration("the mount destination \(mount.destination.debugDescription) is no absolute path"),
                    at: place)
            }
            let options = MountOptions(mount.options ?? [])
            let type = options.isBind ? "bind" : mount.type ?? ""
            guard type == "bind" || type == "tmpfs" else {
                ignored.append("\(mount.destination) (\(type))")
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

    /// The kernel's resource limits, in the order of their numbers.
    private static let resources = [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
        "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ]
}
