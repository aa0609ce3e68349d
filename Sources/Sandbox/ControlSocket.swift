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

    /// Waits until the starter says `expected`; throws when it says anything else or goes away.
    package func expect(_ expected: ControlMessage) throws(SandboxError) {
        var packet: [UInt8]?
        do throws(SystemCallError) {
            packet = try socket?.receivePacket(limit: ControlMessage.sizeLimit, name: "the control socket")
        } catch {
            throw SandboxError(.givenUp, at: "control socket")
        }
        guard let packet, ControlMessage(packet: packet) == expected else {
            throw SandboxError(.givenUp, at: "control socket")
        }
    }

    /// Closes it.
    package func close() { socket = nil }
}
