internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Putting the root together in this process's own mount namespace, and moving there.
extension SandboxRoot {
    /// Mounts everything and changes the root; what was mounted before is out of reach afterwards. A working folder that
    /// is missing is made, because configurations name some that their images do not have.
    ///
    /// Device nodes that come with an image or from the host open nothing: only our own in `/dev` do.
    func assemble(workingFolder: String, tell: (String) -> Void) throws(SandboxError) {
        try SandboxError.wrapping(at: "mounts") { () throws(SystemCallError) in
            try systemCall("keep mounts to ourselves") { CLinux_make_mounts_private() }
        }
        if layers.isEmpty {
            try showItself()
        } else {
            for layer in layers { try layer.withoutDevices.mount(asRootAt: path) }
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
            if hasDevices, mount.type == "tmpfs", MountPoint.cleaned(mount.destination) == "dev" {
                try mount.mount(in: root)
                try Devices.make(in: root)
            } else {
                try mount.withoutDevices.mount(in: root)
            }
        }
        for path in masked { try mask(path, in: root) }
        for path in readOnlyPaths { try makeReadOnly(path, in: root) }
        if workingFolder != "/" {
            _ = try MountPoint(workingFolder, in: root, isFolder: true, place: "working folder \(workingFolder)")
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
            try systemCall("restrict \"\(path)\"") { CLinux_restrict_mount(from, MountOptions.noDevices, 1) }
            try systemCall("mount \"\(path)\" on itself") { CLinux_place_mount(from, to) }
        }
    }

    /// Hides what is at a path, if anything is: behind an empty folder, or the null device.
    private func mask(_ path: String, in root: borrowing OwnedDescriptor) throws(SandboxError) {
        guard let kind = try kind(of: path, in: root) else { return }
        let mask =
            kind == .folder
            ? Mount(type: "tmpfs", source: "tmpfs", destination: path, flags: 1, data: "size=4k").withoutDevices
            : Mount(type: "bind", source: "/dev/null", destination: path, flags: MountOptions.readOnly)
        try mask.mount(in: root)
    }

    /// Makes what is at a path read-only, with everything below, if anything is there.
    private func makeReadOnly(_ path: String, in root: borrowing OwnedDescriptor) throws(SandboxError) {
        guard try kind(of: path, in: root) != nil else { return }
        let place = "read-only path \(path)"
        let folder = try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
            try OwnedDescriptor(opening: MountPoint.cleaned(path), inRoot: root, flags: Int32(CLINUX_O_PATH))
        }
        let number = folder.rawValue
        try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
            let copy = OwnedDescriptor(owning: try systemCall("look at it") { CLinux_copy_open_mount(number, 1) })
            let from = copy.rawValue
            try systemCall("make it read-only") { CLinux_restrict_mount(from, MountOptions.readOnly, 1) }
            try systemCall("mount it on itself") { CLinux_place_mount(from, number) }
        }
    }

    private func kind(of path: String, in root: borrowing OwnedDescriptor) throws(SandboxError) -> FileKind? {
        do throws(SystemCallError) {
            return try OwnedDescriptor(
                opening: MountPoint.cleaned(path), inRoot: root, flags: Int32(CLINUX_O_PATH)
            ).fileKind(name: path)
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw SandboxError(.system(error), at: path)
        }
    }
}
