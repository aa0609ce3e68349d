internal import CLinux
internal import Glibc
package import LinuxSystem

/// A Unix socket at a path, for its owner only (0600), that accepts connections and does not block. What has the path
/// already stays, and is an error (EADDRINUSE).
package func listeningSocket(at path: String) throws(TTRPCError) -> OwnedDescriptor {
    do throws(SystemCallError) {
        let socket = try unixSocket()
        let number = socket.rawValue
        // The path gets the socket's own mode in the moment when it appears.
        try systemCall("set the mode of a socket") { fchmod(number, 0o600) }
        try systemCall("listen") { unsafe CLinux_listen(number, path) }
        return socket
    } catch {
        throw TTRPCError(.system(error), at: path)
    }
}

/// A socket connected to the one that listens at a path; does not block.
func connectedSocket(to path: String) throws(TTRPCError) -> OwnedDescriptor {
    do throws(SystemCallError) {
        let socket = try unixSocket()
        let number = socket.rawValue
        try systemCall("connect") { unsafe CLinux_connect(number, path) }
        return socket
    } catch {
        throw TTRPCError(.system(error), at: path)
    }
}

private func unixSocket() throws(SystemCallError) -> OwnedDescriptor {
    OwnedDescriptor(owning: try systemCall("make a socket") { CLinux_unix_socket() })
}
