package import OCISpec
package import Sandbox

extension SandboxPlan.Capabilities {
    /// From the names of a configuration; names that this kernel cannot know are left out, as the specification allows
    /// (config.md, "Linux Process").
    package init(_ names: ContainerProcessSpec.Capabilities?) {
        self.init()
        guard let names else { return }
        bounding = Self.set(of: names.bounding)
        effective = Self.set(of: names.effective)
        inheritable = Self.set(of: names.inheritable)
        permitted = Self.set(of: names.permitted)
        ambient = Self.set(of: names.ambient)
    }

    private static func set(of names: [String]?) -> UInt64 {
        (names ?? []).reduce(0) { set, name in
            order.firstIndex(of: name).map { set | 1 << UInt64($0) } ?? set
        }
    }

    /// The kernel's capabilities, in the order of their numbers.
    private static let order = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
        "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
        "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
        "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
        "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ]
}
