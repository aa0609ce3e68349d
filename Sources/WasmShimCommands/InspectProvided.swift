internal import AssemblyScript
internal import Glibc
internal import WASIPreview1
internal import WASIThreads
internal import WasmModule
internal import WasmRuntime

/// What our host gives to a module: the functions that a guest would get, asked for by name and type.
struct InspectProvided {
    private let host: WASIPreview1Host
    private let assemblyScript = AssemblyScriptHost()
    private let threads: WASIThreads
    private let module: Module

    /// Throws only when the kernel cannot give a guest what every guest has.
    init(to module: Module) throws(WASIPreview1Error) {
        host = try WASIPreview1Host(arguments: [], environment: [])
        // Nothing runs: nothing ends.
        threads = WASIThreads(module) { _ in _exit(ExitCode.failed.rawValue) }
        self.module = module
    }

    /// What is said of an import that there is nothing for.
    static let missing = "missing"

    /// Why an import cannot be had; `nil` for one that is provided.
    func problem(with item: Module.Import) -> String? {
        switch assemblyScript.provided(item.name, from: item.module) {
        case .function(let function): return problem(with: item, given: function)
        case .constant(let type, _):
            return item.type == .global(type) ? nil : "it is an immutable global of type \(type.value)"
        case nil: break
        }
        if case .memory(let type) = item.type, type.isShared || item.module == "env" { return nil }
        let spawn = threads.provided(item.name, from: item.module)
        guard let function = spawn ?? host.function(named: item.name, in: item.module) else { return Self.missing }
        return problem(with: item, given: function)
    }

    private func problem(with item: Module.Import, given function: HostFunction) -> String? {
        guard case .function(let index) = item.type else { return "it is a function of type \(function.type)" }
        // As when instances are linked: types are the same if they are one definition, also in what subtypes they allow.
        var types = module.types.hierarchy
        if types.define([DefinedType(.function(function.type))]) == module.types.numbers[index] { return nil }
        return "its type is \(function.type)"
    }
}
