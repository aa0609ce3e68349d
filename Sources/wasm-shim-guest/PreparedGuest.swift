internal import Glibc
internal import GuestDialects
internal import WasmModule
internal import WasmRuntime

/// A module that is linked and may run at once.
struct PreparedGuest {
    /// What an import's module and name stand for.
    typealias Provide = (_ module: String, _ name: String, _ store: Store) -> External?

    private let name: String
    private let store: Store
    private let instance: Instance
    /// What runs before the function: a library's own beginning.
    private let initialize: Function?
    /// The function to run; `nil` where the module's start function is all there is.
    private let entry: Function?
    private let invocation: Invocation?

    /// Makes the instance and finds the function to run; the module's start function waits for `run()`. What the modules
    /// loaded before it export comes first, then what `provide` gives.
    ///
    /// `arguments` are those of the function, whose results are printed; `nil` for an entrypoint, which has none of either.
    init(
        _ module: Module, name: String, function: String, arguments: [String]? = nil, after preloads: [Preload] = [],
        provide: @escaping Provide
    ) throws(GuestFailure) {
        self.name = name
        let linked: Linked
        do throws(RuntimeError) { linked = Linked(in: try Store(), provide) } catch {
            throw GuestFailure(.failure, "\(name): \(error)")
        }
        store = linked.store
        for preload in preloads { try linked.add(preload) }
        do throws(RuntimeError) { instance = try linked.instance(of: module, startsLater: true) } catch {
            throw GuestFailure(error, in: name)
        }
        if arguments == nil, function == "_start", module.export(function) == nil, module.start != nil {
            (initialize, entry, invocation) = (nil, nil, nil)
            return
        }
        let entry = try Self.entry(function, of: instance, name: name, takesArguments: arguments != nil)
        invocation = try arguments.map { words throws(GuestFailure) in
            try Invocation(of: function, entry.type, words: words, name: name)
        }
        self.entry = entry
        initialize = function == "_start" || function == Linked.initializer ? nil : Linked.initializer(of: instance)
    }

    /// Its first linear memory, if it has one.
    var memory: LinearMemory? { instance.memories.first }

    /// Runs the guest and ends the process with its code.
    func run() -> Never {
        withExtendedLifetime((store, instance)) {
            do throws(RuntimeError) {
                try instance.start()
                if let initialize { _ = try Linked.call(initialize) }
                if let entry {
                    let results = try Linked.call(entry, invocation?.arguments ?? [])
                    invocation?.printResults(results)
                }
            } catch {
                if case .exited(let code) = error.problem { _exit(Int32(bitPattern: code)) }
                if case .trap(let trap) = error.problem { Report.end(trap, in: name) }
                Report.end(.failure, "\(name): \(error)")
            }
        }
        _exit(0)
    }

    /// The function to run: it must be exported, and take nothing unless it is given arguments.
    private static func entry(
        _ function: String, of instance: Instance, name: String, takesArguments: Bool
    ) throws(GuestFailure) -> Function {
        guard case .function(let found) = instance.export(function) else {
            let others = instance.module.exports.filter { $0.kind == .function }.prefix(8).map { "\"\($0.name)\"" }
            let offer = others.isEmpty ? "it exports no function" : "it exports \(others.joined(separator: ", "))"
            throw GuestFailure(
                .notRunnable,
                "\(name): no function \"\(function)\" to run: \(offer); call one with --invoke NAME, "
                    + "name one as FILE#FUNCTION in the entrypoint, or build a command instead of a library")
        }
        guard takesArguments || found.type.parameters.isEmpty else {
            throw GuestFailure(
                .notRunnable,
                "\(name): function \"\(function)\" wants arguments (\(found.type)); an entrypoint takes none, "
                    + "--invoke \(function) -- ARGUMENTS… gives some")
        }
        return found
    }
}
