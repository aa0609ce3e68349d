internal import Glibc
internal import LinuxSystem

/// A configuration file that belongs to somebody else.
struct InstallFile {
    let path: String

    init(_ path: String) { self.path = path }

    /// What it says; `nil` where it is not there.
    func text() throws(InstallError) -> String? {
        guard let bytes = try bytes() else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InstallError(.unexpected("is not text (UTF-8)"), at: path)
        }
        return text
    }

    private func bytes() throws(InstallError) -> [UInt8]? {
        do throws(SystemCallError) {
            let file = try OwnedDescriptor(opening: path, flags: O_RDONLY)
            guard let bytes = try file.readAll(limit: 4 << 20, name: path) else {
                throw SystemCallError(operation: "read \"\(path)\"", code: EFBIG)
            }
            return bytes
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw InstallError(.system(error), at: path)
        }
    }

    /// The names in it, sorted; none where it is not there.
    func entries() throws(InstallError) -> [String] {
        do throws(SystemCallError) {
            let folder = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
            return try folder.entryNames(of: path).map(\.text).sorted()
        } catch {
            if error.code == ENOENT { return [] }
            throw InstallError(.system(error), at: path)
        }
    }

    /// Puts `new` in the place of `old`, whole or not at all, with the file's mode and owner; `old` stays as `.bak`.
    ///
    /// A link keeps leading to the file, which is what changes.
    func replace(_ old: String?, with new: String) throws(InstallError) {
        let path = old == nil ? path : try resolved()
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let place = String(path[..<slash])
        let name = String(path[slash...].drop { $0 == "/" })
        do throws(SystemCallError) {
            if old == nil { try makeFolders(place) }
            let folder = try OwnedDescriptor(opening: place.isEmpty ? "/" : place, flags: O_RDONLY | O_DIRECTORY)
            var mode: UInt32 = 0o644
            var owner: (user: UInt32, group: UInt32)?
            if old != nil {
                var status = stat()
                let number = folder.rawValue
                try systemCall("look at \"\(path)\"") { unsafe fstatat(number, name, &status, 0) }
                mode = status.st_mode & 0o7777
                owner = (status.st_uid, status.st_gid)
            }
            if let old { try write(old, as: "\(name).bak", in: folder, mode: mode, owner: owner) }
            guard try text(at: path) == old else {
                throw SystemCallError(operation: "", code: ESTALE)
            }
            try write(new, as: name, in: folder, mode: mode, owner: owner)
        } catch {
            if error.code == ESTALE { throw InstallError(.changed, at: path) }
            throw InstallError(.system(error), at: path)
        }
    }

    private func text(at path: String) throws(SystemCallError) -> String? {
        do throws(InstallError) { return try InstallFile(path).text() } catch {
            throw SystemCallError(operation: "", code: ESTALE)
        }
    }

    private func write(
        _ text: String, as name: String, in folder: borrowing OwnedDescriptor, mode: UInt32,
        owner: (user: UInt32, group: UInt32)?
    ) throws(SystemCallError) {
        let unfinished = ".\(name).wasm-shim-new"
        if try folder.status(ofEntry: unfinished) != nil { try folder.removeFile(unfinished) }
        let file = try folder.makeFile(unfinished, mode: 0o600)
        do throws(SystemCallError) {
            try file.writeAll(Array(text.utf8), name: name)
            if let owner { try folder.setOwner(ofEntry: unfinished, user: owner.user, group: owner.group) }
            try file.setPermissions(mode, name: name)
            let number = file.rawValue
            try systemCall("write \"\(name)\" to disk") { fsync(number) }
            try folder.rename(unfinished, to: name)
        } catch {
            try? folder.removeFile(unfinished)
            throw error
        }
    }

    /// The path without links.
    private func resolved() throws(InstallError) -> String {
        guard let real = unsafe realpath(path, nil) else {
            throw InstallError(.system(SystemCallError(operation: "find \"\(path)\"", code: errno)), at: path)
        }
        // SAFETY: realpath gave memory of ours, with a zero at its end; freed here and used nowhere else.
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    private func makeFolders(_ path: String) throws(SystemCallError) {
        var folder = ""
        for component in path.split(separator: "/") {
            folder += "/\(component)"
            if try FileKind(at: folder) == nil { try makeFolder(at: folder, mode: 0o755) }
        }
    }
}
