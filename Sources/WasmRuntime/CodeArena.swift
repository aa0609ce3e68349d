internal import CWasmInterpreter
internal import WasmModule

/// Where linked code lives: it never moves, and goes with its store.
// SAFETY: chunks and clauses are allocated here and freed in `deinit`; the store that owns the arena outlives all runs.
@safe final class CodeArena {
    /// A function's code.
    @safe struct Entry {
        let start: UInt
        let words: Int
        let function: UnsafeMutablePointer<wasm_function>

        /// Whether a word of the code is at `address`.
        func contains(_ address: UInt) -> Bool { address >= start && address < start + UInt(words) * 8 }
    }

    /// In order of their addresses.
    private(set) var entries: [Entry] = []
    private var clauses: [UnsafeMutableBufferPointer<wasm_clause>] = unsafe []
    private var chunks: [UnsafeMutableBufferPointer<UInt64>] = unsafe []
    private var used = 0
    private static let chunkWords = 1 << 15

    deinit {
        for i in unsafe chunks.indices { unsafe chunks[i].deallocate() }
        for i in unsafe clauses.indices { unsafe clauses[i].deallocate() }
    }

    /// Copies code in, links it, gives the function its clauses, and gives the first word. `types`: the record of each of the
    /// module's types.
    func add(
        _ functionCode: FunctionCode, types: UnsafePointer<TypeRecords.Record>,
        for function: UnsafeMutablePointer<wasm_function>
    ) -> UnsafePointer<UInt64> {
        let code = functionCode.words
        if unsafe chunks.isEmpty || chunks[chunks.count - 1].count - used < code.count {
            unsafe chunks.append(.allocate(capacity: max(Self.chunkWords, code.count)))
            used = 0
        }
        // SAFETY: the chunk has room for the code from `used` on, as just seen.
        let chunk = unsafe chunks[chunks.count - 1]
        let place = unsafe UnsafeMutableBufferPointer(rebasing: chunk[used..<used + code.count])
        _ = unsafe place.initialize(from: code)
        used += code.count
        let start = unsafe chunk.baseAddress! + (used - code.count)
        unsafe wasm_link(start, code.count, types)
        let entry = unsafe Entry(start: UInt(bitPattern: start), words: code.count, function: function)
        entries.insert(entry, at: firstEntry(after: entry.start))
        unsafe setClauses(functionCode.clauses, of: function)
        return unsafe UnsafePointer(start)
    }

    private func setClauses(_ list: [FunctionCode.Clause], of function: UnsafeMutablePointer<wasm_function>) {
        guard !list.isEmpty else { return }
        let place = UnsafeMutableBufferPointer<wasm_clause>.allocate(capacity: list.count)
        // SAFETY: room for each clause; the buffer lives as long as the arena, and so does the code.
        for (i, clause) in list.enumerated() {
            unsafe place.initializeElement(
                at: i,
                to: wasm_clause(
                    start: UInt32(clause.words.lowerBound), end: UInt32(clause.words.upperBound),
                    target: UInt32(clause.target), tag: Self.tag(clause.catches), base_slot: UInt16(clause.baseSlot),
                    reference_slot: UInt16(clause.referenceSlot ?? 0), takes_reference: clause.referenceSlot != nil))
        }
        unsafe clauses.append(place)
        unsafe function.pointee.clauses = UnsafePointer(place.baseAddress)
        unsafe function.pointee.clause_count = UInt32(list.count)
    }

    private static func tag(_ catches: FunctionCode.Clause.Catches) -> UInt32 {
        switch catches {
        case .tag(let index): UInt32(index)
        case .all: UInt32(bitPattern: Int32(WASM_CATCH_ALL))
        case .delegated: UInt32(bitPattern: Int32(WASM_DELEGATE))
        }
    }

    /// The number of entries whose code starts at or before an address.
    private func firstEntry(after address: UInt) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].start <= address { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The function whose code is at `address`.
    func entry(at address: UInt) -> Entry? {
        let index = firstEntry(after: address)
        guard index > 0, entries[index - 1].contains(address) else { return nil }
        return entries[index - 1]
    }
}
