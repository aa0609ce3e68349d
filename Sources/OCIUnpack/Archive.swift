internal import CLibArchive

/// A tar archive read by libarchive. Nothing but tar is enabled: compression is undone before.
@safe final class Archive {
    private let handle: OpaquePointer
    private let source: ArchiveSource
    private let place: String

    /// Starts reading a tar stream.
    init(_ stream: any PieceSource) throws(UnpackError) {
        // SAFETY: the handle is owned by this value and freed in `deinit`, before `source`, whose address it has.
        guard let handle = unsafe archive_read_new() else {
            throw UnpackError(.corrupt(reason: "libarchive cannot start"), at: stream.place)
        }
        unsafe self.handle = handle
        place = stream.place
        source = ArchiveSource(stream)
        try check(unsafe archive_read_support_format_tar(handle), "start")
        try check(
            unsafe archive_read_open(
                handle, Unmanaged.passUnretained(source).toOpaque(), nil,
                { unsafe ArchiveSource.read(from: $1, into: $2) }, nil),
            "open")
    }

    deinit { unsafe archive_read_free(handle) }

    /// The next entry; `nil` at the end of the archive.
    func next() throws(UnpackError) -> ArchiveEntry? {
        var entry: OpaquePointer?
        let code = unsafe archive_read_next_header(handle, &entry)
        switch code {
        case ARCHIVE_EOF:
            // The end of the archive and an end of the bytes look the same here; the source knows better.
            if let failure = source.failure { throw failure }
            return nil
        case ARCHIVE_OK, ARCHIVE_WARN:
            // A warning is about a name that the locale cannot express; we take the bytes. `TarScreen` has refused
            // whatever else would give one.
            guard let entry = unsafe entry else { throw failure(code, "read the next entry") }
            return try unsafe ArchiveEntry(entry, place: place)
        case ARCHIVE_RETRY, ARCHIVE_FAILED, ARCHIVE_FATAL:
            throw failure(code, "read the next entry")
        default:
            throw failure(code, "read the next entry (unknown result)")
        }
    }

    /// The next bytes of the current entry's content; `nil` at its end.
    func nextContent(expectedOffset: Int64) throws(UnpackError) -> [UInt8]? {
        var start: UnsafeRawPointer?
        var size = 0
        var offset: Int64 = 0
        let code = unsafe archive_read_data_block(handle, &start, &size, &offset)
        switch code {
        case ARCHIVE_EOF:
            return nil
        case ARCHIVE_OK:
            guard offset == expectedOffset else {
                throw UnpackError(.corrupt(reason: "a file with holes"), at: place)
            }
            // SAFETY: libarchive owns `size` bytes at `start` until its next call; they are copied here.
            return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: size))
        case ARCHIVE_WARN, ARCHIVE_RETRY, ARCHIVE_FAILED, ARCHIVE_FATAL:
            throw failure(code, "read the content of an entry")
        default:
            throw failure(code, "read the content of an entry (unknown result)")
        }
    }

    private func check(_ code: Int32, _ operation: String) throws(UnpackError) {
        if code != ARCHIVE_OK { throw failure(code, operation) }
    }

    /// What went wrong: what our own source threw, or what libarchive says while it still remembers it.
    private func failure(_ code: Int32, _ operation: String) -> UnpackError {
        if let failure = source.failure { return failure }
        let reason = unsafe archive_error_string(handle).map { unsafe String(cString: $0) } ?? "result \(code)"
        return UnpackError(.corrupt(reason: "cannot \(operation): \(reason)"), at: place)
    }
}

/// Hands the pieces of a stream to libarchive, which keeps a pointer to each until it asks for the next.
@safe private final class ArchiveSource {
    private let stream: any PieceSource
    private var buffer: UnsafeMutableRawBufferPointer
    /// What the stream threw; C cannot pass it on.
    private(set) var failure: UnpackError?

    init(_ stream: any PieceSource) {
        self.stream = stream
        unsafe buffer = .allocate(byteCount: Decompressor.pieceSize, alignment: 16)
    }

    deinit { unsafe buffer.deallocate() }

    /// libarchive's `archive_read_callback`: the number of bytes, 0 at the end, -1 after a failure.
    static func read(from source: UnsafeMutableRawPointer?, into start: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int
    {
        // SAFETY: `source` is the object that `Archive` opened the handle with and keeps alive as long as the handle.
        guard let source = unsafe source, let start = unsafe start else { return -1 }
        let object = unsafe Unmanaged<ArchiveSource>.fromOpaque(source).takeUnretainedValue()
        do throws(UnpackError) {
            guard let piece = try object.stream.next() else { return 0 }
            if unsafe piece.count > object.buffer.count {
                unsafe object.buffer.deallocate()
                unsafe object.buffer = .allocate(byteCount: piece.count, alignment: 16)
            }
            unsafe object.buffer.copyBytes(from: piece)
            unsafe start.pointee = UnsafeRawPointer(object.buffer.baseAddress)
            return piece.count
        } catch {
            object.failure = error
            return -1
        }
    }
}
