internal import CLinux
internal import Glibc
internal import LinuxSystem

/// A folder of this machine that is the root of a guest's file system: whatever lies in it, links included, leads to
/// nothing outside.
struct FolderTree: ~Copyable {
    private let folder: OwnedDescriptor

    /// Opens the folder.
    init(opening path: String) throws(ContainerError) {
        do throws(SystemCallError) {
            folder = try OwnedDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            let isAbsent = error.code == ENOENT || error.code == ENOTDIR
            throw ContainerError(isAbsent ? .noFolder : .system(error), at: path)
        }
    }

    /// Gives up the folder's descriptor, for a guest to inherit.
    consuming func release() -> Int32 { folder.release() }

    /// Opens a folder below this one, after making it and those above it where `making` says so.
    borrowing func openFolder(
        _ path: String, making: Bool, place: String
    ) throws(ContainerError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            if making { try makeFolders(path) }
            return try OwnedDescriptor(opening: path, inRoot: folder, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            let isAbsent = error.code == ENOENT || error.code == ENOTDIR
            throw ContainerError(isAbsent ? .noFolder : .system(error), at: place)
        }
    }

    /// Makes the folders of a path, each inside the one before it, that are not there.
    private borrowing func makeFolders(_ path: String) throws(SystemCallError) {
        var above = "."
        for name in path.split(separator: "/") where name != "." && name != ".." {
            let parent = try OwnedDescriptor(opening: above, inRoot: folder, flags: O_RDONLY | O_DIRECTORY)
            let number = parent.rawValue
            if unsafe mkdirat(number, String(name), 0o755) != 0 {
                let code = CLinux_errno()
                if code != EEXIST { throw SystemCallError(operation: "make \"\(above)/\(name)\"", code: code) }
            }
            above += "/\(name)"
        }
    }
}
