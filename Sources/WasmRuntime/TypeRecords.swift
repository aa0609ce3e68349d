internal import CWasmInterpreter
internal import WasmModule

/// The store's types as running code looks at them: a record for each, made once and never moved.
// SAFETY: everything is allocated here and freed in `deinit`; the store keeps this object until nothing can run.
@safe final class TypeRecords {
    typealias Record = UnsafePointer<wasm_type>

    /// The records by number.
    private(set) var list: UnsafeMutablePointer<Record>
    private var capacity = 64
    private(set) var count = 0
    /// What records were made of, all together.
    private var chunks: [UnsafeMutablePointer<wasm_type>] = unsafe []
    private var ancestors: [UnsafeMutablePointer<Record>] = unsafe []
    private var references: [UnsafeMutablePointer<UInt16>] = unsafe []

    init() { unsafe list = .allocate(capacity: capacity) }

    deinit {
        for i in unsafe chunks.indices { unsafe chunks[i].deallocate() }
        for i in unsafe ancestors.indices { unsafe ancestors[i].deallocate() }
        for i in unsafe references.indices { unsafe references[i].deallocate() }
        unsafe list.deallocate()
    }

    subscript(number: Int) -> Record {
        precondition(number < count)
        return unsafe list[number]
    }

    /// Makes records of the types that have none yet.
    func update(from hierarchy: TypeHierarchy) {
        let total = hierarchy.definitions.count
        guard total > count else { return }
        reserve(total)
        let new = total - count
        let chunk = UnsafeMutablePointer<wasm_type>.allocate(capacity: new)
        unsafe chunks.append(chunk)
        for i in 0..<new {
            // SAFETY: the chunk and the list have room for all types; supertypes come before.
            unsafe (chunk + i).initialize(to: record(count, hierarchy))
            unsafe (list + count).initialize(to: Record(chunk + i))
            count += 1
        }
    }

    private func reserve(_ total: Int) {
        guard total > capacity else { return }
        capacity = max(total, capacity * 2)
        let larger = UnsafeMutablePointer<Record>.allocate(capacity: capacity)
        // SAFETY: both have room for `count`.
        unsafe larger.initialize(from: list, count: count)
        unsafe list.deallocate()
        unsafe list = larger
    }

    private func record(_ number: Int, _ hierarchy: TypeHierarchy) -> wasm_type {
        let definition = hierarchy[number]
        var record = unsafe wasm_type()
        unsafe record.number = UInt32(number)
        unsafe addAncestors(of: definition, to: &record)
        switch definition.composite {
        case .function: unsafe record.kind = WASM_CLASS_FUNCTION
        case .array(let element):
            unsafe record.kind = WASM_CLASS_ARRAY
            unsafe record.element_log2 = UInt8(element.storage.log2)
            unsafe record.element_is_reference = hierarchy.holdsObjects(element.storage)
        case .structure(let fields):
            unsafe record.kind = WASM_CLASS_STRUCTURE
            let layout = StructureLayout(fields, in: hierarchy)
            unsafe wasm_set_size(&record, layout.size)
            guard !layout.references.isEmpty else { break }
            let places = UnsafeMutablePointer<UInt16>.allocate(capacity: layout.references.count)
            for (i, place) in layout.references.enumerated() { unsafe (places + i).initialize(to: place) }
            unsafe references.append(places)
            unsafe record.references = UnsafePointer(places)
            unsafe record.reference_count = UInt32(layout.references.count)
        }
        return unsafe record
    }

    /// The supertype's ancestors and the supertype itself.
    private func addAncestors(of definition: DefinedType, to record: inout wasm_type) {
        guard let above = definition.supertype?.number else { return }
        let parent = unsafe list[above]
        let depth = Int(unsafe parent.pointee.depth)
        let display = UnsafeMutablePointer<Record>.allocate(capacity: depth + 1)
        // SAFETY: room for one more than the parent has.
        if let inherited = unsafe parent.pointee.ancestors { unsafe display.initialize(from: inherited, count: depth) }
        unsafe (display + depth).initialize(to: parent)
        unsafe ancestors.append(display)
        unsafe record.ancestors = UnsafePointer(display)
        unsafe record.depth = UInt16(depth + 1)
    }
}
