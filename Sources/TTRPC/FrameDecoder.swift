/// Cuts what arrives on a connection into frames, however it was split on its way.
///
/// Pure: bytes in, frames out. Of a frame that is too long nothing is kept; nothing is set aside for a payload before it
/// begins to arrive, nor kept after its frame was given.
package struct FrameDecoder: Sendable {
    /// What was found in the bytes.
    package enum Found: Equatable, Sendable {
        case frame(FrameHeader, [UInt8])
        /// A frame whose payload was longer than any may be, and was passed over.
        case tooLong(FrameHeader)
    }

    private var header = InlineArray<10, UInt8>(repeating: 0)
    private var headerCount = 0
    private var current: FrameHeader?
    private var payload: [UInt8] = []
    /// How much of the current payload is to come.
    private var remaining = 0

    package init() {}

    /// Whether bytes of an unfinished frame are there.
    package var isWithinFrame: Bool { headerCount > 0 }

    /// The next frame that ends in `bytes` from `offset` on, which moves behind it; `nil` when all bytes are taken.
    /// After an error there is no knowing where a frame begins: nothing more can be read.
    package mutating func next(in bytes: Span<UInt8>, from offset: inout Int) throws(TTRPCError) -> Found? {
        if current == nil {
            while headerCount < FrameHeader.size, offset < bytes.count {
                header[headerCount] = bytes[offset]
                headerCount += 1
                offset += 1
            }
            guard headerCount == FrameHeader.size else { return nil }
            let complete = try FrameHeader(header)
            current = complete
            remaining = complete.length
        }
        guard let frame = current else { return nil }
        let count = min(remaining, bytes.count - offset)
        if !frame.isTooLong { take(bytes.extracting(offset..<offset + count), of: frame) }
        offset += count
        remaining -= count
        guard remaining == 0 else { return nil }
        defer {
            current = nil
            headerCount = 0
            payload = []
        }
        return frame.isTooLong ? .tooLong(frame) : .frame(frame, payload)
    }

    private mutating func take(_ bytes: Span<UInt8>, of frame: FrameHeader) {
        guard !bytes.isEmpty else { return }
        if payload.isEmpty { payload.reserveCapacity(frame.length) }
        // SAFETY: the buffer is read during the call only.
        unsafe bytes.withUnsafeBufferPointer { unsafe payload.append(contentsOf: $0) }
    }
}
