internal import SwiftProtobuf

/// Frames as they are sent: header and payload in one piece.
package enum Frame {
    /// A frame around a payload that has been written already.
    package static func bytes(
        _ type: FrameType, stream: UInt32, flags: FrameFlags = [], payload: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(FrameHeader.size + payload.count)
        FrameHeader(length: payload.count, stream: stream, type: type, flags: flags).append(to: &bytes)
        bytes += payload
        return bytes
    }

    /// A frame around a message; `nil` when that is longer than any may be, or cannot be written.
    static func bytes(_ type: FrameType, stream: UInt32, _ message: some SwiftProtobuf.Message) -> [UInt8]? {
        guard let payload: [UInt8] = try? message.serializedBytes(), payload.count <= FrameHeader.payloadLimit else {
            return nil
        }
        return bytes(type, stream: stream, payload: payload)
    }
}
