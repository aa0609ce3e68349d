internal import CLinux
internal import Glibc
internal import LinuxSystem

/// A socket on which a native runtime hands over the terminal that it has made in the container (SCM_RIGHTS).
final class ConsoleSocket {
    let path: String
    private let socket: OwnedDescriptor

    /// Listens at a path of its own; bundles' paths are too long for sockets.
    init() throws(SystemCallError) {
        try makeFolders(at: NativeRuntime.standardFolder, mode: 0o700)
        let socket = OwnedDescriptor(owning: try systemCall("make a socket") { CLinux_unix_socket() })
        let descriptor = socket.rawValue
        let place = "\(NativeRuntime.standardFolder)/.terminal-\(getpid())-\(descriptor)"
        path = place
        self.socket = socket
        unsafe unlink(place)
        try systemCall("listen at \"\(place)\"") { unsafe CLinux_listen(descriptor, place) }
    }

    deinit { unsafe unlink(path) }

    /// The terminal: whoever sent it has ended, so it is there, or never will be.
    func receive() throws(SystemCallError) -> OwnedDescriptor {
        let descriptor = socket.rawValue
        let connection = OwnedDescriptor(
            owning: try systemCall("accept the runtime's connection") { CLinux_accept_connection(descriptor) })
        let received = try connection.receivePacketWithDescriptor(limit: 4096, name: "the runtime's connection")
        guard let terminal = received.descriptor else {
            throw SystemCallError(operation: "receive the container's terminal", code: ENOMSG)
        }
        return OwnedDescriptor(owning: terminal)
    }
}
