internal import Glibc
internal import WasmModule
internal import WasmRuntime

/// A module that is loaded before the guest, which may import what it exports, under a name.
struct Preload {
    let name: String
    let module: Module
    /// What messages call it.
    let place: String
}

/// Modules that have one store, and import from those before them by name.
final class Linked {
    let store: Store
    private let provide: PreparedGuest.Provide
    private var exporters: [String: Instance] = [:]

    /// What a library's own beginning is called (WASI application ABI: reactors).
    static let initializer = "_initialize"

    /// `provide` gives what none of the modules exports.
    init(in store: Store, _ provide: @escaping PreparedGuest.Provide) {
        self.store = store
        self.provide = provide
    }

    /// Makes an instance whose imports are the exports of those added before, else what the host provides.
    func instance(of module: Module, startsLater: Bool) throws(RuntimeError) -> Instance {
        try Instance(module, in: store, startsLater: startsLater) { [exporters, provide, store] module, name in
            // The host is asked also for what it shall not give: it counts what is imported.
            let provided = provide(module, name, store)
            return exporters[module]?.export(name) ?? provided
        }
    }

    /// Makes an instance that those after it may import from, and runs what it has for its beginning.
    func add(_ preload: Preload) throws(GuestFailure) {
        do throws(RuntimeError) {
            let instance = try instance(of: preload.module, startsLater: false)
            if let initialize = Self.initializer(of: instance) { _ = try Self.call(initialize) }
            exporters[preload.name] = instance
        } catch {
            // A program may end before its main module begins, as it may in its start function.
            if case .exited(let code) = error.problem { _exit(Int32(bitPattern: code)) }
            throw GuestFailure(error, in: preload.place)
        }
    }

    /// A library's own beginning, if it has one.
    static func initializer(of instance: Instance) -> Function? {
        guard case .function(let found) = instance.export(initializer), found.type == FunctionType([]) else {
            return nil
        }
        return found
    }

    /// Calls a function; whatever ends it otherwise than by returning is thrown.
    static func call(_ function: Function, _ arguments: [Value] = []) throws(RuntimeError) -> [Value] {
        do throws(CallEnd) { return try function.call(arguments) } catch {
            switch error {
            case .exited(let code): throw RuntimeError(.exited(code))
            case .trapped(let trap): throw RuntimeError(.trap(trap))
            }
        }
    }
}
