internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Where a directory is in a guest's root, so that symbolic links below it mean what they mean to a program whose `/` that is.
struct PlaceInRoot {
    /// The directory that the guest calls `/`, for as long as anything is looked up in it.
    final class Root {
        /// The kernel's number for it, one of our own: the guest may close its descriptor.
        let number: Int32
        private let owner: OwnedDescriptor

        init(copying directory: Int32) throws(Errno) {
            number = try linux { CLinux_fcntl(directory, F_DUPFD_CLOEXEC, 3) }
            owner = OwnedDescriptor(owning: number)
        }
    }

    let root: Root
    /// The path from the root, without slashes around it; empty for the root itself.
    private let path: [CChar]

    private static let slash = CChar(UInt8(ascii: "/"))
    private static let dot = CChar(UInt8(ascii: "."))

    init(root: Root, path: String) {
        self.init(root: root, path: path.utf8.map { CChar(bitPattern: $0) })
    }

    private init(root: Root, path: [CChar]) {
        self.root = root
        let start = path.firstIndex { $0 != Self.slash } ?? path.endIndex
        let end = path.lastIndex { $0 != Self.slash } ?? start
        self.path = start < path.endIndex ? Array(path[start...end]) : []
    }

    /// The place of the directory that `path`, with a closing NUL, names from here.
    func below(_ path: [CChar]) -> PlaceInRoot? {
        self.path(to: path).map { PlaceInRoot(root: root, path: $0.dropLast()) }
    }

    /// What `path` is from the root, with a closing NUL; `nil` where that is too long to be a path.
    func path(to path: [CChar]) -> [CChar]? {
        let whole = (self.path.isEmpty ? [Self.dot] : self.path) + [Self.slash] + path
        return whole.count <= Int(PATH_MAX) ? whole : nil
    }

    /// Whether `directory` is still here: it, or what it lies in, may have been moved since it was opened.
    func isStill(_ directory: Int32) -> Bool {
        do throws(Errno) {
            let found = try Beneath.find((path.isEmpty ? [Self.dot] : path) + [0], inRoot: root.number)
            return try Self.identity(of: found.rawValue) == Self.identity(of: directory)
        } catch {
            return false
        }
    }

    /// The numbers by which the kernel tells files apart.
    private static func identity(of number: Int32) throws(Errno) -> [UInt64] {
        var status = stat()
        // SAFETY: fstat fills the local it is given.
        try linux { unsafe fstat(number, &status) }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }
}
