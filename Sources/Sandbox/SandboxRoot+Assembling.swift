internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Putting the root together in this process's own mount namespace, and moving there.
extension SandboxRoot {
    /// Mounts everything and changes the root; what was mounted before is out of reach afterwards.
    func assemble(tell: (String) -> Void) throws(SandboxError) {
        try SandboxError.wrapping(at: "mounts") { () throws(SystemCallError) in
            try systemCall("keep mounts to ourselves") { CLinux_make_mounts_private() }
        }
        if layers.isEmpty {
            try showItself()
        } else {
            for layer in layers { try layer.mount(asRootAt: path) }
        }
        let root = try openRoot()
        tell("mounted the root")
        if hasDevices, !mounts.contains(where: { MountPoint.cleaned($0.destination) == "dev" }) {
            let devices = Mount(
                type: "tmpfs", source: "tmpfs", destination: "/dev", flags: 2, data: "mode=755,size=64k")
            try devices.mount(in: root)
            try Devices.make(in: root)
        }
        for mount in mounts {
            try mount.mount(in: root)
            if hasDevices, MountPoint.cleaned(mount.destination) == "dev" { try Devices.make(in: root) }
        }
        tell("mounted \(mounts.count) more")
        let number = root.rawValue
        if isReadOnly {
            try SandboxError.wrapping(at: "root file system") { () throws(SystemCallError) in
                try systemCall("make it read-only") { CLinux_restrict_mount(number, MountOptions.readOnly, 0) }
            }
        }
        try SandboxError.wrapping(at: "root file system") { () throws(SystemCallError) in
            try systemCall("change the root to \"\(path)\"") { CLinux_change_root(number) }
        }
        tell("changed the root")
    }

    private func openRoot() throws(SandboxError) -> OwnedDescriptor {
        try SandboxError.wrapping(at: "root file system") { () throws(SystemCallError) in
            try OwnedDescriptor(opening: path, flags: Int32(CLINUX_O_PATH) | O_DIRECTORY)
        }
    }

    /// The root must be a mount of its own to become the root.
    private func showItself() throws(SandboxError) {
        let folder = try openRoot()
        try SandboxError.wrapping(at: "root file system \(path)") { () throws(SystemCallError) in
            let copy = OwnedDescriptor(
                owning: try systemCall("look at \"\(path)\"") { unsafe CLinux_copy_mount(path, 1) })
            let (from, to) = (copy.rawValue, folder.rawValue)
            try systemCall("mount \"\(path)\" on itself") { CLinux_place_mount(from, to) }
        }
    }
}
