import WasmModule
import WasmRuntime
import WasmText

extension Instance {
    /// An instance of a module in the text format; `imports` by the second of their two names.
    convenience init(text: String, imports: [String: External] = [:], in store: Store) throws {
        let module = try Module(try assemble(Array(text.utf8)))
        try self.init(module, in: store) { _, name in imports[name] }
    }

    /// The results of an exported function.
    func call(_ name: String, _ arguments: UInt64...) throws -> [UInt64] {
        guard case .function(let function) = export(name) else { throw NoSuchExport(name: name) }
        return try function.call(arguments)
    }

    /// Why a call of an exported function traps.
    func trap(_ name: String, _ arguments: UInt64...) throws -> String {
        guard case .function(let function) = export(name) else { throw NoSuchExport(name: name) }
        do throws(CallEnd) {
            _ = try function.call(arguments)
            return "returned"
        } catch {
            guard case .trapped(let trap) = error else { return "exited" }
            return trap.reason
        }
    }
}

/// A test asked for what its module does not export.
struct NoSuchExport: Error {
    let name: String
}
