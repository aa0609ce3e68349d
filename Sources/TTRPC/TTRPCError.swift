package import LinuxSystem

/// What is wrong with a connection or a socket, where, and what to do.
package struct TTRPCError: Error, Equatable, CustomStringConvertible {
    /// What can be wrong.
    package enum Problem: Equatable, Sendable {
        /// A frame begins with this byte, which must be 0.
        case reservedByte(UInt8)
        /// A frame has a type that this protocol does not have.
        case unknownType(UInt8)
        /// A frame has a type that only the other side may send.
        case wrongDirection(FrameType)
        /// What should be an answer is none.
        case malformedResponse(stream: UInt32)
        /// The connection ended within a frame.
        case endedWithinFrame
        /// The other side does not read: so many bytes wait for it.
        case notRead(waiting: Int)
        /// Somebody else than our own user connected.
        case foreignPeer(user: UInt32, group: UInt32)
        /// The kernel refused.
        case system(SystemCallError)
    }

    package let problem: Problem
    /// Which socket or connection.
    package let place: String

    package init(_ problem: Problem, at place: String) {
        self.problem = problem
        self.place = place
    }

    package var description: String {
        switch problem {
        case .reservedByte(let byte):
            "\(place): a frame begins with byte \(byte), not 0; whoever sends this speaks no ttrpc"
        case .unknownType(let type):
            "\(place): a frame has the unknown type \(type); whoever sends this speaks no ttrpc, or a newer one"
        case .wrongDirection(let type):
            "\(place): a \(type) came from the side that never sends one; the connection was closed"
        case .malformedResponse(let stream):
            "\(place): the answer on stream \(stream) is no ttrpc Response; the connection was closed"
        case .endedWithinFrame:
            "\(place): the connection ended within a frame; its sender has died"
        case .notRead(let waiting):
            "\(place): \(waiting) bytes wait for a peer that does not read; the connection was closed"
        case .foreignPeer(let user, let group):
            "\(place): user \(user) of group \(group) may not connect; only our own user may"
        case .system(let error):
            "\(place): \(error)"
        }
    }
}
