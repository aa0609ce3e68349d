internal import Glibc
internal import LinuxSystem

/// The guest process's end of the socket on which it reports to its starter.
package final class ControlSocket {
    /// `nil` once the two have nothing more to say to each other.
    private var socket: OwnedDescriptor?

    /// Takes an open, inherited SOCK_SEQPACKET socket over.
    package init(owning descriptor: Int32) { socket = OwnedDescriptor(owning: descriptor) }

    /// Says something; throws when nobody is left to hear it.
    package func say(_ message: ControlMessage) throws(SandboxError) {
        do throws(SystemCallError) { try socket?.sendPacket(message.packet, name: "the control socket") } catch {
            throw SandboxError(.givenUp, at: "control socket")
        }
    }

    /// Waits until the starter says `expected`; throws when it says anything else or goes away. A descriptor that comes
    /// with it becomes standard input.
    package func expect(_ expected: ControlMessage) throws(SandboxError) {
        var received: (bytes: [UInt8], descriptor: Int32?)?
        do throws(SystemCallError) {
            received = try socket?.receivePacketWithDescriptor(
                limit: ControlMessage.sizeLimit, name: "the control socket")
            if let input = received?.descriptor {
                try systemCall("take standard input") { dup2(input, 0) }
                Glibc.close(input)
            }
        } catch {
            throw SandboxError(.givenUp, at: "control socket")
        }
        guard let packet = received?.bytes, ControlMessage(packet: packet) == expected else {
            throw SandboxError(.givenUp, at: "control socket")
        }
    }

    /// Closes it.
    package func close() { socket = nil }
}
