internal import CLinux
internal import Glibc
internal import LinuxSystem

/// Looking paths up without leaving a directory.
///
/// The kernel does the walking (openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS), so `..`, absolute paths,
/// symbolic links wherever they stand and whatever another process renames meanwhile all end in `perm`. Only in a
/// guest's root they mean what they mean there (`PlaceInRoot`).
/// Calls that act on a name open its parent this way and give the kernel the last component, which such calls
/// never follow.
enum Beneath {
    private static let beneath = UInt64(CLINUX_RESOLVE_BENEATH | CLINUX_RESOLVE_NO_MAGICLINKS)
    private static let inRoot = UInt64(CLINUX_RESOLVE_IN_ROOT | CLINUX_RESOLVE_NO_MAGICLINKS)

    /// O_PATH: finds what a path names and opens nothing.
    static let pathOnly = Int32(CLINUX_O_PATH)

    /// How often a lookup is tried again that the kernel gave up because something was renamed meanwhile.
    private static let attempts = 128

    /// Opens `path` below `directory`, or in the root that this is in; `flags` are open(2)'s.
    static func open(
        _ path: [CChar], in directory: Descriptor, flags: Int32, mode: UInt64 = 0
    ) throws(Errno) -> OwnedDescriptor {
        do throws(Errno) {
            return try open(path, in: directory.number, flags: flags, mode: mode, resolve: beneath)
        } catch {
            guard error == .xdev else { throw error }
            guard let place = directory.place, !GuestPath.climbs(path), place.isStill(directory.number) else {
                throw .perm
            }
            guard let fromRoot = place.path(to: path) else { throw .nametoolong }
            return try open(fromRoot, in: place.root.number, flags: flags, mode: mode, resolve: inRoot)
        }
    }

    /// Opens a directory once more.
    static func reopen(_ directory: Int32, flags: Int32) throws(Errno) -> OwnedDescriptor {
        try open([CChar(UInt8(ascii: ".")), 0], in: directory, flags: flags | O_DIRECTORY, resolve: beneath)
    }

    /// Finds a directory by its path from a root.
    static func find(_ path: [CChar], inRoot root: Int32) throws(Errno) -> OwnedDescriptor {
        try open(path, in: root, flags: pathOnly | O_DIRECTORY, resolve: inRoot)
    }

    private static func open(
        _ path: [CChar], in directory: Int32, flags: Int32, mode: UInt64 = 0, resolve: UInt64
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
                guard error == .again, attempt < attempts else { throw error }
            }
        }
    }

    /// Calls `body` with an open directory and the last component of `path`, for a call that follows no link there.
    @discardableResult
    static func withParent<Result>(
        of path: GuestPath, in directory: Descriptor, keepingSlash: Bool = false,
        _ body: (Int32, UnsafePointer<CChar>) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        let name = path.name(keepingSlash: keepingSlash)
        // SAFETY: the array ends with a NUL and outlives the call.
        func call(_ parent: Int32) throws(Errno) -> Result {
            try unsafe name.withUnsafeBufferPointer { name throws(Errno) in
                try unsafe body(parent, name.baseAddress!)
            }
        }
        guard let above = path.parent else { return try call(directory.number) }
        let parent = try open(above, in: directory, flags: pathOnly | O_DIRECTORY)
        return try call(parent.rawValue)
    }
}
