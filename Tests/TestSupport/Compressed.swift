/// Compressed streams in the plainest form there is: headers around the bytes themselves.
package enum Compressed {
    /// One gzip member (RFC 1952) of stored blocks (RFC 1951). `checksum` replaces the right one.
    package static func gzip(_ bytes: [UInt8], checksum: UInt32? = nil) -> [UInt8] {
        var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        var offset = 0
        repeat {
            let block = bytes[offset..<min(offset + 0xFFFF, bytes.count)]
            offset += block.count
            let length = UInt16(block.count)
            stream.append(offset == bytes.count ? 1 : 0)
            stream += little(UInt32(length), 2) + little(UInt32(~length), 2) + block
        } while offset < bytes.count
        return stream + little(checksum ?? crc32(bytes), 4) + little(UInt32(truncatingIfNeeded: bytes.count), 4)
    }

    /// One zstd frame (RFC 8878) of raw blocks.
    package static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xA0] + little(UInt32(bytes.count), 4)
        var offset = 0
        repeat {
            let block = bytes[offset..<min(offset + 0x1_0000, bytes.count)]
            offset += block.count
            stream += little(UInt32(block.count) << 3 | (offset == bytes.count ? 1 : 0), 3) + block
        } while offset < bytes.count
        return stream
    }

    private static func little(_ number: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
