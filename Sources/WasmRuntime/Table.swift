internal import CWasmInterpreter
internal import Glibc
package import WasmModule

/// A table of references (core, 4.2.7).
// SAFETY: the record is allocated in `init` and freed in `deinit`, and is not handed out beyond the store's instances.
@safe package final class Table {
    let record: UnsafeMutablePointer<wasm_table>
    package let type: TableType

    /// Throws `RuntimeError` when the system has no memory for its elements, or the store's tables have too many.
    package init(_ type: TableType, value: UInt64 = 0, in store: Store) throws(RuntimeError) {
        self.type = type
        unsafe record = .allocate(capacity: 1)
        let limit = min(type.limits.maximum ?? ImplementationLimits.tableElements, ImplementationLimits.tableElements)
        unsafe record.initialize(
            to: wasm_table(
                elements: nil, size: 0, limit: max(limit, type.limits.minimum), capacity: 0,
                budget: store.tableBudget, holds_objects: store.types.holdsObjects(.value(type.element))))
        guard unsafe wasm_table_grow(record, type.limits.minimum, value) != UInt64.max else {
            throw RuntimeError(
                .outOfMemory(
                    "a table of \(type.limits.minimum) elements; all tables together have at most \(ImplementationLimits.tableElements)"
                ))
        }
    }

    deinit {
        // SAFETY: the elements came from realloc in `wasm_table_grow`.
        unsafe free(record.pointee.elements)
        unsafe record.deallocate()
    }

    /// The type it has now: it may have grown.
    package var currentType: TableType {
        TableType(
            element: type.element,
            limits: Limits(minimum: unsafe record.pointee.size, maximum: type.limits.maximum), address: type.address)
    }

    /// Writes references from `start` on; false, with nothing written, when they do not fit.
    func fill(from start: UInt64, with values: [UInt64]) -> Bool {
        let size = unsafe record.pointee.size
        guard start <= size, UInt64(values.count) <= size - start else { return false }
        for (i, value) in values.enumerated() {
            // SAFETY: the range was checked against the size just above.
            unsafe record.pointee.elements?[Int(start) + i] = value
        }
        return true
    }
}
