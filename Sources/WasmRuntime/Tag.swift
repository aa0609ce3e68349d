internal import CWasmInterpreter
package import WasmModule

/// An exception tag (core, 4.2.10). Two are the same only if they are the same object.
// SAFETY: the record is allocated in `init` and freed in `deinit`; the store frees exceptions before tags.
@safe package final class Tag {
    let record: UnsafeMutablePointer<wasm_tag>
    /// What exceptions carry, as parameters.
    package let type: FunctionType

    /// A tag of a function type that names no module's types.
    package convenience init(_ type: FunctionType, in store: Store) {
        self.init(type, number: Int(store.number(of: type)))
    }

    /// `number`: the type's in the store.
    init(_ type: FunctionType, number: Int) {
        self.type = type
        unsafe record = .allocate(capacity: 1)
        unsafe record.initialize(to: wasm_tag(type_id: UInt32(number), value_slots: UInt32(type.parameters.slotCount)))
    }

    // SAFETY: exceptions point to their tag, and the store frees them before the instances that hold tags.
    deinit { unsafe record.deallocate() }
}
