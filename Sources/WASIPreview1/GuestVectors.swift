internal import Glibc
internal import WasmRuntime

/// A guest's list of buffers (`iovec_array`, `ciovec_array`), as the kernel takes them.
struct GuestVectors {
    let memory: GuestMemory
    let address: UInt32
    let count: UInt32

    /// Linux's IOV_MAX. Of more buffers these are used: a short read or write, which every caller expects.
    private static let limit: UInt32 = 1024

    /// One `iovec` in guest memory: an address and a length, 32 bits each.
    private static let stride: UInt32 = 8

    /// Moves bytes between the buffers and the kernel: by `one` where there is one buffer, since that costs the kernel a third
    /// less than a list, else by `many`. What both are given is inside the guest's memory.
    ///
    /// At most `most` bytes are offered. Nothing is allocated for up to 64 buffers.
    @inline(__always)
    func transfer(
        most: Int = .max, one: (UnsafeMutableRawPointer, Int) -> Int, many: (UnsafePointer<iovec>, Int32) -> Int
    ) throws(Errno) -> UInt32 {
        if count == 1 {
            // The element is one number of 64 bits, its address the lower half.
            let element = try memory.read(UInt64.self, at: address)
            let length = UInt32(truncatingIfNeeded: element >> 32)
            // SAFETY: `bytes` checked the whole range; it is used during this host call only.
            let bytes = try unsafe memory.bytes(to: UInt32(truncatingIfNeeded: element), count: UInt64(length))
            return try UInt32(truncatingIfNeeded: linux { unsafe one(bytes, min(Int(length), most)) })
        }
        return try unsafe transfer(most: most, many)
    }

    /// The same by a list of buffers, however few they are.
    func transfer(
        most: Int = .max, _ body: (UnsafePointer<iovec>, Int32) -> Int
    ) throws(Errno) -> UInt32 {
        let used = min(count, Self.limit)
        try memory.check(address, count: UInt64(count) * UInt64(Self.stride))
        return try unsafe Self.withVectors(Int(used)) { (vectors: UnsafeMutableBufferPointer<iovec>) throws(Errno) in
            var left = most
            for index in 0..<Int(used) {
                // SAFETY: `index` is below the capacity asked for.
                unsafe vectors[index] = try element(UInt32(index), left: &left)
            }
            guard let start = vectors.baseAddress else { throw .inval }
            return try UInt32(truncatingIfNeeded: linux { unsafe body(start, Int32(used)) })
        }
    }

    private func element(_ index: UInt32, left: inout Int) throws(Errno) -> iovec {
        let entry = address + index * Self.stride
        let start = try memory.read(UInt32.self, at: entry)
        let length = try memory.read(UInt32.self, at: entry + 4)
        let offered = min(Int(length), left)
        left -= offered
        // SAFETY: `bytes` checked the whole range; it is used during this host call only.
        return try unsafe iovec(iov_base: memory.bytes(to: start, count: UInt64(length)), iov_len: offered)
    }

    private static func withVectors(
        _ count: Int, _ body: (UnsafeMutableBufferPointer<iovec>) throws(Errno) -> UInt32
    ) throws(Errno) -> UInt32 {
        // SAFETY: `body` initialises what it uses; `iovec` is trivial, so nothing is left to destroy.
        let result: Result<UInt32, Errno> = unsafe withUnsafeTemporaryAllocation(
            of: iovec.self, capacity: max(count, 1)
        ) {
            buffer in
            do throws(Errno) { return .success(try unsafe body(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
