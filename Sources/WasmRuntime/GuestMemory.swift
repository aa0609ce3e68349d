/// A guest gave an address range that is not inside its memory.
public struct OutOfGuestMemory: Error {
    @inlinable public init() {}
}

/// A guest's linear memory as host functions see it: every access is checked, and no pointer is kept.
///
/// Valid only during the host call that it came with: the guest may grow its memory afterwards.
/// Host functions are in other modules, and some are called very often: what all of them need is inlinable, and public,
/// because a function that is only `package` is not inlined into another module (Swift 6.3).
@safe public struct GuestMemory {
    @usableFromInline let base: UnsafeMutablePointer<UInt8>
    @usableFromInline let size: UInt64

    package init(base: UnsafeMutablePointer<UInt8>, size: UInt64) {
        unsafe self.base = base
        self.size = size
    }

    /// The number of bytes that the guest can address now.
    @inlinable @inline(__always) public var count: UInt64 { size }

    /// The little-endian integer at `address`.
    package func load<Value: FixedWidthInteger>(_: Value.Type, at address: UInt32) throws(OutOfGuestMemory) -> Value {
        let width = MemoryLayout<Value>.size
        let start = try unsafe pointer(to: address, count: UInt64(width))
        // SAFETY: `pointer` checked that `width` bytes from `start` are inside the memory.
        return Value(littleEndian: unsafe UnsafeRawPointer(start).loadUnaligned(as: Value.self))
    }

    /// Stores `value`, little-endian, at `address`.
    package func store<Value: FixedWidthInteger>(_ value: Value, at address: UInt32) throws(OutOfGuestMemory) {
        let width = MemoryLayout<Value>.size
        let start = try unsafe pointer(to: address, count: UInt64(width))
        // SAFETY: as in `load`.
        unsafe UnsafeMutableRawPointer(start).storeBytes(of: value.littleEndian, as: Value.self)
    }

    /// The bytes from `address` on, for `body` to read or fill; they may not outlive it.
    package func withBytes<Result, Failure: Error>(
        at address: UInt32, count: UInt32, _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(OutOfGuestMemory) -> Swift.Result<Result, Failure> {
        let start = try unsafe pointer(to: address, count: UInt64(count))
        // SAFETY: `pointer` checked that `count` bytes from `start` are inside the memory.
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: start, count: Int(count))
        do throws(Failure) {
            return .success(try unsafe body(bytes))
        } catch {
            return .failure(error)
        }
    }

    /// A copy of the bytes from `address` on.
    package func bytes(at address: UInt32, count: UInt32) throws(OutOfGuestMemory) -> [UInt8] {
        let start = try unsafe pointer(to: address, count: UInt64(count))
        // SAFETY: as in `withBytes`.
        return unsafe [UInt8](UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// Copies `bytes` to `address` on.
    package func store(bytes: [UInt8], at address: UInt32) throws(OutOfGuestMemory) {
        try store(bytes[...], at: address)
    }

    /// Copies a part of an array to `address` on.
    package func store(_ bytes: ArraySlice<UInt8>, at address: UInt32) throws(OutOfGuestMemory) {
        let start = try unsafe pointer(to: address, count: UInt64(bytes.count))
        // SAFETY: as in `withBytes`; the source is an array of its own, so the two cannot overlap.
        unsafe bytes.withUnsafeBytes { source in
            if let from = source.baseAddress {
                unsafe UnsafeMutableRawPointer(start).copyMemory(from: from, byteCount: source.count)
            }
        }
    }

    /// Copies a part of an array to a 64-bit address on.
    func store(_ bytes: ArraySlice<UInt8>, at address: UInt64) throws(OutOfGuestMemory) {
        guard address <= size, UInt64(bytes.count) <= size - address else { throw OutOfGuestMemory() }
        // SAFETY: the range was checked just above; the source is an array of its own, so the two cannot overlap.
        unsafe bytes.withUnsafeBytes { source in
            if let from = source.baseAddress {
                unsafe UnsafeMutableRawPointer(base + Int(address)).copyMemory(from: from, byteCount: source.count)
            }
        }
    }

    /// Where `count` bytes at `address` are, if all of them are inside the memory.
    // SAFETY: the sum of 32 and 64 bits of in-range values cannot wrap: callers give at most 32-bit counts.
    @inlinable @inline(__always)
    @unsafe public func pointer(to address: UInt32, count: UInt64) throws(OutOfGuestMemory) -> UnsafeMutablePointer<
        UInt8
    > {
        guard UInt64(address) + count <= size else { throw OutOfGuestMemory() }
        return unsafe base + Int(address)
    }
}
