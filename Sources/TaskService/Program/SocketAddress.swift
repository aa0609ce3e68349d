internal import Crypto

/// Where a shim server listens, as containerd's own tools compute it (shim contract, "Socket").
package struct SocketAddress: Equatable, Sendable {
    /// Where sockets are, unless containerd names another folder.
    package static let defaultFolder = "/run/containerd/s"

    package let path: String

    /// The socket of a container's or a pod's server.
    package init(containerd address: String, namespace: String, group: String, folder: String = defaultFolder) {
        let name = Self.cleaned("\(address)/\(namespace)/\(group)")
        let digest = SHA256.hash(data: Array(name.utf8))
        path = "\(folder)/" + digest.map { Self.hexadecimal($0) }.joined()
    }

    /// As containerd is told: `unix:///run/containerd/s/…`.
    package var url: String { "unix://\(path)" }

    /// The path in what `url` gave; `nil` where it is no such thing.
    static func path(inURL url: String) -> String? {
        let scheme = "unix://"
        guard url.hasPrefix(scheme + "/") else { return nil }
        return String(url.dropFirst(scheme.count))
    }

    /// The folder of the socket.
    package var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

    /// A path without `.`, `..` and doubled slashes, as Go's filepath.Join gives it.
    static func cleaned(_ path: String) -> String {
        var parts: [Substring] = []
        let isAbsolute = path.hasPrefix("/")
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }
}
