package import EventLoop
internal import Glibc
package import LinuxSystem
package import Sandbox

/// Our end of the socket on which a guest reports while it gets ready.
package final class ControlChannel {
    private let loop: EventLoop
    private let socket: OwnedDescriptor
    private var isOpen = true
    /// How many messages are left to the guest: more than one in order ever sends.
    private var left = 16
    private let handler: (ControlMessage?) -> Void

    /// Calls `handler` with each message, and with `nil` once when the guest has closed its end.
    package init(
        on loop: EventLoop, _ socket: consuming OwnedDescriptor, _ handler: @escaping (ControlMessage?) -> Void
    ) throws(SystemCallError) {
        self.loop = loop
        self.socket = socket
        self.handler = handler
        try self.socket.stopWaiting(name: Self.name)
        try loop.watch(self.socket.rawValue, for: .readable) { [unowned self] _ in receive() }
    }

    deinit { close() }

    /// Sends a message, and with it what is to be the guest's standard input; a guest that is gone says so by its end.
    package func send(_ message: ControlMessage, with input: Int32? = nil) {
        guard isOpen else { return }
        if let input {
            try? socket.sendPacket(message.packet, with: input, name: Self.name)
            return
        }
        try? socket.sendPacket(message.packet, name: Self.name)
    }

    /// Stops listening. A guest that waits for `start` ends by it once the last reference to the channel is gone.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        loop.forget(socket.rawValue)
        shutdown(socket.rawValue, Int32(SHUT_RDWR))
    }

    /// Reads what a guest that is gone has left; never waits, somebody may still have the guest's end.
    package func drain() {
        while isOpen, receive() {}
    }

    /// Reads one message; whether there was one.
    @discardableResult
    private func receive() -> Bool {
        let packet: [UInt8]?
        do throws(SystemCallError) {
            packet = try socket.receivePacket(limit: ControlMessage.sizeLimit, name: Self.name)
        } catch {
            if error.code == EAGAIN { return false }
            packet = nil
        }
        left -= 1
        guard left > 0, let packet, let message = ControlMessage(packet: packet) else {
            close()
            handler(nil)
            return false
        }
        handler(message)
        return true
    }

    private static let name = "the guest's control socket"
}
