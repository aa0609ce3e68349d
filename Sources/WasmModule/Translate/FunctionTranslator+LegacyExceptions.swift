internal import CWasmInterpreter

/// Exception handling as it was before 3.0, onto the same clauses beside the code.
///
/// A `catch` keeps the exception below its values, in the slot where the block's results will begin: for `rethrow`, and out
/// of sight of the operands above it.
extension FunctionTranslator {
    mutating func translateLegacyTry() throws(ModuleError) {
        let type = try reader.blockType(in: module.types)
        settleForBlock()
        // As for `try_table`: nothing is fused over the border of guarded code.
        last = nil
        open(.legacyTry, type)
        guards.append([])
        controls[controls.count - 1].guardCount = guards.count
    }

    /// `catch` with its tag's index; `catch_all` with none.
    mutating func translateLegacyCatch(_ tag: Int?) {
        let index = controls.count - 1
        if !isUnreachable { emitBranchWithValues(to: 0) }
        if controls[index].kind == .legacyTry { controls[index].guardedEnd = words.count }
        controls[index].kind = .legacyCatch
        let control = controls[index]
        clauses.append(
            FunctionCode.Clause(
                words: control.start..<control.guardedEnd, target: words.count, catches: tag.map { .tag($0) } ?? .all,
                baseSlot: home(control.height + 1), referenceSlot: home(control.height)))
        guards[control.guardCount - 1].append(clauses.count - 1)
        restore(height: control.height, types: [.exnref])
        if let tag { for type in module.functionType(module.tags[tag]).parameters { push(.home, type) } }
        forgetAccumulators()
        last = nil
        isUnreachable = false
    }

    /// Moves the results of a block's last `catch` over the exception that it kept.
    mutating func endLegacyCatch(_ control: Control) {
        guard !isUnreachable else { return }
        moveValues(control.results, to: control.height)
        restore(height: control.height, types: control.resultTypes)
    }

    /// `delegate`: what is thrown in the block is handled as if it were thrown by the outer one that `depth` names.
    mutating func translateDelegate(_ depth: Int) {
        let control = controls[controls.count - 1]
        // Blocks that began with the outer one or before are those whose clauses are tried.
        let outer = controls[controls.count - 2 - depth].guardCount
        clauses.append(
            FunctionCode.Clause(
                words: control.start..<words.count, target: outer, catches: .delegated, baseSlot: 0, referenceSlot: nil)
        )
        guards[control.guardCount - 1].append(clauses.count - 1)
        translateEnd()
        last = nil
    }

    mutating func translateRethrow(_ depth: Int) {
        emit(WASM_throw_ref, Self.fields(home(controls[controls.count - 1 - depth].height)))
        becomeUnreachable()
    }
}
