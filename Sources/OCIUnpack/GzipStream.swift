internal import CLibArchive

/// Inflates gzip members (RFC 1952) with zlib, which checks each member's length and checksum.
@safe final class GzipStream: CompressedStream {
    /// Window size 2^15, and 16 more: nothing but gzip is taken.
    private static let gzipWindow: Int32 = 15 + 16

    private let stream: UnsafeMutablePointer<z_stream>
    private let place: String

    init(place: String) throws(UnpackError) {
        self.place = place
        // SAFETY: the pointer is owned by this value; `deinit` frees it, and the init's failure does.
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe inflateInit2_(
            stream, GzipStream.gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            unsafe stream.deallocate()
            throw UnpackError(.corrupt(reason: "zlib cannot start (\(code))"), at: place)
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func step(_ input: [UInt8], from offset: Int) throws(UnpackError) -> Decompressor.Step {
        var code = Z_OK
        var consumed = 0
        var input = input
        let output = unsafe [UInt8](unsafeUninitializedCapacity: Decompressor.pieceSize) { buffer, count in
            // SAFETY: zlib reads and writes within the two ranges given; both pointers are dropped before they end.
            unsafe input.withUnsafeMutableBufferPointer { source in
                let available = source.count - offset
                unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + offset }
                unsafe stream.pointee.avail_in = UInt32(available)
                unsafe stream.pointee.next_out = buffer.baseAddress
                unsafe stream.pointee.avail_out = UInt32(buffer.count)
                code = unsafe inflate(stream, Z_NO_FLUSH)
                consumed = unsafe available - Int(stream.pointee.avail_in)
                count = unsafe buffer.count - Int(stream.pointee.avail_out)
                unsafe stream.pointee.next_in = nil
                unsafe stream.pointee.next_out = nil
            }
        }
        switch code {
        case Z_OK:
            return Decompressor.Step(consumed: consumed, output: output, isAtEnd: false)
        case Z_STREAM_END:
            // Another member may follow; anything else after this one is an error when it is met.
            unsafe inflateReset(stream)
            return Decompressor.Step(consumed: consumed, output: output, isAtEnd: true)
        case Z_BUF_ERROR where consumed > 0 || !output.isEmpty:
            return Decompressor.Step(consumed: consumed, output: output, isAtEnd: false)
        case Z_DATA_ERROR, Z_NEED_DICT, Z_BUF_ERROR, Z_MEM_ERROR, Z_STREAM_ERROR:
            let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "code \(code)"
            throw UnpackError(.corrupt(reason: "not a gzip stream (\(reason))"), at: place)
        default:
            throw UnpackError(.corrupt(reason: "zlib gave an unknown result (\(code))"), at: place)
        }
    }
}
