internal import CLinux
package import EventLoop
internal import Glibc
package import LinuxSystem

/// Takes connections on a socket and gives what is asked on them to one handler.
package final class Server {
    /// How long `finish` waits for clients that do not read what they were sent.
    private static let flushTime = Duration.seconds(1)
    /// How long nobody is accepted when there are no descriptors left.
    private static let pause = Duration.milliseconds(100)

    private let loop: EventLoop
    private let number: Int32
    private var socket: OwnedDescriptor?
    private let handler: (Call) -> Void
    private var connections: [ObjectIdentifier: ServerConnection] = [:]

    private var whenFinished: [() -> Void] = []
    private var flushLimit: LoopTimer?

    /// Called with what went wrong on a connection, for the log. The connection is closed already.
    package var whenTroubled: ((TTRPCError) -> Void)?

    /// How many clients are connected.
    package var connectionCount: Int { connections.count }

    /// Accepts from now on. `handler` gets each call and answers it when it can.
    package init(
        on loop: EventLoop, listening socket: consuming OwnedDescriptor, handler: @escaping (Call) -> Void
    ) throws(TTRPCError) {
        self.loop = loop
        self.handler = handler
        number = socket.rawValue
        self.socket = consume socket
        try watch()
    }

    deinit { if socket != nil { loop.forget(number) } }

    /// Accepts nobody any more, takes no more calls, sends what is answered already, closes everything, then calls.
    package func finish(then: @escaping () -> Void) {
        if socket != nil {
            loop.forget(number)
            socket = nil
        }
        whenFinished.append(then)
        guard whenFinished.count == 1 else { return }
        guard !connections.isEmpty else { return finished() }
        flushLimit = loop.schedule(after: Self.flushTime) { [self] in
            for client in connections.values { client.connection.close() }
        }
        for (key, client) in connections {
            client.finish { [self] in
                connections.removeValue(forKey: key)
                if connections.isEmpty { finished() }
            }
        }
    }

    private func finished() {
        flushLimit?.cancel()
        for then in whenFinished { loop.afterwards(then) }
        whenFinished = []
    }

    private func watch() throws(TTRPCError) {
        do throws(SystemCallError) {
            try loop.watch(number, for: .readable) { [weak self] _ in self?.accept() }
        } catch {
            throw TTRPCError(.system(error), at: "the listening socket")
        }
    }

    private func accept() {
        while socket != nil {
            let descriptor = CLinux_accept_connection(number)
            guard descriptor >= 0 else { return cannotAccept(CLinux_errno()) }
            take(OwnedDescriptor(owning: descriptor))
        }
    }

    /// There is nobody, or a client that has gone, or no room for one: then it would be said again at once.
    private func cannotAccept(_ code: Int32) {
        guard code != EAGAIN, code != ECONNABORTED, code != EINTR else { return }
        whenTroubled?(TTRPCError(.system(SystemCallError(operation: "accept", code: code)), at: "the listening socket"))
        loop.forget(number)
        loop.schedule(after: Self.pause) { [weak self] in
            guard let self, socket != nil else { return }
            do throws(TTRPCError) { try watch() } catch { whenTroubled?(error) }
        }
    }

    private func take(_ client: consuming OwnedDescriptor) {
        var user: uid_t = 0
        var group: gid_t = 0
        let place = "connection \(client.rawValue)"
        guard unsafe CLinux_peer(client.rawValue, &user, &group) == 0 else { return }
        guard user == 0 || (user == geteuid() && group == getegid()) else {
            whenTroubled?(TTRPCError(.foreignPeer(user: user, group: group), at: place))
            return
        }
        var key: ObjectIdentifier?
        do throws(TTRPCError) {
            let connection = try ServerConnection(on: loop, client, at: place, handler: handler) {
                [weak self] problem in
                guard let self else { return }
                if let key { connections.removeValue(forKey: key) }
                if let problem { whenTroubled?(problem) }
            }
            key = ObjectIdentifier(connection)
            connections[ObjectIdentifier(connection)] = connection
        } catch {
            whenTroubled?(error)
        }
    }
}
