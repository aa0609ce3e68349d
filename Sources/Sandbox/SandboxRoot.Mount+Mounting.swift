internal import CLinux
internal import Glibc
internal import LinuxSystem

extension SandboxRoot.Mount {
    /// Mounts a layer of the root itself on the folder at `path`; the working folder may be another afterwards.
    package func mount(asRootAt path: String) throws(SandboxError) {
        let place = "root file system (\(type))"
        if MountPoint.cleaned(destination) != "." {
            let root = try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
                try OwnedDescriptor(opening: path, flags: Int32(CLINUX_O_PATH) | O_DIRECTORY)
            }
            return try mount(in: root)
        }
        if type == "bind" {
            let folder = try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
                try OwnedDescriptor(opening: path, flags: Int32(CLINUX_O_PATH) | O_DIRECTORY)
            }
            return try bind(on: folder, copy: copySource(place), place: place)
        }
        let options = try MountData(data, place: place)
        try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
            if let folder = options.folder { try systemCall("go to \"\(folder)\"") { unsafe chdir(folder) } }
            try systemCall("mount it on \"\(path)\"") {
                unsafe CLinux_mount(source, path, type, flags, options.text)
            }
        }
    }

    /// Mounts it at its destination in `root`.
    func mount(in root: borrowing OwnedDescriptor) throws(SandboxError) {
        let place = "mount \(destination)"
        guard MountPoint.cleaned(destination) != "." else { throw SandboxError(.coversRoot, at: place) }
        if type == "bind" {
            let copy = try copySource(place)
            let kind = try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
                try copy.fileKind(name: source)
            }
            let point = try MountPoint(destination, in: root, isFolder: kind == .folder, place: place)
            try expectNotRoot(point, root, place: place)
            return try bind(on: point.descriptor, copy: copy, place: place)
        }
        let point = try MountPoint(destination, in: root, isFolder: true, place: place)
        try expectNotRoot(point, root, place: place)
        let options = try MountData(optionsFor(point, place: place), place: place)
        let number = point.descriptor.rawValue
        try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
            // Where we stand is where it goes, whatever its path leads to meanwhile.
            try systemCall("go there") { fchdir(number) }
            try systemCall("mount \(type)") { unsafe CLinux_mount(source, ".", type, flags, options.text) }
        }
    }

    /// A link to the root is as good as its name.
    private func expectNotRoot(
        _ point: borrowing MountPoint, _ root: borrowing OwnedDescriptor, place: String
    ) throws(SandboxError) {
        guard CLinux_is_same_file(point.descriptor.rawValue, root.rawValue) != 1 else {
            throw SandboxError(.coversRoot, at: place)
        }
    }

    private func copySource(_ place: String) throws(SandboxError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return OwnedDescriptor(
                owning: try systemCall("look at \"\(source)\"") {
                    unsafe CLinux_copy_mount(source, isRecursive ? 1 : 0)
                })
        } catch {
            switch error.code {
            case ENOENT: throw SandboxError(.missing(what: "its source \"\(source)\""), at: place)
            case ENOSYS: throw SandboxError(.kernelTooOld(needed: "5.12"), at: place)
            default: throw SandboxError(.system(error), at: place)
            }
        }
    }

    private func bind(
        on folder: borrowing OwnedDescriptor, copy: borrowing OwnedDescriptor, place: String
    ) throws(SandboxError) {
        let (from, to) = (copy.rawValue, folder.rawValue)
        try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
            try systemCall("restrict \"\(source)\"") { CLinux_restrict_mount(from, flags, isRecursive ? 1 : 0) }
            try systemCall("mount \"\(source)\"") { CLinux_place_mount(from, to) }
        }
    }

    /// A tmpfs over a folder that is there has that folder's mode, unless something else is said.
    private func optionsFor(_ point: borrowing MountPoint, place: String) throws(SandboxError) -> String {
        guard type == "tmpfs", point.wasThere, !data.split(separator: ",").contains(where: { $0.hasPrefix("mode=") })
        else { return data }
        var status = stat()
        let number = point.descriptor.rawValue
        try SandboxError.wrapping(at: place) { () throws(SystemCallError) in
            try systemCall("look at it") { unsafe fstat(number, &status) }
        }
        let mode = "mode=\(String(status.st_mode & 0o7777, radix: 8))"
        return data.isEmpty ? mode : "\(data),\(mode)"
    }
}
