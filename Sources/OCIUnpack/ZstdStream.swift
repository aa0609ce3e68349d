internal import CLibArchive

/// Decompresses zstd frames (RFC 8878); libzstd checks each frame's checksum where it has one.
@safe final class ZstdStream: CompressedStream {
    private let stream: OpaquePointer
    private let place: String

    init(place: String) throws(UnpackError) {
        self.place = place
        // SAFETY: the stream is owned by this value and freed in `deinit`.
        guard let stream = unsafe ZSTD_createDStream() else {
            throw UnpackError(.corrupt(reason: "libzstd cannot start"), at: place)
        }
        unsafe self.stream = stream
    }

    deinit { unsafe ZSTD_freeDStream(stream) }

    func step(_ input: [UInt8], from offset: Int) throws(UnpackError) -> Decompressor.Step {
        var code = 0
        var consumed = 0
        let output = unsafe [UInt8](unsafeUninitializedCapacity: Decompressor.pieceSize) { buffer, count in
            // SAFETY: libzstd reads and writes within the two ranges given, during the call only.
            unsafe input.withUnsafeBytes { source in
                var inputRange = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: offset)
                var outputRange = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                code = unsafe ZSTD_decompressStream(stream, &outputRange, &inputRange)
                consumed = unsafe inputRange.pos - offset
                count = unsafe outputRange.pos
            }
        }
        if ZSTD_isError(code) != 0 {
            let reason = unsafe String(cString: ZSTD_getErrorName(code))
            throw UnpackError(.corrupt(reason: "not a zstd stream (\(reason))"), at: place)
        }
        guard consumed > 0 || !output.isEmpty else {
            throw UnpackError(.corrupt(reason: "the zstd stream makes no progress"), at: place)
        }
        return Decompressor.Step(consumed: consumed, output: output, isAtEnd: code == 0)
    }
}
