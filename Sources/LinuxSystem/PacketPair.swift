internal import CLinux
internal import Glibc

/// Two connected sockets on which packets keep their borders (SOCK_SEQPACKET), both close-on-exec.
package struct PacketPair: ~Copyable {
    package let ours: OwnedDescriptor
    package let theirs: OwnedDescriptor

    package init() throws(SystemCallError) {
        var ends: (Int32, Int32) = (-1, -1)
        // SAFETY: a tuple of two integers has the layout of the array of two that the kernel fills.
        try systemCall("make a pair of sockets") {
            unsafe withUnsafeMutablePointer(to: &ends) { pair in
                unsafe pair.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe CLinux_packet_pair($0) }
            }
        }
        ours = OwnedDescriptor(owning: ends.0)
        theirs = OwnedDescriptor(owning: ends.1)
    }

    /// Keeps our end, and closes the other.
    package consuming func takeOurs() -> OwnedDescriptor { ours }
}

extension OwnedDescriptor {
    /// Sends one packet; waits until there is room for it.
    package borrowing func sendPacket(_ bytes: [UInt8], name: String) throws(SystemCallError) {
        let number = rawValue
        try systemCall("write to \(name)") {
            // SAFETY: the kernel reads the array's bytes during the call.
            unsafe bytes.withUnsafeBytes {
                unsafe $0.baseAddress.map { unsafe CLinux_send_packet(number, $0, bytes.count) } ?? 0
            }
        }
    }

    /// Sends one packet with an open descriptor in it, of which the receiver gets a copy.
    package borrowing func sendPacket(
        _ bytes: [UInt8], with descriptor: Int32, name: String
    ) throws(SystemCallError) {
        let number = rawValue
        try systemCall("write to \(name)") {
            // SAFETY: the kernel reads the array's bytes during the call.
            unsafe bytes.withUnsafeBytes {
                unsafe $0.baseAddress.map { unsafe CLinux_send_packet_with(number, $0, bytes.count, descriptor) } ?? 0
            }
        }
    }

    /// Receives one packet, and the number of a descriptor that came with it: the caller owns that.
    package borrowing func receivePacketWithDescriptor(
        limit: Int, name: String
    ) throws(SystemCallError) -> (bytes: [UInt8], descriptor: Int32?) {
        let number = rawValue
        var failure: SystemCallError?
        var descriptor: Int32 = -1
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            // SAFETY: the kernel writes at most `limit` bytes into a buffer of that capacity.
            do throws(SystemCallError) {
                filled = try systemCall("read \(name)") {
                    unsafe buffer.baseAddress.map {
                        unsafe CLinux_receive_packet_with(number, $0, limit, &descriptor)
                    } ?? 0
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return (bytes, descriptor < 0 ? nil : descriptor)
    }

    /// Receives one packet, cut at `limit` bytes; empty at the end of the connection.
    package borrowing func receivePacket(limit: Int, name: String) throws(SystemCallError) -> [UInt8] {
        try readPiece(upTo: limit, name: name)
    }
}
