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
        endWithParent()
        let module = readModule()
        let host = makeHost()
        let store = makeStore()
        call(entry(of: instantiate(module, host, store)))
    }

    /// Makes the kernel end this process when its starter ends, however that happens.
    private func endWithParent() {
        guard plan.parentProcess != 0 else { return }
        _ = CLinux_set_parent_death_signal(SIGKILL)
        // It may have ended before the request was made.
        if getppid() != plan.parentProcess { _exit(Report.Ending.failure.rawValue) }
    }

    private func readModule() -> Module {
        let descriptor = OwnedDescriptor(owning: plan.moduleDescriptor)
        do throws(SystemCallError) {
            guard let bytes = try descriptor.readAll(limit: ImplementationLimits.moduleBytes, name: plan.moduleName)
            else {
                Report.end(.notRunnable, "\(plan.moduleName): longer than 1 GiB: no module may be")
            }
            tell("read \(bytes.count) bytes")
            do throws(ModuleError) {
                let module = try Module(bytes)
                tell("validated \(module.bodies.count) functions")
                return module
            } catch {
                Report.end(.notRunnable, "\(plan.moduleName): \(error)")
            }
        } catch {
            Report.end(.failure, "\(error)")
        }
    }

    private func makeHost() -> WASIPreview1Host {
        do throws(WASIPreview1Error) {
            return try WASIPreview1Host(
                arguments: plan.arguments, environment: plan.environment,
                preopens: plan.preopens.map {
                    Preopen(descriptor: $0.descriptor, guestPath: $0.guestPath, isReadOnly: $0.isReadOnly)
                })
        } catch {
            Report.end(.failure, "\(error)")
        }
    }

    private func makeStore() -> Store {
        do throws(RuntimeError) {
            return try Store()
        } catch {
            Report.end(.failure, "\(plan.moduleName): \(error)")
        }
    }

    private func instantiate(_ module: Module, _ host: WASIPreview1Host, _ store: Store) -> Instance {
        do throws(RuntimeError) {
            let instance = try Instance(module, in: store) { module, name in
                host.function(named: name, in: module).map { .function(Function($0, in: store)) }
            }
            tell("made the instance")
            return instance
        } catch {
            switch error.problem {
            case .unlinkable:
                Report.end(
                    .notRunnable,
                    "\(plan.moduleName): \(error); this host provides wasi_snapshot_preview1 only: "
                        + "build the module for wasm32-wasip1")
            case .outOfMemory: Report.end(.failure, "\(plan.moduleName): \(error)")
            case .trap(let trap): Report.end(trap, in: plan.moduleName)
            case .exited(let code): _exit(Int32(bitPattern: code))
            }
        }
    }

    /// The function to run: it must be exported, and take and give nothing.
    private func entry(of instance: Instance) -> Function {
        guard case .function(let function) = instance.export(plan.function) else {
            let others = instance.module.exports.filter { $0.kind == .function }.prefix(8).map { "\"\($0.name)\"" }
            let offer = others.isEmpty ? "it exports no function" : "it exports \(others.joined(separator: ", "))"
            Report.end(
                .notRunnable,
                "\(plan.moduleName): no function \"\(plan.function)\" to run: \(offer); "
                    + "name one as FILE#FUNCTION in the entrypoint, or build a command instead of a library")
        }
        guard function.type.parameters.isEmpty else {
            Report.end(
                .notRunnable,
                "\(plan.moduleName): function \"\(plan.function)\" wants arguments (\(function.type)); "
                    + "an entrypoint takes none")
        }
        return function
    }

    private func call(_ function: Function) -> Never {
        do throws(CallEnd) {
            _ = try function.call()
        } catch {
            switch error {
            case .exited(let code): _exit(Int32(bitPattern: code))
            case .trapped(let trap): Report.end(trap, in: plan.moduleName)
            }
        }
        _exit(0)
    }

    /// With `--verbose`, says how far the guest is and when.
    private func tell(_ step: @autoclosure () -> String) {
        if plan.isVerbose { Report.say("wasm-shim: \(clock.elapsed): \(step())") }
    }
}
