internal import AssemblyScript
internal import CLinux
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem
internal import WASIPreview1
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
            let module = try readModule(OwnedDescriptor(owning: plan.moduleDescriptor))
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

    /// Reads and validates the module.
    func readModule(_ file: consuming OwnedDescriptor) throws(GuestFailure) -> Module {
        let bytes: [UInt8]?
        do throws(SystemCallError) {
            bytes = try file.readAll(limit: ImplementationLimits.moduleBytes, name: plan.moduleName)
        } catch {
            throw GuestFailure(.failure, "\(error)")
        }
        guard let bytes else {
            throw GuestFailure(.notRunnable, "\(plan.moduleName): longer than 1 GiB: no module may be")
        }
        tell("read \(bytes.count) bytes")
        do throws(ModuleError) {
            let module = try Module(bytes)
            tell("validated \(module.bodies.count) functions")
            return module
        } catch {
            throw GuestFailure(.notRunnable, "\(plan.moduleName): \(error)")
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
        let assemblyScript = AssemblyScriptHost()
        var index: Int32 = -1
        let guest = try PreparedGuest(module, name: plan.moduleName, function: plan.function) { module, name, store in
            // Imports are asked for in order: the profile knows functions by their number.
            index += 1
            switch assemblyScript.provided(name, from: module) {
            case .constant(let type, let value): return .global(Global(type, value: value))
            case .function(let function): return external(function, index, store)
            case nil: break
            }
            let function =
                plan.tracesCalls
                ? host.tracedFunction(named: name, in: module) { Report.say("wasm-shim: \($0)") }
                : host.function(named: name, in: module)
            return function.map { external($0, index, store) }
        }
        tell("made the instance")
        return guest
    }

    /// A host's function for an import, watched where a profile is wanted.
    private func external(_ function: HostFunction, _ index: Int32, _ store: Store) -> External {
        .function(
            Function(plan.profileDescriptor < 0 ? function : Profiler.profiled(function, index: index), in: store))
    }

    /// With `--verbose`, says how far the guest is and when.
    func tell(_ step: @autoclosure () -> String) {
        if plan.isVerbose { Report.say("wasm-shim: \(clock.elapsed): \(step())") }
    }
}
