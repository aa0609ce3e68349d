internal import CLinux
internal import Glibc

/// Removes a folder and all below it, without following a link and whatever its depth and modes; that it is gone
/// already is no error.
///
/// Depth costs neither stack nor descriptors: a folder found inside another is moved up to the top before its own
/// turn comes.
package func removeFolder(at path: String) throws(SystemCallError) {
    let top: OwnedDescriptor
    do throws(SystemCallError) {
        top = try openFolder(EntryName(path), in: AT_FDCWD, name: path)
    } catch {
        if error.code == ENOENT { return }
        throw error
    }
    var moved = 0
    while true {
        let entries = try top.entryNames(of: path, limit: 4096)
        if entries.isEmpty { break }
        for entry in entries {
            try remove(entry, at: path, from: top, movedSoFar: &moved)
        }
    }
    do throws(SystemCallError) {
        try systemCall("remove \"\(path)\"") { unsafe rmdir(path) }
    } catch {
        if error.code != ENOENT { throw error }
    }
}

/// Removes one entry of the top folder; the folders in it become entries of the top folder themselves.
private func remove(
    _ entry: EntryName, at path: String, from top: borrowing OwnedDescriptor, movedSoFar: inout Int
) throws(SystemCallError) {
    if try unlink(entry, from: top) { return }
    let base = top.rawValue
    let folder: OwnedDescriptor
    do throws(SystemCallError) {
        folder = try openFolder(entry, in: base, name: "\(path)/\(entry.text)")
    } catch {
        if error.code == ENOENT { return }
        throw error
    }
    for inner in try folder.entryNames(of: entry.text) where try !unlink(inner, from: folder) {
        // A folder's own mode decides whether it may get another parent.
        let number = folder.rawValue
        _ = try openFolder(inner, in: number, name: inner.text)
        var target = ".removing-\(movedSoFar)"
        while true {
            movedSoFar += 1
            let code = unsafe renameat(number, inner.terminated, base, target) == 0 ? 0 : CLinux_errno()
            if code == 0 { break }
            guard code == EEXIST || code == ENOTEMPTY || code == ENOTDIR else {
                throw SystemCallError(operation: "move \"\(inner.text)\" out of \"\(path)/\(entry.text)\"", code: code)
            }
            target = ".removing-\(movedSoFar)"
        }
    }
    try systemCall("remove \"\(path)/\(entry.text)\"") { unsafe unlinkat(base, entry.terminated, AT_REMOVEDIR) }
}

/// Removes an entry that is no folder; `false` where it is one.
private func unlink(_ entry: EntryName, from folder: borrowing OwnedDescriptor) throws(SystemCallError) -> Bool {
    let base = folder.rawValue
    guard unsafe unlinkat(base, entry.terminated, 0) != 0 else { return true }
    let code = CLinux_errno()
    switch code {
    case ENOENT: return true
    case EISDIR, EPERM: return false
    default: throw SystemCallError(operation: "remove \"\(entry.text)\"", code: code)
    }
}

/// Opens a folder for emptying it, after giving its owner all rights where they lack.
private func openFolder(
    _ path: EntryName, in base: Int32, name: String
) throws(SystemCallError) -> OwnedDescriptor {
    // O_PATH needs no right on the folder itself, and pins what the mode is changed of.
    let pinned = OwnedDescriptor(
        owning: try systemCall("open \"\(name)\"") {
            unsafe CLinux_openat(base, path.terminated, Int32(CLINUX_O_PATH) | O_DIRECTORY | O_NOFOLLOW, 0)
        })
    let number = pinned.rawValue
    let itself = "/proc/self/fd/\(number)"
    var status = stat()
    try systemCall("look at \"\(name)\"") { unsafe fstat(number, &status) }
    if status.st_mode & S_IRWXU != S_IRWXU {
        try systemCall("change the mode of \"\(name)\"") { unsafe chmod(itself, S_IRWXU) }
    }
    return try OwnedDescriptor(opening: itself, flags: O_RDONLY | O_DIRECTORY)
}
