internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import Sandbox

/// What is mounted where the host sees it: the root file systems of native containers, whose runtime expects them there.
package enum HostMounts {
    /// Mounts a root file system, as a snapshotter describes it, on a folder. A failure leaves nothing mounted.
    static func mount(_ layers: [SandboxRoot.Mount], at folder: String) throws(TaskError) {
        guard !layers.isEmpty else { return }
        do throws(SystemCallError) { try makeFolders(at: folder, mode: 0o711) } catch { throw TaskError(error) }
        // Long options are given from another folder; this process has none.
        defer { unsafe chdir("/") }
        do throws(SandboxError) {
            for layer in layers { try layer.mount(asRootAt: folder) }
        } catch {
            unmountAll(below: folder)
            throw TaskError(error)
        }
    }

    /// Unmounts everything at a path and below it, the last first. Where nothing is, one file is read.
    package static func unmountAll(below path: String) {
        guard let list = try? OwnedDescriptor(opening: "/proc/self/mountinfo", flags: O_RDONLY),
            let folder = try? OwnedDescriptor(opening: path, flags: Int32(CLINUX_O_PATH)),
            let place = try? readLink(at: "/proc/self/fd/\(folder.rawValue)"),
            let bytes = try? list.readAll(limit: 64 << 20, name: "mountinfo")
        else { return }
        _ = consume folder
        // Once more than there are: what is mounted twice at one place is listed twice.
        for point in points(atOrBelow: place, in: bytes) where unsafe umount2(point, noFollow) != 0 {
            if CLinux_errno() == EBUSY { unsafe umount2(point, noFollow | detach) }
        }
    }

    /// umount2(2)'s MNT_DETACH and UMOUNT_NOFOLLOW.
    private static let detach: Int32 = 2
    private static let noFollow: Int32 = 8

    /// The mount points at a path and below it, in the order in which they can be unmounted (proc(5), mountinfo: the
    /// fifth field, with three octal digits for what would end it).
    package static func points(atOrBelow path: String, in mountInfo: [UInt8]) -> [String] {
        let wanted = escaped(path)
        var points: [String] = []
        for line in mountInfo.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count > 5, fields[4].starts(with: wanted) else { continue }
            let rest = fields[4].dropFirst(wanted.count)
            if rest.isEmpty || rest.first == UInt8(ascii: "/") { points.append(unescaped(fields[4])) }
        }
        return points.reversed().enumerated().sorted { first, second in
            let (one, other) = (depth(first.element), depth(second.element))
            return one == other ? first.offset < second.offset : one > other
        }.map(\.element)
    }

    private static func depth(_ path: String) -> Int { path.utf8.count { $0 == UInt8(ascii: "/") } }

    private static func escaped(_ path: String) -> [UInt8] {
        path.utf8.flatMap { byte -> [UInt8] in
            guard [0x20, 0x09, 0x0A, 0x5C].contains(byte) else { return [byte] }
            let digits = String(byte, radix: 8)
            return Array("\\\(String(repeating: "0", count: 3 - digits.utf8.count))\(digits)".utf8)
        }
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                result.append(value)
                rest = rest.dropFirst(3)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
