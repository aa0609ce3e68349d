internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Looking paths up without leaving a directory.
///
/// The kernel does the walking (openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS), so `..`, absolute paths,
/// symbolic links wherever they stand and whatever another process renames meanwhile all end in `perm`.
/// Calls that act on a name open its parent this way and give the kernel the last component, which such calls
/// never follow.
enum Beneath {
    private static let resolve = UInt64(CLINUX_RESOLVE_BENEATH | CLINUX_RESOLVE_NO_MAGICLINKS)

    /// O_PATH: finds what a path names and opens nothing.
    static let pathOnly = Int32(CLINUX_O_PATH)

    /// How often a lookup is tried again that the kernel gave up because something was renamed meanwhile.
    private static let attempts = 128

    /// Opens `path` below `directory`; `flags` are open(2)'s.
    static func open(
        _ path: [CChar], in directory: Int32, flags: Int32, mode: UInt64 = 0
    ) throws(Errno) -> OwnedDescriptor {
        var attempt = 0
        while true {
            do throws(Errno) {
                let number = try linux {
                    // SAFETY: the array ends with a NUL and lives through the call.
                    unsafe path.withUnsafeBufferPointer { path in
                        unsafe CLinux_openat2(
                            directory, path.baseAddress!, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), mode, resolve)
                    }
                }
                return OwnedDescriptor(owning: number)
            } catch {
                attempt += 1
                switch error {
                case .xdev: throw .perm
                case .again where attempt < attempts: continue
                default: throw error
                }
            }
        }
    }

    /// Calls `body` with an open directory and the last component of `path`, for a call that follows no link there.
    @discardableResult
    static func withParent<Result>(
        of path: GuestPath, in directory: Int32, keepingSlash: Bool = false,
        _ body: (Int32, UnsafePointer<CChar>) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        let name = path.name(keepingSlash: keepingSlash)
        // SAFETY: the array ends with a NUL and outlives the call.
        func call(_ parent: Int32) throws(Errno) -> Result {
            try unsafe name.withUnsafeBufferPointer { name throws(Errno) in
                try unsafe body(parent, name.baseAddress!)
            }
        }
        guard let above = path.parent else { return try call(directory) }
        let parent = try open(above, in: directory, flags: pathOnly | O_DIRECTORY)
        return try call(parent.rawValue)
    }
}
