internal import CWasmInterpreter
internal import Glibc
package import WasmModule

/// A linear memory (core, 4.2.8): address space for its largest size and guards behind, made accessible as it
/// grows. The system provides pages when they are first touched, so a large minimum costs nothing.
///
/// Stores on several threads may have one together. Of the record only the size changes, which is read and written
/// atomically and grows under a lock; the mapping stays in its place until nobody holds the object any more. What the
/// bytes hold is the guests' own affair, as the threads proposal has it.
// SAFETY: the record is allocated in `init` and freed in `deinit`, and is not handed out beyond the store's instances.
// `Sendable` holds by what is said above, for memories that are not shared as well.
@safe package final class LinearMemory: @unchecked Sendable {
    let record: UnsafeMutablePointer<wasm_memory>
    package let type: MemoryType

    /// Every 32-bit address plus every 32-bit offset, and the widest access from there.
    private static let reservation: UInt64 = (8 << 30) + 65_536
    /// The most that a memory with 64-bit addresses may have. Half as much where the system has no such address space, and
    /// so on.
    private static let wideReservation: UInt64 = 1 << 38

    /// Throws `RuntimeError` when the system has no such address space.
    package init(_ type: MemoryType) throws(RuntimeError) {
        self.type = type
        let minimum = try Self.bytes(type.limits.minimum, type)
        let most = Self.clampedBytes(min(type.limits.maximum ?? .max, type.mostPages), type)
        var reserved = type.isBoundedByReservation ? Self.reservation : min(most, Self.wideReservation)
        var mapping = unsafe Self.reserve(reserved)
        while unsafe mapping == nil, !type.isBoundedByReservation, reserved / 2 >= max(minimum, 1 << 30) {
            reserved /= 2
            unsafe mapping = Self.reserve(reserved)
        }
        guard let base = unsafe mapping else {
            throw RuntimeError(
                .outOfMemory(
                    "a linear memory: it reserves \(reserved >> 20) MiB of address space (none of it used yet); "
                        + "raise the limit on virtual memory (ulimit -v)"))
        }
        let limit = min(most, reserved)
        unsafe record = .allocate(capacity: 1)
        unsafe record.initialize(
            to: wasm_memory(
                base: base.assumingMemoryBound(to: UInt8.self), size: 0, limit: limit, reserved: reserved,
                address_mask: type.address == .i64 ? .max : UInt64(UInt32.max), page_log2: type.pageLog2, lock: 0))
        guard unsafe wasm_memory_grow(record, type.limits.minimum) != UInt64.max else {
            throw RuntimeError(
                .outOfMemory("a linear memory of \(type.limits.minimum) pages of \(1 << Int(type.pageLog2)) bytes"))
        }
    }

    /// What is mapped for so many bytes: whole pages of any system, and at least one. `wasm_memory_grow` relies on it.
    private static func mappedBytes(_ bytes: UInt64) -> Int { Int(max((bytes + 0xFFFF) & ~0xFFFF, 0x10000)) }

    /// Address space that nothing can be read from yet.
    private static func reserve(_ bytes: UInt64) -> UnsafeMutableRawPointer? {
        // SAFETY: a fresh anonymous mapping, owned by the object until `deinit`.
        let base = unsafe mmap(
            nil, mappedBytes(bytes), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        return unsafe base == MAP_FAILED ? nil : base
    }

    /// The bytes of a number of pages, or as many as a number can say.
    private static func clampedBytes(_ pages: UInt64, _ type: MemoryType) -> UInt64 {
        let (bytes, overflows) = pages.multipliedReportingOverflow(by: 1 << UInt64(type.pageLog2))
        return overflows ? .max : bytes
    }

    private static func bytes(_ pages: UInt64, _ type: MemoryType) throws(RuntimeError) -> UInt64 {
        let bytes = clampedBytes(pages, type)
        guard bytes <= max(wideReservation, 4 << 30) else {
            throw RuntimeError(.outOfMemory("a linear memory of \(pages) pages: at most 256 GiB are given"))
        }
        return bytes
    }

    deinit {
        // SAFETY: made in `init`, and nothing that runs can outlive the object.
        unsafe munmap(record.pointee.base, Self.mappedBytes(record.pointee.reserved))
        unsafe record.deallocate()
    }

    /// The type it has now: it may have grown.
    package var currentType: MemoryType {
        var current = type
        current.limits.minimum = unsafe wasm_memory_size(record) >> UInt64(type.pageLog2)
        return current
    }

    /// Where in this process the number of its bytes is, for whoever looks at the process from outside.
    package var sizeAddress: UInt64 {
        unsafe UInt64(UInt(bitPattern: record) + UInt(MemoryLayout<wasm_memory>.offset(of: \.size) ?? 0))
    }

    /// What host functions may do with it.
    package var contents: GuestMemory { unsafe GuestMemory(UnsafePointer(record)) }
}

extension GuestMemory {
    /// A memory as it is now.
    // SAFETY: whoever calls holds the memory, whose mapping has `size` accessible bytes from `base` on.
    @unsafe init(_ memory: UnsafePointer<wasm_memory>) {
        unsafe self.init(base: memory.pointee.base, size: wasm_memory_size(memory))
    }
}
