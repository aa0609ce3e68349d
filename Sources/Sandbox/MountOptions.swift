/// What mount options say (mount(8); runtime-spec, config.md, "Linux mount options"): flags of mount(2), and the rest for
/// the file system itself.
package struct MountOptions: Equatable, Sendable {
    /// mount(2)'s MS_… flags; of an option and its opposite the later one counts.
    package private(set) var flags: UInt64 = 0
    /// The options that the file system itself reads, with commas between them.
    package private(set) var data = ""
    /// Whether what exists already is shown, by `bind` or `rbind`.
    package var isBind: Bool { flags & Self.bind != 0 }
    /// Whether a bind shows what is mounted below as well.
    package var isRecursive: Bool { flags & Self.recursive != 0 }

    package static let readOnly: UInt64 = 1
    package static let noSetUserID: UInt64 = 2
    package static let noDevices: UInt64 = 4
    package static let noExecution: UInt64 = 8
    package static let bind: UInt64 = 4096
    package static let recursive: UInt64 = 16384
    /// How mounts spread between namespaces: MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED.
    private static let propagation: UInt64 = 0xF << 17

    /// Reads options in order. How mounts spread to other namespaces is ours to decide, so what is said of it is dropped.
    package init(_ options: [String]) {
        var rest: [String] = []
        for option in options {
            if let change = Self.changes[option] {
                flags = (flags & ~change.cleared) | change.set
            } else if !Self.ignored.contains(option) {
                rest.append(option)
            }
        }
        flags &= ~Self.propagation
        data = rest.joined(separator: ",")
    }

    private static let atimes: UInt64 = 1024 | 1 << 21 | 1 << 24

    /// Options that change flags: which are set and which are cleared.
    private static let changes: [String: (set: UInt64, cleared: UInt64)] = [
        "ro": (1, 0), "rro": (1, 0), "rw": (0, 1), "rrw": (0, 1),
        "nosuid": (2, 0), "suid": (0, 2), "rnosuid": (2, 0), "rsuid": (0, 2),
        "nodev": (4, 0), "dev": (0, 4), "rnodev": (4, 0), "rdev": (0, 4),
        "noexec": (8, 0), "exec": (0, 8), "rnoexec": (8, 0), "rexec": (0, 8),
        "nosymfollow": (256, 0), "symfollow": (0, 256), "rnosymfollow": (256, 0), "rsymfollow": (0, 256),
        "sync": (16, 0), "async": (0, 16),
        "dirsync": (128, 0),
        "noatime": (1024, atimes), "atime": (0, 1024), "rnoatime": (1024, atimes), "ratime": (0, 1024),
        "nodiratime": (2048, 0), "diratime": (0, 2048), "rnodiratime": (2048, 0), "rdiratime": (0, 2048),
        "relatime": (1 << 21, atimes), "norelatime": (0, 1 << 21), "rrelatime": (1 << 21, atimes),
        "rnorelatime": (0, 1 << 21), "strictatime": (1 << 24, atimes), "nostrictatime": (0, 1 << 24),
        "rstrictatime": (1 << 24, atimes), "rnostrictatime": (0, 1 << 24),
        "lazytime": (1 << 25, 0), "nolazytime": (0, 1 << 25),
        "bind": (bind, 0), "rbind": (bind | recursive, 0),
    ]

    /// Options that say nothing to us: defaults, and how mounts spread.
    private static let ignored: Set<String> = [
        "defaults", "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable",
        "remount", "silent", "loud",
    ]
}
