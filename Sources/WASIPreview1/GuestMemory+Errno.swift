internal import WasmRuntime

/// The memory's accesses with the errors that a guest is given for them.
extension GuestMemory {
    @inline(__always)
    func read<Value: FixedWidthInteger>(_ type: Value.Type, at address: UInt32) throws(Errno) -> Value {
        do { return try load(type, at: address) } catch { throw .fault }
    }

    @inline(__always)
    func write<Value: FixedWidthInteger>(_ value: Value, at address: UInt32) throws(Errno) {
        do { try store(value, at: address) } catch { throw .fault }
    }

    /// Throws `fault` unless all of the range is inside the memory: asked before a call does something that could
    /// not be taken back when its result has nowhere to go.
    @inline(__always)
    func check(_ address: UInt32, count: UInt64) throws(Errno) {
        guard UInt64(address) + count <= self.count else { throw .fault }
    }

    /// Calls `body` with where `count` bytes at `address` are; `fault` unless all of them are inside the memory.
    func withPointer<Result>(
        to address: UInt32, count: UInt32, _ body: (UnsafeMutablePointer<UInt8>) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        try check(address, count: UInt64(count))
        do {
            return try unsafe body(pointer(to: address, count: UInt64(count)))
        } catch let error as Errno {
            throw error
        } catch {
            throw .fault
        }
    }

    /// An address `offset` bytes on; `fault` beyond the 32-bit address space.
    @inline(__always)
    func advance(_ address: UInt32, by offset: UInt64) throws(Errno) -> UInt32 {
        guard let sum = UInt32(exactly: UInt64(address) &+ offset) else { throw .fault }
        return sum
    }
}
