internal import CWasmInterpreter
package import WasmModule

/// Something that crosses a module's border: core, 4.2.11.
package enum External {
    case function(Function)
    case table(Table)
    case memory(LinearMemory)
    case global(Global)
    case tag(Tag)
}

/// An instance of a module (core, 4.2.4): its functions, memories, tables and globals, ready to run.
// SAFETY: records and arrays are allocated in `init` and freed in `deinit`, and the store keeps the instance until nothing
// of it can run.
@safe package final class Instance {
    package let module: Module
    /// What it lives in, which must outlive all use of it.
    package unowned let store: Store
    let record: UnsafeMutablePointer<wasm_instance>

    package private(set) var memories: [LinearMemory] = []
    private(set) var tables: [Table] = []
    private(set) var globals: [Global] = []
    private(set) var tags: [Tag] = []
    private var importedFunctions: [Function] = []
    /// The records of the module's own functions.
    private let ownFunctions: UnsafeMutableBufferPointer<wasm_function>
    private let pointers: InstancePointers
    /// The store's number of each of the module's types, by the module's own number.
    private let typeNumbers: [Int]
    /// The records of the module's types, for linking: one more, so that there is a first.
    private let types: UnsafeMutablePointer<TypeRecords.Record>
    /// Names by function, read when a trap first needs them.
    lazy var functionNames: [Int: String] = NameSection.functionNames(of: module)

    /// Instantiates `module` (core, 4.5.4): `resolve` gives what an import's module and name stand for.
    ///
    /// Throws `RuntimeError` when imports are missing or of another type, or memory is; and when a segment does
    /// not fit or the start function traps. With `startsLater`, nothing of the module runs until `start()`.
    package init(
        _ module: Module, in store: Store, startsLater: Bool = false,
        resolve: (_ module: String, _ name: String) -> External?
    ) throws(RuntimeError) {
        self.module = module
        self.store = store
        typeNumbers = store.numbers(of: module)
        unsafe types = .allocate(capacity: typeNumbers.count + 1)
        for (i, number) in typeNumbers.enumerated() { unsafe (types + i).initialize(to: store.typeRecords[number]) }
        unsafe record = .allocate(capacity: 1)
        unsafe record.initialize(to: wasm_instance())
        unsafe ownFunctions = .allocate(capacity: module.bodies.count)
        pointers = InstancePointers(module)
        // From here on others may come to hold its functions, even if instantiation fails later (core, 4.5.4).
        store.keep(self)
        try make(resolve)
        if !startsLater { try start() }
    }

    /// What instantiation does before the start function. The collector sees what was made only when it is in its place.
    private func make(_ resolve: (_ module: String, _ name: String) -> External?) throws(RuntimeError) {
        unsafe store.context.pointee.heap.holds += 1
        defer { unsafe store.context.pointee.heap.holds -= 1 }
        let imports = try link(resolve)
        for item in imports {
            switch item {
            case .function(let function): importedFunctions.append(function)
            case .table(let table): tables.append(table)
            case .memory(let memory): memories.append(memory)
            case .global(let global): globals.append(global)
            case .tag(let tag): tags.append(tag)
            }
        }
        for type in module.tags.dropFirst(tags.count) {
            tags.append(Tag(module.functionType(type), number: number(ofType: type)))
        }
        makeFunctions()
        for type in module.memories.dropFirst(memories.count) { memories.append(try LinearMemory(type)) }
        for global in module.definedGlobals {
            globals.append(Global(inStore(global.type), value: try value(of: global.value)))
        }
        for table in module.definedTables {
            var element = Value(0)
            if let expression = table.value { element = try value(of: expression) }
            tables.append(try Table(inStore(table.type), value: element.low, in: store))
        }
        fillRecord()
        try initializeTables()
        try initializeMemories()
    }

    deinit {
        // SAFETY: made in `init`; whoever can call a function of the instance holds the instance.
        unsafe ownFunctions.deallocate()
        unsafe types.deallocate()
        unsafe record.deallocate()
    }

    // MARK: - What callers use

    /// The export called `name`.
    package func export(_ name: String) -> External? {
        guard let export = module.export(name) else { return nil }
        return switch export.kind {
        case .function: .function(function(export.index))
        case .table: .table(tables[export.index])
        case .memory: .memory(memories[export.index])
        case .global: .global(globals[export.index])
        case .tag: .tag(tags[export.index])
        }
    }

    /// The function at `index` of the module's index space.
    package func function(_ index: Int) -> Function {
        if index < importedFunctions.count { return importedFunctions[index] }
        // SAFETY: validation has bounded the index by the number of functions.
        let own = unsafe ownFunctions.baseAddress! + (index - importedFunctions.count)
        return unsafe Function(own, module.type(ofFunction: index), of: self)
    }

    // MARK: - Making it

    /// The store's number of the type at an index of the module.
    private func number(ofType index: Int) -> Int { typeNumbers[module.types.numbers[index]] }

    /// A type of the module with the store's numbers.
    private func inStore(_ type: ValueType) -> ValueType {
        guard type.isReference, let number = type.heapType.number else { return type }
        return ValueType(.defined(typeNumbers[number]), isNullable: type.isNullable)
    }

    private func inStore(_ type: TableType) -> TableType {
        TableType(element: inStore(type.element), limits: type.limits, address: type.address)
    }

    private func inStore(_ type: GlobalType) -> GlobalType {
        GlobalType(value: inStore(type.value), isMutable: type.isMutable)
    }

    /// What the imports stand for, in order; all that are missing or wrong are named at once.
    private func link(_ resolve: (String, String) -> External?) throws(RuntimeError) -> [External] {
        var found: [External] = []
        var unresolved: [UnresolvedImport] = []
        for item in module.imports {
            let external = resolve(item.module, item.name)
            let problem = external.flatMap { mismatch($0, item.type) }
            if let external, problem == nil {
                found.append(external)
            } else {
                let wanted = module.text(of: item.type)
                unresolved.append(UnresolvedImport(item: item, problem: problem, wanted: wanted))
            }
        }
        guard unresolved.isEmpty else { throw RuntimeError(.unlinkable(unresolved)) }
        return found
    }

    /// Why `external` cannot be what `wanted` asks for (core, 4.5.3), if it cannot.
    private func mismatch(_ external: External, _ wanted: ExternalType) -> String? {
        switch (external, wanted) {
        case (.function(let function), .function(let index)):
            let type = HeapType.defined(Int(unsafe function.record.pointee.type_id))
            if store.types.matches(type, .defined(number(ofType: index))) { return nil }
            return "incompatible import type: it is \(function.type), \(module.functionType(index)) is wanted"
        case (.table(let table), .table(let type)):
            let current = table.currentType
            let isSame = current.element == inStore(type.element) && current.address == type.address
            return isSame && current.limits.match(type.limits)
                ? nil : "incompatible import type: the table has another type or size"
        case (.memory(let memory), .memory(let type)):
            return memory.currentType.matches(type)
                ? nil : "incompatible import type: the memory has another type or size"
        case (.global(let global), .global(let type)):
            let wanted = inStore(type)
            let matches =
                type.isMutable
                ? global.type == wanted : !global.type.isMutable && store.types.matches(global.type.value, wanted.value)
            return matches ? nil : "incompatible import type: the global has another type"
        case (.tag(let tag), .tag(let index)):
            return unsafe Int(tag.record.pointee.type_id) == number(ofType: index)
                ? nil : "incompatible import type: the tag has another type"
        default: return "incompatible import type: it is of another kind"
        }
    }

    private func makeFunctions() {
        for index in 0..<module.bodies.count {
            let typeIndex = module.functions[importedFunctions.count + index]
            let shape = FrameShape(module.functionType(typeIndex))
            let function = unsafe wasm_function(
                code: wasm_untranslated_code(), frame_slots: UInt32(shape.headerSlot + FrameShape.headerSlots),
                header_slot: UInt16(shape.headerSlot), parameter_slots: UInt16(shape.parameterSlots), zeroed_slots: 0,
                type_id: UInt32(number(ofType: typeIndex)), index: UInt32(importedFunctions.count + index),
                result_slots: UInt16(shape.resultSlots), clause_count: 0, clauses: nil, instance: record, host: nil,
                host_data: nil)
            // SAFETY: the buffer has room for one record a body.
            unsafe (ownFunctions.baseAddress! + index).initialize(to: function)
        }
    }

    private func functionRecord(_ index: Int) -> UnsafeMutablePointer<wasm_function> {
        if index < importedFunctions.count { return unsafe importedFunctions[index].record }
        return unsafe ownFunctions.baseAddress! + (index - importedFunctions.count)
    }

    private func value(of expression: ConstantExpression) throws(RuntimeError) -> Value {
        try ConstantEvaluator(
            global: { self.globals[$0].value },
            function: { Value(UInt64(UInt(bitPattern: unsafe self.functionRecord($0)))) },
            objects: ObjectMaker(store: store), typeNumbers: typeNumbers
        ).value(of: expression)
    }

    private func fillRecord() {
        for index in module.functions.indices { unsafe pointers.functions[index] = functionRecord(index) }
        for (i, memory) in memories.enumerated() { unsafe pointers.memories[i] = memory.record }
        for (i, table) in tables.enumerated() { unsafe pointers.tables[i] = table.record }
        for (i, global) in globals.enumerated() { unsafe pointers.globals[i] = global.record }
        for (i, tag) in tags.enumerated() { unsafe pointers.tags[i] = tag.record }
        // SAFETY: the pointers' storage lives as long as this object does.
        unsafe pointers.fill(record)
        unsafe record.pointee.memory_base = memories.first?.record.pointee.base
        unsafe record.pointee.owner = Unmanaged.passUnretained(self).toOpaque()
        unsafe record.pointee.global_count = UInt32(globals.count)
        unsafe record.pointee.table_count = UInt32(tables.count)
        unsafe record.pointee.element_count = UInt32(module.elements.count)
        unsafe record.pointee.next = store.context.pointee.instances
        unsafe store.context.pointee.instances = record
    }

    private func initializeTables() throws(RuntimeError) {
        for (i, segment) in module.elements.enumerated() {
            switch segment.mode {
            case .passive: pointers.setElements(i, try references(segment.values))
            case .declarative: break
            case .active(let index, let offset):
                let start = try self.offset(of: offset, tables[index].type.address)
                guard tables[index].fill(from: start, with: try references(segment.values)) else {
                    throw RuntimeError(.trap(Trap(reason: "out of bounds table access by element segment \(i)")))
                }
            }
        }
    }

    private func offset(of expression: ConstantExpression, _ address: AddressType) throws(RuntimeError) -> UInt64 {
        let bits = try value(of: expression).low
        return address == .i32 ? UInt64(UInt32(truncatingIfNeeded: bits)) : bits
    }

    private func references(_ values: Module.ElementValues) throws(RuntimeError) -> [UInt64] {
        switch values {
        case .functions(let indices): return indices.map { UInt64(UInt(bitPattern: unsafe functionRecord(Int($0)))) }
        case .expressions(let expressions):
            var references: [UInt64] = []
            references.reserveCapacity(expressions.count)
            for expression in expressions { references.append(try value(of: expression).low) }
            return references
        }
    }

    private func initializeMemories() throws(RuntimeError) {
        for (i, segment) in module.data.enumerated() {
            switch segment.mode {
            case .passive: pointers.setData(i, segment.range)
            case .declarative: break
            case .active(let index, let offset):
                let start = try self.offset(of: offset, memories[index].type.address)
                let memory = memories[index].contents
                let bytes = module.bytes[segment.range]
                guard (try? memory.store(bytes, at: start)) != nil else {
                    throw RuntimeError(.trap(Trap(reason: "out of bounds memory access by data segment \(i)")))
                }
            }
        }
    }

    /// Calls the module's start function, if it has one; once, by whoever made the instance with `startsLater`.
    package func start() throws(RuntimeError) {
        guard let start = module.start else { return }
        do throws(CallEnd) {
            _ = try function(start).call()
        } catch {
            switch error {
            case .exited(let code): throw RuntimeError(.exited(code))
            case .trapped(let trap): throw RuntimeError(.trap(trap))
            }
        }
    }

    // MARK: - Running it

    /// Translates a function of this instance on its first call.
    func translate(_ function: UnsafeMutablePointer<wasm_function>) {
        let body = Int(unsafe function.pointee.index) - importedFunctions.count
        wasm_profile_hold(true)
        defer { wasm_profile_hold(false) }
        let code = FunctionTranslator.translate(module, body: body)
        let start = unsafe store.arena.add(code, types: types, for: function)
        unsafe function.pointee.code = start
        unsafe function.pointee.frame_slots = UInt32(code.frameSlots)
        unsafe function.pointee.zeroed_slots = UInt32(code.zeroedSlots)
    }
}
