internal import Glibc
package import LinuxSystem

/// Which process a container's first one is, written into its bundle so that whoever cleans up after us can tell it
/// from another that has its number by then.
package struct ProcessRecord: Equatable, Sendable {
    /// The file's name in the bundle.
    package static let fileName = "init.pid"

    package var process: Int32
    /// When it started, in the kernel's ticks since boot (proc(5), field 22).
    package var startTime: UInt64

    /// Of a process that lives.
    package init?(of process: Int32) {
        guard let time = Self.startTime(of: process) else { return nil }
        self.process = process
        startTime = time
    }

    /// What a bundle says.
    package init?(inBundle bundle: String) {
        guard let file = try? OwnedDescriptor(opening: "\(bundle)/\(Self.fileName)", flags: O_RDONLY | O_NONBLOCK),
            let bytes = try? file.readAll(limit: 128, name: Self.fileName)
        else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let process = Int32(words[0]), process > 1, let time = UInt64(words[1]) else {
            return nil
        }
        self.process = process
        startTime = time
    }

    /// Whether the very process is still there.
    package var isAlive: Bool { Self.startTime(of: process) == startTime }

    /// Writes it; a bundle that cannot be written to is no reason to fail.
    package func write(toBundle bundle: String) throws(SystemCallError) {
        let file = try OwnedDescriptor(
            opening: "\(bundle)/\(Self.fileName)", flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
        try file.writeAll(Array("\(process) \(startTime)\n".utf8), name: Self.fileName)
    }

    /// Removes it from a bundle.
    package static func remove(fromBundle bundle: String) { unsafe unlink("\(bundle)/\(fileName)") }

    private static func startTime(of process: Int32) -> UInt64? {
        // A zombie is gone but for its exit code.
        guard let status = ProcessStatus(of: process), !status.isZombie else { return nil }
        return status.startTime
    }
}
