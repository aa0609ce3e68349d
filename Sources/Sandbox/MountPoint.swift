internal import CLinux
internal import Glibc
internal import LinuxSystem

/// A place in a root where something is to be mounted, open and ready for it.
///
/// Paths are looked up as if the root were `/` (openat2 RESOLVE_IN_ROOT), so no link in an image leads out of it, and
/// what is not there is made: folders, or an empty file to mount a file on. A link to nothing is followed to where that
/// would be.
struct MountPoint: ~Copyable {
    let descriptor: OwnedDescriptor
    /// Whether it was there before.
    let wasThere: Bool

    /// As many links to nothing as Linux follows on one path.
    private static let linkLimit = 40

    /// Opens `path` in `root`, or makes it. `place` is what messages call it.
    init(
        _ path: String, in root: borrowing OwnedDescriptor, isFolder: Bool, place: String
    ) throws(SandboxError) {
        var path = Self.cleaned(path)
        var links = 0
        while true {
            if let found = try Self.open(path, in: root, place: place) {
                try Self.expect(isFolder: isFolder, found, place: place)
                descriptor = found
                wasThere = links == 0
                return
            }
            guard let next = try Self.make(path, in: root, isFolder: isFolder, place: place) else { break }
            path = next
            links += 1
            guard links <= Self.linkLimit else { throw SandboxError(.tooManyLinks, at: place) }
        }
        guard let made = try Self.open(path, in: root, place: place) else {
            throw SandboxError(.missing(what: "the folder that was just made"), at: place)
        }
        descriptor = made
        wasThere = false
    }

    /// Without `.` and `..`, as configurations mean their destinations; relative to the root.
    static func cleaned(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// Opens a path for use in further calls; `nil` where nothing is there.
    private static func open(
        _ path: String, in root: borrowing OwnedDescriptor, place: String
    ) throws(SandboxError) -> OwnedDescriptor? {
        do throws(SystemCallError) {
            return try OwnedDescriptor(opening: path, inRoot: root, flags: Int32(CLINUX_O_PATH))
        } catch {
            if error.code == ENOENT { return nil }
            throw SandboxError(.system(error), at: place)
        }
    }

    private static func expect(
        isFolder: Bool, _ found: borrowing OwnedDescriptor, place: String
    ) throws(SandboxError) {
        let kind: FileKind
        do throws(SystemCallError) { kind = try found.fileKind(name: place) } catch {
            throw SandboxError(.system(error), at: place)
        }
        guard (kind == .folder) == isFolder else {
            throw SandboxError(.wrongKind(expected: isFolder ? "folder" : "file"), at: place)
        }
    }

    /// Makes what is missing of a path. Where that is the end of a link to nothing, gives the path to try instead.
    private static func make(
        _ path: String, in root: borrowing OwnedDescriptor, isFolder: Bool, place: String
    ) throws(SandboxError) -> String? {
        let parts = path.split(separator: "/")
        var above = "."
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let here = above == "." ? String(part) : "\(above)/\(part)"
            if try open(here, in: root, place: place) == nil {
                guard let folder = try open(above, in: root, place: place) else {
                    throw SandboxError(.missing(what: "\"\(above)\""), at: place)
                }
                do throws(SystemCallError) {
                    if isLast, !isFolder {
                        _ = try folder.makeFile(String(part), mode: 0o644)
                    } else {
                        try folder.makeFolder(String(part), mode: 0o755)
                    }
                } catch {
                    // Something is there that leads to nothing: a link.
                    guard error.code == EEXIST, let target = folder.link(String(part)) else {
                        throw SandboxError(.system(error), at: place)
                    }
                    let rest = parts[(index + 1)...].map { "/\($0)" }.joined()
                    return (target.hasPrefix("/") ? ".\(target)" : "\(above)/\(target)") + rest
                }
            }
            above = here
        }
        return nil
    }
}

extension OwnedDescriptor {
    /// What the link called `entry` in this folder says; `nil` where that is none.
    fileprivate borrowing func link(_ entry: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let number = rawValue
        // SAFETY: the kernel writes at most as many bytes as it is told that the buffer has.
        let length = unsafe buffer.withUnsafeMutableBufferPointer { characters in
            unsafe characters.baseAddress.map { unsafe readlinkat(number, entry, $0, characters.count) } ?? -1
        }
        guard length > 0 else { return nil }
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
