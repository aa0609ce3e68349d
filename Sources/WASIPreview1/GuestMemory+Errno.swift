internal import WasmRuntime

/// The memory's accesses with the errors that a guest is given for them.
extension GuestMemory {
    /// The little-endian integer at `address`.
    @inline(__always)
    func read<Value: FixedWidthInteger>(_ type: Value.Type, at address: UInt32) throws(Errno) -> Value {
        // SAFETY: `bytes` checked that the whole value is inside the memory.
        let start = try unsafe bytes(to: address, count: UInt64(MemoryLayout<Value>.size))
        return Value(littleEndian: unsafe UnsafeRawPointer(start).loadUnaligned(as: Value.self))
    }

    /// Stores `value`, little-endian, at `address`.
    @inline(__always)
    func write<Value: FixedWidthInteger>(_ value: Value, at address: UInt32) throws(Errno) {
        // SAFETY: as in `read`.
        let start = try unsafe bytes(to: address, count: UInt64(MemoryLayout<Value>.size))
        unsafe UnsafeMutableRawPointer(start).storeBytes(of: value.littleEndian, as: Value.self)
    }

    /// Where `count` bytes at `address` are; `fault` unless all of them are inside the memory.
    @inline(__always)
    @unsafe func bytes(to address: UInt32, count: UInt64) throws(Errno) -> UnsafeMutablePointer<UInt8> {
        try check(address, count: count)
        // SAFETY: `pointer` checks the range; the caller's use of it is the caller's to explain.
        do { return try unsafe pointer(to: address, count: count) } catch { throw .fault }
    }

    /// Throws `fault` unless all of the range is inside the memory: asked before a call does something that could
    /// not be taken back when its result has nowhere to go.
    ///
    /// What a 32-bit address cannot reach is outside, however large the memory is: so no sum of an address and an offset
    /// inside a range that was checked overflows.
    @inline(__always)
    func check(_ address: UInt32, count: UInt64) throws(Errno) {
        guard UInt64(address) + count <= min(self.count, 1 << 32) else { throw .fault }
    }
}
