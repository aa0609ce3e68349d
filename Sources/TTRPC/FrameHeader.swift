/// The ten bytes before each message: its length, its stream, its type and flags. Integers are big-endian.
package struct FrameHeader: Equatable, Sendable {
    /// How many bytes a header has.
    package static let size = 10
    /// The longest payload, in bytes.
    package static let payloadLimit = 4 << 20

    /// How many bytes of payload follow: less than 16 MiB, because the first byte is reserved.
    package var length: Int
    /// Which stream the message is of: odd, for those that clients open.
    package var stream: UInt32
    package var type: FrameType
    package var flags: FrameFlags

    package init(length: Int, stream: UInt32, type: FrameType, flags: FrameFlags = []) {
        self.length = length
        self.stream = stream
        self.type = type
        self.flags = flags
    }

    /// Reads a header. A first byte that is not 0, and a type that there is not, are no frames of this protocol.
    package init(_ bytes: InlineArray<10, UInt8>) throws(TTRPCError) {
        guard bytes[0] == 0 else { throw TTRPCError(.reservedByte(bytes[0]), at: "ttrpc") }
        guard let type = FrameType(rawValue: bytes[8]) else { throw TTRPCError(.unknownType(bytes[8]), at: "ttrpc") }
        length = Int(bytes[1]) << 16 | Int(bytes[2]) << 8 | Int(bytes[3])
        stream = UInt32(bytes[4]) << 24 | UInt32(bytes[5]) << 16 | UInt32(bytes[6]) << 8 | UInt32(bytes[7])
        self.type = type
        flags = FrameFlags(rawValue: bytes[9])
    }

    /// Whether the payload is longer than any may be.
    package var isTooLong: Bool { length > Self.payloadLimit }

    /// Appends the ten bytes.
    package func append(to bytes: inout [UInt8]) {
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: stream >> shift))
        }
        bytes.append(type.rawValue)
        bytes.append(flags.rawValue)
    }
}

/// What a message is for.
package enum FrameType: UInt8, Equatable, Sendable {
    /// Opens a stream.
    case request = 1
    /// Ends a stream.
    case response = 2
    /// More of a stream that is open.
    case data = 3
}

/// What else is to be known of a message.
package struct FrameFlags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The sender sends no more on this stream.
    package static let remoteClosed = FrameFlags(rawValue: 1)
    /// The sender will send more on this stream.
    package static let remoteOpen = FrameFlags(rawValue: 2)
    /// The message stands for none at all, not for an empty one.
    package static let noData = FrameFlags(rawValue: 4)
    /// Those that the protocol has.
    static let known: FrameFlags = [.remoteClosed, .remoteOpen, .noData]
}
