internal import CWasmInterpreter

/// What the store's objects take (specs/gc.md).
// SAFETY: the context lives as long as the store, and its heap is a part of it.
extension Store {
    /// Frees the objects that nobody can reach. A guest's allocations do that by themselves; in a host function, or between
    /// calls, a reference that only the host has is not seen.
    package func collectObjects() { unsafe wasm_collect(context, nil, nil, 0) }

    /// Bytes of the objects that the last collection left.
    package var objectBytes: Int { unsafe context.pointee.heap.live }

    /// Bytes of memory that the system provides for objects now.
    package var residentObjectBytes: Int { unsafe wasm_heap_resident(&context.pointee.heap) }

    /// How many collections there have been.
    package var collections: UInt64 { unsafe context.pointee.heap.collections }
}
