internal import CWasmInterpreter

extension FunctionTranslator {
    /// A guarded block. Entering and leaving it costs nothing: what it catches stands in a table beside the code.
    mutating func translateTryTable() throws(ModuleError) {
        let type = try reader.blockType(in: module.types)
        settleForBlock()
        let first = clauses.count
        for _ in 0..<(try reader.u32()) {
            let kind = try reader.byte()
            let tag = kind < 2 ? Int(try reader.u32()) : nil
            let depth = Int(try reader.u32())
            let target = controls[controls.count - 1 - depth]
            let base = home(target.height)
            let values = tag.map { module.functionType(module.tags[$0]).parameters.slotCount } ?? 0
            clauses.append(
                FunctionCode.Clause(
                    words: words.count..<words.count, target: 0, catches: tag.map { .tag($0) } ?? .all, baseSlot: base,
                    referenceSlot: kind & 1 == 1 ? base + values : nil))
            reserve(upTo: target.height + values + 1)
            send(.clause(clauses.count - 1), to: depth)
        }
        // A word before the guarded code may be fused with one in it, or taken back: neither may cross the border.
        last = nil
        open(.block, type)
        controls[controls.count - 1].guards = first..<clauses.count
        guards.append(Array(first..<clauses.count))
        controls[controls.count - 1].guardCount = guards.count
    }

    /// Gives a guarded block's clauses their end, now that it is written.
    mutating func endGuard(_ control: Control) {
        guard !control.guards.isEmpty else { return }
        for index in control.guards { clauses[index].words = clauses[index].words.lowerBound..<words.count }
        last = nil
    }

    /// The clauses as they are to be tried: those of inner blocks, which began later, before those of outer ones.
    var orderedClauses: [FunctionCode.Clause] {
        guard !clauses.isEmpty else { return [] }
        // By guarded block: how many clauses it and later ones have. A delegation goes on behind those it passes over.
        var later = [Int](repeating: 0, count: guards.count + 1)
        for block in guards.indices.reversed() { later[block] = later[block + 1] + guards[block].count }
        return guards.reversed().flatMap { $0 }.map { number in
            var clause = clauses[number]
            if clause.catches == .delegated { clause.target = later[clause.target] }
            return clause
        }
    }

    mutating func translateThrow(_ tag: Int) {
        let count = module.functionType(module.tags[tag]).parameters.slotCount
        for accumulator in AccumulatorClass.allCases { settle(accumulator) }
        translateFromSlots(count, WASM_throw, wide: UInt32(tag))
        becomeUnreachable()
    }
}
