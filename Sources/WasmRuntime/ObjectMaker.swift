internal import CWasmInterpreter
internal import WasmModule

/// Makes objects for constant expressions (core, 4.5.4). While it does, the store collects nothing: the references are
/// where the collector does not look.
// SAFETY: types are the store's records, and an object is written to only in its own fields or elements.
@safe struct ObjectMaker {
    let store: Store

    /// A structure with the given fields, or all default ones; nil when there is no memory.
    func structure(_ number: Int, _ values: [Value]?) -> Value? {
        let object = unsafe wasm_new_structure(store.context, store.typeRecords[number], nil, nil, 0)
        guard object != 0 else { return nil }
        guard let values, case .structure(let fields) = store.types[number].composite else { return Value(object) }
        let offsets = StructureLayout(fields, in: store.types).offsets
        for (i, value) in values.enumerated() {
            wasm_write(object, Int(offsets[i]), UInt8(fields[i].storage.log2), value.low, value.high)
        }
        return Value(object)
    }

    /// An array of `count` default elements.
    func array(_ number: Int, count: UInt32) -> Value? {
        let array = unsafe wasm_new_array(store.context, store.typeRecords[number], count, nil, nil)
        return array == 0 ? nil : Value(array)
    }

    /// An array of `count` times the same element.
    func array(_ number: Int, of value: Value, count: UInt32) -> Value? {
        guard let array = array(number, count: count) else { return nil }
        wasm_fill_array(array.low, 0, count, value.low, value.high)
        return array
    }

    /// An array of the given elements.
    func array(_ number: Int, _ values: [Value]) -> Value? {
        guard let array = array(number, count: UInt32(values.count)) else { return nil }
        for (i, value) in values.enumerated() {
            wasm_fill_array(array.low, UInt32(i), 1, value.low, value.high)
        }
        return array
    }
}
