internal import WasmRuntime

/// Strings as `args_get` and `environ_get` give them: one after another, each closed by a NUL.
struct StringList {
    private let bytes: [UInt8]
    /// Where in `bytes` each string starts.
    private let starts: [UInt32]

    init(_ strings: [String]) {
        var bytes: [UInt8] = []
        var starts: [UInt32] = []
        for string in strings {
            starts.append(UInt32(truncatingIfNeeded: bytes.count))
            bytes.append(contentsOf: string.utf8)
            bytes.append(0)
        }
        self.bytes = bytes
        self.starts = starts
    }

    /// Stores the number of strings and the number of their bytes.
    func storeSizes(count: UInt32, size: UInt32, in memory: GuestMemory) throws(Errno) {
        guard let bytes = UInt32(exactly: bytes.count) else { throw .overflow }
        try memory.check(size, count: 4)
        try memory.write(UInt32(starts.count), at: count)
        try memory.write(bytes, at: size)
    }

    /// Stores the strings at `buffer`, and a pointer to each from `pointers` on; of none, nothing, wherever those are.
    func store(pointers: UInt32, buffer: UInt32, in memory: GuestMemory) throws(Errno) {
        if starts.isEmpty { return }
        try memory.check(pointers, count: UInt64(starts.count) * 4)
        do { try memory.store(bytes: bytes, at: buffer) } catch { throw .fault }
        for (index, start) in starts.enumerated() {
            try memory.write(buffer &+ start, at: pointers &+ UInt32(index) &* 4)
        }
    }
}
