internal import CLinux
internal import Glibc
internal import LinuxSystem

/// The few devices that every container may have: none of them shows anything of the host.
enum Devices {
    private static let all: [(name: String, major: UInt32, minor: UInt32)] = [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ]

    /// Makes them in `/dev` of `root`, where a file system of our own was mounted just now.
    static func make(in root: borrowing OwnedDescriptor) throws(SandboxError) {
        let folder = try SandboxError.wrapping(at: "devices") { () throws(SystemCallError) in
            try root.folder(inRoot: "dev")
        }
        let number = folder.rawValue
        let former = umask(0)
        defer { umask(former) }
        for device in all {
            do throws(SystemCallError) {
                try systemCall("make /dev/\(device.name)") {
                    unsafe CLinux_make_device(number, device.name, device.major, device.minor)
                }
            } catch {
                switch error.code {
                case EEXIST: continue
                // In a user namespace nobody makes devices; those of the host are as good.
                case EPERM: try show(device.name, in: root)
                default: throw SandboxError(.system(error), at: "devices")
                }
            }
        }
    }

    private static func show(_ name: String, in root: borrowing OwnedDescriptor) throws(SandboxError) {
        let mount = SandboxRoot.Mount(type: "bind", source: "/dev/\(name)", destination: "/dev/\(name)")
        try mount.mount(in: root)
    }
}
