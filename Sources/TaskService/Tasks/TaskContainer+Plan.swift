internal import ContainerProcess
internal import ControlGroup
internal import GuestLaunch
internal import Logging
internal import OCIBundle
internal import OCISpec
internal import Sandbox

/// From the bundle to the launch plans of the container's guests.
extension TaskContainer {
    /// The plan of the first process, and which PID namespace it is in.
    func initialPlan() throws(TaskError) -> (plan: LaunchPlan, pidNamespace: BoxedGuest.PIDNamespace) {
        let place = "\(bundle)/config.json"
        guard let process = spec.process?.withoutInit(mounts: spec.mounts) else {
            throw TaskError(.failed("\(place): there is no process"))
        }
        let program: SandboxPlan.Program
        if isPodSandbox {
            program = .pause
        } else {
            program = try Self.program(of: process, allowsTools: false, at: place)
        }
        var notes = SandboxPlan.Notes()
        var sandbox: SandboxPlan
        do throws(BundleError) {
            sandbox = try SandboxPlan(
                for: spec, bundle: bundle, layers: layers, program: program,
                controlDescriptor: BoxedGuest.inheritedControlDescriptor, notes: &notes)
        } catch { throw TaskError(error) }
        sandbox.controlGroupFiles = group.taskFiles
        self.notes = notes
        let namespace = (spec.linux?.namespaces ?? []).first { $0.type == Namespace.pid.rawValue }
        let pidNamespace: BoxedGuest.PIDNamespace =
            switch namespace {
            case nil: .shared
            case .some(let namespace):
                if let path = namespace.path, !path.isEmpty { .joined(path: path) } else { .own }
            }
        return (Self.plan(for: process, sandbox), pidNamespace)
    }

    /// Says in the log what the configuration asks for and a guest does not get.
    func tellNotes() {
        if !notes.unused.isEmpty {
            context.log.debug(
                "parts of the configuration mean nothing to a wasm program",
                metadata: ["container": "\(id)", "parts": "\(notes.unused.joined(separator: ", "))"])
        }
        if !notes.unenforced.isEmpty {
            context.log.warning(
                "parts of the configuration are not enforced",
                metadata: ["container": "\(id)", "parts": "\(notes.unenforced.joined(separator: ", "))"])
        }
    }

    /// The plan of a further process.
    func execPlan(_ process: ContainerProcessSpec) throws(TaskError) -> LaunchPlan {
        let program = try Self.program(of: process, allowsTools: true, at: "exec")
        let hasUserNamespace = (spec.linux?.namespaces ?? []).contains { $0.type == Namespace.user.rawValue }
        var sandbox: SandboxPlan
        do throws(BundleError) {
            sandbox = try SandboxPlan(
                joining: initial.process, process, program: program,
                controlDescriptor: BoxedGuest.inheritedControlDescriptor, hasUserNamespace: hasUserNamespace)
        } catch { throw TaskError(error) }
        sandbox.controlGroupFiles = group.taskFiles
        return Self.plan(for: process, sandbox)
    }

    private static func program(
        of process: ContainerProcessSpec, allowsTools: Bool, at place: String
    ) throws(TaskError) -> SandboxPlan.Program {
        guard let first = process.args?.first, !Entrypoint(first).path.isEmpty else {
            throw TaskError(.failed("\(place): process.args names no program; give the image an entrypoint"))
        }
        guard process.cwd.hasPrefix("/") else {
            throw TaskError(.failed("\(place): process.cwd is \(process.cwd.debugDescription), not an absolute path"))
        }
        let searchPath = (process.env ?? []).last { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) }
        return .module(
            candidates: Entrypoint(first).candidates(workingFolder: process.cwd, searchPath: searchPath),
            allowsTools: allowsTools)
    }

    private static func plan(for process: ContainerProcessSpec, _ sandbox: SandboxPlan) -> LaunchPlan {
        let arguments = process.args ?? []
        let entrypoint = Entrypoint(arguments.first ?? "")
        var plan = LaunchPlan(
            moduleDescriptor: 0, moduleName: entrypoint.path, function: entrypoint.function,
            arguments: [entrypoint.path] + arguments.dropFirst(), environment: process.env ?? [])
        plan.sandbox = sandbox
        return plan
    }
}
