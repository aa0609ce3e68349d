internal import AssemblyScript
internal import CLinux
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem
internal import WASIPreview1
internal import WASIThreads
internal import WasmModule
internal import WasmRuntime

/// One guest, from its launch plan to its end: module bytes → module → instance → exit code.
struct Guest {
    let plan: LaunchPlan
    private let clock = StepClock()

    init(_ plan: LaunchPlan) { self.plan = plan }

    /// Runs the guest and ends the process with its code.
    func run() -> Never {
        if let sandbox = plan.sandbox { run(in: sandbox) }
        endWithParent()
        do throws(GuestFailure) {
            let preopens = plan.preopens.map {
                Preopen(
                    descriptor: $0.descriptor, guestPath: $0.guestPath, isReadOnly: $0.isReadOnly,
                    placeInRoot: $0.placeInRoot, file: $0.file)
            }
            let module = try readModule(
                OwnedDescriptor(owning: plan.moduleDescriptor), name: plan.moduleName)
            let guest = try prepare(module, environment: plan.environment, preopens: preopens)
            if plan.profileDescriptor >= 0 {
                do throws(RuntimeError) { try Profiler.start(writingTo: plan.profileDescriptor) } catch {
                    throw GuestFailure(.failure, "\(plan.moduleName): \(error)")
                }
            }
            guest.run()
        } catch {
            Report.end(error.ending, error.message)
        }
    }

    /// Makes the kernel end this process when its starter ends, however that happens.
    func endWithParent() {
        guard plan.parentProcess != 0 else { return }
        _ = CLinux_set_parent_death_signal(SIGKILL)
        // It may have ended before the request was made. From a PID namespace it is not seen; there the control socket
        // tells.
        let parent = getppid()
        if parent != plan.parentProcess && !(parent == 0 && plan.sandbox != nil) {
            _exit(Report.Ending.failure.rawValue)
        }
    }

    /// Reads and validates a module; `name` is what messages call it.
    func readModule(_ file: consuming OwnedDescriptor, name: String) throws(GuestFailure) -> Module {
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            bytes = try file.readAll(limit: ImplementationLimits.moduleBytes, name: name)
        } catch {
            throw GuestFailure(.failure, "\(error)")
        }
        guard let bytes else {
            throw GuestFailure(.notRunnable, "\(name): longer than 1 GiB: no module may be")
        }
        tell("read \(bytes.count) bytes")
        do throws(ModuleError) {
            let module = try Module(bytes)
            tell("validated \(module.bodies.count) functions")
            return module
        } catch {
            throw GuestFailure(.notRunnable, "\(name): \(error)")
        }
    }

    /// Links the module to its host; nothing of it runs yet.
    func prepare(
        _ module: Module, environment: [String], preopens: [Preopen]
    ) throws(GuestFailure) -> PreparedGuest {
        let host: WASIPreview1Host
        do throws(WASIPreview1Error) {
            host = try WASIPreview1Host(arguments: plan.arguments, environment: environment, preopens: preopens)
        } catch {
            throw GuestFailure(.failure, "\(error)")
        }
        let threads = WASIThreads.areWanted(by: module) ? threads(of: module) : nil
        if threads != nil { host.allowThreads() }
        let assemblyScript = AssemblyScriptHost()
        let memories = try importedMemories(of: module)
        let function = { (module: String, name: String) -> HostFunction? in
            if case .function(let function) = assemblyScript.provided(name, from: module) { return function }
            if let spawn = threads?.provided(name, from: module) { return spawn }
            return plan.tracesCalls
                ? host.tracedFunction(named: name, in: module) { Report.say("wasm-shim: \($0)") }
                : host.function(named: name, in: module)
        }
        let value = { (module: String, name: String) -> External? in
            if let memory = memories["\(module).\(name)"] { return .memory(memory) }
            guard case .constant(let type, let value) = assemblyScript.provided(name, from: module) else { return nil }
            return .global(Global(type, value: value))
        }
        threads?.begin { module, name, store in
            value(module, name) ?? function(module, name).map { .function(Function($0, in: store)) }
        }
        var index: Int32 = -1
        let preloads = try readPreloads(besideThreads: threads != nil)
        let guest = try PreparedGuest(
            module, name: plan.moduleName, function: plan.function, arguments: plan.invocation, after: preloads
        ) { module, name, store in
            // Imports are asked for in order: the profile knows functions by their number.
            if let value = value(module, name) { return value }
            index += 1
            guard let function = function(module, name) else { return nil }
            let watched = plan.profileDescriptor < 0 ? function : Profiler.profiled(function, index: index)
            return .function(Function(watched, in: store))
        }
        tell("made the instance")
        return guest
    }

    /// Reads the modules that the guest may import from.
    private func readPreloads(besideThreads: Bool) throws(GuestFailure) -> [Preload] {
        guard !besideThreads || plan.preloads.isEmpty else {
            throw GuestFailure(
                .notRunnable, "\(plan.moduleName): --preload does not go with wasi-threads: link statically")
        }
        var preloads: [Preload] = []
        for preload in plan.preloads {
            let module = try readModule(OwnedDescriptor(owning: preload.descriptor), name: preload.file)
            preloads.append(Preload(name: preload.name, module: module, place: preload.file))
        }
        return preloads
    }

    /// The threads of a module that has some: whatever ends the program in one of them ends this process.
    private func threads(of module: Module) -> WASIThreads {
        WASIThreads(module) { [name = plan.moduleName] ending in
            switch ending {
            case .trapped(let trap): Report.end(trap, in: name)
            case .exited(let code): _exit(Int32(bitPattern: code))
            }
        }
    }

    /// The memories that a module imports: shared ones, whatever they are called, for its threads; and that of `env`, which
    /// compilers can be told not to make.
    private func importedMemories(of module: Module) throws(GuestFailure) -> [String: LinearMemory] {
        var memories: [String: LinearMemory] = [:]
        for item in module.imports {
            guard case .memory(let type) = item.type, type.isShared || item.module == "env" else { continue }
            do throws(RuntimeError) {
                memories["\(item.module).\(item.name)"] = try LinearMemory(type)
            } catch {
                throw GuestFailure(.failure, "\(plan.moduleName): \(error)")
            }
        }
        return memories
    }

    /// With `--verbose`, says how far the guest is and when.
    func tell(_ step: @autoclosure () -> String) {
        if plan.isVerbose { Report.say("wasm-shim: \(clock.elapsed): \(step())") }
    }
}
