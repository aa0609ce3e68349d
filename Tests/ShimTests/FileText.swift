import Glibc
import LinuxSystem

/// A file's bytes.
enum FileText {
    static func read(_ path: String) throws -> [UInt8] {
        try OwnedDescriptor(opening: path, flags: O_RDONLY).readAll(limit: 1 << 20, name: path) ?? []
    }
}
