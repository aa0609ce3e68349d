import Testing

@testable import TTRPC

@Suite("FrameDecoder")
struct FrameDecoderTests {
    /// Length 3, stream 5, a request, no flags; then the payload.
    static let small: [UInt8] = [0, 0, 0, 3, 0, 0, 0, 5, 1, 0, 0xAA, 0xBB, 0xCC]
    /// Length 0, stream 7, an answer, flag 4.
    static let empty: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 7, 2, 4]

    /// Everything that is found in pieces given one after the other.
    static func found(in pieces: [[UInt8]]) throws(TTRPCError) -> [FrameDecoder.Found] {
        var decoder = FrameDecoder()
        var found: [FrameDecoder.Found] = []
        for piece in pieces {
            var offset = 0
            while let next = try decoder.next(in: piece.span, from: &offset) { found.append(next) }
            #expect(offset == piece.count)
        }
        return found
    }

    @Test("TTRPC-1: a header is length, stream, type and flags, big-endian")
    func header() throws {
        let found = try Self.found(in: [[0, 0, 0, 1, 0x80, 0x01, 0x02, 0x03, 3, 5, 9]])
        let header = FrameHeader(length: 1, stream: 0x8001_0203, type: .data, flags: [.remoteClosed, .noData])
        #expect(found == [.frame(header, [9])])
        var written: [UInt8] = []
        header.append(to: &written)
        #expect(written == [0, 0, 0, 1, 0x80, 0x01, 0x02, 0x03, 3, 5])
    }

    @Test("TTRPC-1: a first byte that is not zero is no frame", arguments: [UInt8(1), 0x47, 0xFF])
    func reservedByte(byte: UInt8) {
        #expect(throws: TTRPCError(.reservedByte(byte), at: "ttrpc")) {
            try Self.found(in: [[byte, 0, 0, 0, 0, 0, 0, 1, 1, 0]])
        }
    }

    @Test("TTRPC-2: frames that arrive byte by byte are the same frames")
    func byteByByte() throws {
        let bytes = Self.small + Self.empty + Self.small
        let expected: [FrameDecoder.Found] = [
            .frame(FrameHeader(length: 3, stream: 5, type: .request), [0xAA, 0xBB, 0xCC]),
            .frame(FrameHeader(length: 0, stream: 7, type: .response, flags: .noData), []),
            .frame(FrameHeader(length: 3, stream: 5, type: .request), [0xAA, 0xBB, 0xCC]),
        ]
        #expect(try Self.found(in: [bytes]) == expected)
        #expect(try Self.found(in: bytes.map { [$0] }) == expected)
        for split in bytes.indices {
            #expect(try Self.found(in: [Array(bytes[..<split]), Array(bytes[split...])]) == expected, "at \(split)")
        }
    }

    @Test("TTRPC-2: the decoder knows whether it is within a frame")
    func withinFrame() throws {
        var decoder = FrameDecoder()
        for (index, byte) in Self.small.enumerated() {
            #expect(decoder.isWithinFrame == (index > 0))
            var offset = 0
            _ = try decoder.next(in: [byte].span, from: &offset)
        }
        #expect(!decoder.isWithinFrame)
    }

    @Test("TTRPC-3: exactly 4 MiB are a frame, one byte more is passed over")
    func longest() throws {
        let payload = [UInt8](repeating: 7, count: 4 << 20)
        let exact = Frame.bytes(.request, stream: 1, payload: payload)
        let over = Frame.bytes(.request, stream: 3, payload: payload + [7])
        let found = try Self.found(in: [exact + over + Self.small])
        #expect(found.count == 3)
        #expect(found.first == .frame(FrameHeader(length: 4 << 20, stream: 1, type: .request), payload))
        #expect(found.dropFirst().first == .tooLong(FrameHeader(length: 4 << 20 + 1, stream: 3, type: .request)))
        #expect(found.last == .frame(FrameHeader(length: 3, stream: 5, type: .request), [0xAA, 0xBB, 0xCC]))
    }

    @Test("TTRPC-4: a type that there is not is no frame", arguments: [UInt8(0), 4, 0xFF])
    func unknownType(type: UInt8) {
        #expect(throws: TTRPCError(.unknownType(type), at: "ttrpc")) {
            try Self.found(in: [Self.small + [0, 0, 0, 0, 0, 0, 0, 1, type, 0]])
        }
    }
}
