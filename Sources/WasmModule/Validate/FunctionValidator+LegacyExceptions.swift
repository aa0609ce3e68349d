/// Exception handling as it was before 3.0, which toolchains still write: try, catch, catch_all, delegate and rethrow.
extension FunctionValidator {
    /// `catch`, with what its tag brings, or `catch_all`, the last clause: ends the guarded part, or the clause before.
    mutating func validateLegacyCatch(_ values: [ValueType], isLast: Bool = false) throws(ModuleError) {
        guard let kind = controls.last?.kind, kind == .legacyTry || kind == .legacyCatch else {
            throw ModuleError(.malformed, "END opcode expected: catch without try, or after catch_all", at: place)
        }
        let ended = try popControl()
        pushControl(isLast ? .legacyCatchAll : .legacyCatch, ended.type)
        push(values)
    }

    /// `delegate`: ends a `try` without clauses, whose exceptions an outer block handles.
    mutating func validateDelegate() throws(ModuleError) {
        guard controls.last?.kind == .legacyTry else {
            throw ModuleError(.malformed, "END opcode expected: delegate without try", at: place)
        }
        let ended = try popControl()
        // The label counts from outside the block that ends; the function's own means its caller.
        _ = try label()
        pushResults(of: ended)
    }

    mutating func validateRethrow() throws(ModuleError) {
        let kind = try label().kind
        guard kind == .legacyCatch || kind == .legacyCatchAll else {
            throw invalid("invalid rethrow label: it is no catch clause")
        }
        markUnreachable()
    }
}
