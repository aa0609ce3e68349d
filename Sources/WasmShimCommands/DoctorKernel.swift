internal import CLinux
internal import Glibc
internal import LinuxSystem

/// What the kernel can do.
struct DoctorKernel {
    /// `uname -r`.
    let release: String
    /// The names in /proc/self/ns.
    let namespaces: Set<String>
    let hasOpenat2: Bool
    let hasClone3: Bool
    let hasPidfd: Bool
    let hasSeccomp: Bool
    let landlockVersion: Int
    /// The text of /proc/filesystems.
    let fileSystems: String
    /// How many user namespaces there may be; `nil` where the kernel has none.
    let userNamespaces: Int?

    /// Asks the running kernel.
    static func running() -> DoctorKernel {
        func text(_ path: String) -> String? { (try? InstallFile(path).text()) ?? nil }
        return DoctorKernel(
            release: String((text("/proc/sys/kernel/osrelease") ?? "").prefix { !$0.isWhitespace }),
            namespaces: Set((try? InstallFile("/proc/self/ns").entries()) ?? []), hasOpenat2: opensBeneath(),
            hasClone3: CLinux_has_clone3() == 1, hasPidfd: CLinux_has_pidfd() == 1,
            hasSeccomp: CLinux_has_seccomp() == 1, landlockVersion: Int(CLinux_landlock_version()),
            fileSystems: text("/proc/filesystems") ?? "",
            userNamespaces: text("/proc/sys/user/max_user_namespaces").flatMap { Int($0.prefix { $0.isNumber }) })
    }

    /// Opens a folder beneath itself, which cannot fail but for want of openat2.
    private static func opensBeneath() -> Bool {
        guard let root = try? OwnedDescriptor(opening: "/", flags: O_RDONLY | O_DIRECTORY) else { return false }
        return (try? OwnedDescriptor(opening: ".", beneath: root, flags: O_RDONLY | O_DIRECTORY)) != nil
    }

    /// What there is to say of it.
    var findings: [DoctorFinding] {
        var findings = [version]
        let missing = ["mnt", "pid", "net", "ipc", "uts"].filter { !namespaces.contains($0) }
        findings.append(
            missing.isEmpty
                ? DoctorFinding(.ok, "namespaces")
                : DoctorFinding(
                    .problem, "no namespaces of the kinds \(missing.joined(separator: ", "))",
                    "containers are kept apart by them; run a kernel with CONFIG_NAMESPACES"))
        for (name, isThere, use) in [
            ("openat2", hasOpenat2, "it keeps paths inside a container's files; Linux 5.6 has it"),
            ("clone3", hasClone3, "guests are started in their control group by it; Linux 5.7 can"),
            ("pidfd", hasPidfd, "processes are told apart safely by it; Linux 5.3 has it"),
        ] {
            findings.append(isThere ? DoctorFinding(.ok, name) : DoctorFinding(.problem, "no \(name)", use))
        }
        findings.append(
            hasSeccomp
                ? DoctorFinding(.ok, "seccomp filters")
                : DoctorFinding(
                    .warning, "no seccomp filters",
                    "system calls of guests cannot be narrowed; run a kernel with CONFIG_SECCOMP_FILTER"))
        findings.append(
            landlockVersion > 0
                ? DoctorFinding(.ok, "landlock \(landlockVersion)")
                : DoctorFinding(
                    .warning, "no landlock", "one wall less around guests; boot Linux 5.13 or newer with lsm=landlock,…"
                ))
        findings.append(
            fileSystems.split(whereSeparator: \.isWhitespace).contains("overlay")
                ? DoctorFinding(.ok, "overlayfs")
                : DoctorFinding(
                    .warning, "overlayfs is not loaded",
                    "containerd's usual snapshotter needs it; modprobe overlay, or set another snapshotter"))
        findings.append(
            namespaces.contains("user") && userNamespaces != 0
                ? DoctorFinding(.ok, "user namespaces")
                : DoctorFinding(
                    .warning, "no user namespaces",
                    "containers that ask for one fail; set user.max_user_namespaces by sysctl"))
        return findings
    }

    private var version: DoctorFinding {
        guard let version = DoctorVersion(in: release) else {
            return DoctorFinding(
                .warning, "kernel \(release)", "a version that we cannot read; 5.10 or newer is needed")
        }
        if version.isAtLeast([5, 10]) { return DoctorFinding(.ok, "kernel \(release)") }
        return DoctorFinding(
            .problem, "kernel \(release)", "older than 5.10, the oldest that we know to work; update it")
    }
}
