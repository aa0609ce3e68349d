internal import Glibc
internal import LinuxSystem

/// Which native runtime a container has, written into its bundle for whoever cleans up after us.
package struct NativeRecord: Equatable, Sendable {
    /// The file's name in the bundle.
    package static let fileName = "native-runtime"

    package let runtime: NativeRuntime

    package init(_ runtime: NativeRuntime) { self.runtime = runtime }

    /// What a bundle says; `nil` for a container without a native runtime.
    package init?(inBundle bundle: String) {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
        guard let file = try? OwnedDescriptor(opening: "\(bundle)/\(Self.fileName)", flags: flags),
            let bytes = try? file.readAll(limit: 1 << 16, name: Self.fileName)
        else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0].hasPrefix("/"), lines[1].hasPrefix("/"), lines[3].isEmpty else { return nil }
        runtime = NativeRuntime(
            program: String(lines[0]), stateFolder: String(lines[1]), usesSystemd: lines[2] == "systemd")
    }

    /// Writes it; without it nobody could clean up after us, so a failure is one of the container.
    package func write(toBundle bundle: String) throws(TaskError) {
        let text = "\(runtime.program)\n\(runtime.stateFolder)\n\(runtime.usesSystemd ? "systemd" : "")\n"
        do throws(SystemCallError) {
            let file = try OwnedDescriptor(
                opening: "\(bundle)/\(Self.fileName)", flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o600)
            try file.writeAll(Array(text.utf8), name: Self.fileName)
        } catch { throw TaskError(error) }
    }

    /// Removes it from a bundle.
    package static func remove(fromBundle bundle: String) { unsafe unlink("\(bundle)/\(fileName)") }
}
