internal import CWasmInterpreter
internal import Glibc
package import WasmModule

/// A linear memory (core, 4.2.8): address space for its largest size and guards behind, made accessible as it
/// grows. The system provides pages when they are first touched, so a large minimum costs nothing.
// SAFETY: the record is allocated in `init` and freed in `deinit`, and is not handed out beyond the store's instances.
@safe package final class LinearMemory {
    let record: UnsafeMutablePointer<wasm_memory>
    package let type: MemoryType

    /// Every 32-bit address plus every 32-bit offset, and the widest access from there.
    private static let reservation = (8 << 30) + 65_536
    private static let pageSize: UInt64 = 65_536

    /// Throws `RuntimeError` when the system has no such address space.
    package init(_ type: MemoryType) throws(RuntimeError) {
        self.type = type
        let reserved = Self.reservation
        // SAFETY: a fresh anonymous mapping, owned by this object until `deinit`.
        let base = unsafe mmap(nil, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let base = unsafe base, unsafe base != MAP_FAILED else {
            throw RuntimeError(
                .outOfMemory(
                    "a linear memory: it reserves 8 GiB of address space (none of it used yet); "
                        + "raise the limit on virtual memory (ulimit -v)"))
        }
        let limit = min(type.limits.maximum ?? ImplementationLimits.memoryPages, ImplementationLimits.memoryPages)
        unsafe record = .allocate(capacity: 1)
        unsafe record.initialize(
            to: wasm_memory(
                base: base.assumingMemoryBound(to: UInt8.self), size: 0, limit: limit * Self.pageSize,
                reserved: UInt64(reserved)))
        guard unsafe wasm_memory_grow(record, type.limits.minimum) != UInt64.max else {
            throw RuntimeError(.outOfMemory("a linear memory of \(type.limits.minimum) pages of 64 KiB"))
        }
    }

    deinit {
        // SAFETY: made in `init`, and nothing that runs can outlive the object.
        unsafe munmap(record.pointee.base, Int(record.pointee.reserved))
        unsafe record.deallocate()
    }

    /// The type it has now: it may have grown.
    package var currentType: MemoryType {
        let pages = unsafe record.pointee.size / Self.pageSize
        var current = type
        current.limits.minimum = pages
        return current
    }

    /// Where in this process the number of its bytes is, for whoever looks at the process from outside.
    package var sizeAddress: UInt64 {
        unsafe UInt64(UInt(bitPattern: record) + UInt(MemoryLayout<wasm_memory>.offset(of: \.size) ?? 0))
    }

    /// What host functions may do with it.
    package var contents: GuestMemory { unsafe GuestMemory(base: record.pointee.base, size: record.pointee.size) }
}
