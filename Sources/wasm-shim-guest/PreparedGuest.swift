internal import Glibc
internal import WasmModule
internal import WasmRuntime

/// A module that is linked and may run at once.
struct PreparedGuest {
    private let name: String
    private let store: Store
    private let instance: Instance
    private let entry: Function

    /// Makes the instance and finds the function to run; the module's start function waits for `run()`. `provide` gives what
    /// an import's module and name stand for.
    init(
        _ module: Module, name: String, function: String,
        provide: (_ module: String, _ name: String, _ store: Store) -> External?
    ) throws(GuestFailure) {
        self.name = name
        do throws(RuntimeError) {
            let store = try Store()
            instance = try Instance(module, in: store, startsLater: true) { module, name in
                provide(module, name, store)
            }
            self.store = store
        } catch {
            throw Self.failure(error, of: name)
        }
        entry = try Self.entry(function, of: instance, name: name)
    }

    /// Its first linear memory, if it has one.
    var memory: LinearMemory? { instance.memories.first }

    /// Runs the guest and ends the process with its code.
    func run() -> Never {
        withExtendedLifetime((store, instance)) {
            do throws(RuntimeError) {
                try instance.start()
            } catch {
                switch error.problem {
                case .trap(let trap): Report.end(trap, in: name)
                case .exited(let code): _exit(Int32(bitPattern: code))
                case .unlinkable, .outOfMemory: Report.end(.failure, "\(name): \(error)")
                }
            }
            do throws(CallEnd) {
                _ = try entry.call()
            } catch {
                switch error {
                case .exited(let code): _exit(Int32(bitPattern: code))
                case .trapped(let trap): Report.end(trap, in: name)
                }
            }
        }
        _exit(0)
    }

    private static func failure(_ error: RuntimeError, of name: String) -> GuestFailure {
        switch error.problem {
        case .unlinkable:
            GuestFailure(
                .notRunnable,
                "\(name): \(error); this host provides wasi_snapshot_preview1: build the module for wasm32-wasip1, "
                    + "and see what it was made for with wasm-shim inspect")
        case .outOfMemory, .exited: GuestFailure(.failure, "\(name): \(error)")
        case .trap(let trap): GuestFailure(.trap, Report.text(of: trap, in: name))
        }
    }

    /// The function to run: it must be exported, and take and give nothing.
    private static func entry(
        _ function: String, of instance: Instance, name: String
    ) throws(GuestFailure) -> Function {
        guard case .function(let found) = instance.export(function) else {
            let others = instance.module.exports.filter { $0.kind == .function }.prefix(8).map { "\"\($0.name)\"" }
            let offer = others.isEmpty ? "it exports no function" : "it exports \(others.joined(separator: ", "))"
            throw GuestFailure(
                .notRunnable,
                "\(name): no function \"\(function)\" to run: \(offer); "
                    + "name one as FILE#FUNCTION in the entrypoint, or build a command instead of a library")
        }
        guard found.type.parameters.isEmpty else {
            throw GuestFailure(
                .notRunnable,
                "\(name): function \"\(function)\" wants arguments (\(found.type)); an entrypoint takes none")
        }
        return found
    }
}
