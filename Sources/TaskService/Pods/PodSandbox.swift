internal import ContainerProcess
internal import GuestLaunch
internal import OCIBundle
internal import OCISpec
internal import Sandbox

/// A pod as the sandbox service has it: a guest that runs nothing and keeps the namespaces alive.
final class PodSandbox {
    enum State: String {
        case created = "SANDBOX_CREATED"
        case ready = "SANDBOX_READY"
        case notReady = "SANDBOX_NOTREADY"
    }

    let id: String
    let process: TaskProcess
    private(set) var state = State.created
    private(set) var startedAt: ExitRecord?
    private let context: ShimContext
    private let bundle: String
    private let spec: RuntimeSpec

    /// `networkNamespace` is the file of the pod's network, empty for the host's.
    init(id: String, bundle: String, networkNamespace: String, context: ShimContext) {
        self.id = id
        self.bundle = bundle
        self.context = context
        let none = StreamPaths(stdin: "", stdout: "", stderr: "", hasTerminal: false)
        process = TaskProcess(execID: "", paths: none, context: context)
        if let spec = try? Bundle.readSpec(at: bundle), spec.process != nil {
            self.spec = spec
        } else {
            // A controller that leaves the box to us says of it only what its network is.
            var namespaces = ["pid", "ipc", "uts", "mount"].map { LinuxSpec.Namespace(type: $0) }
            if !networkNamespace.isEmpty { namespaces.append(.init(type: "network", path: networkNamespace)) }
            spec = RuntimeSpec(
                process: ContainerProcessSpec(args: ["/pause"]), root: .init(path: "rootfs", readonly: true),
                linux: LinuxSpec(namespaces: namespaces))
        }
    }

    /// Starts the guest; `then` gets its process id.
    func start(then: @escaping (Result<Int32, TaskError>) -> Void) {
        process.openStreams(container: id, owner: nil) { [self] result in
            do throws(TaskError) {
                let streams = try result.get()
                var notes = SandboxPlan.Notes()
                var sandbox: SandboxPlan
                do throws(BundleError) {
                    sandbox = try SandboxPlan(
                        for: spec, bundle: bundle, layers: [], program: .pause,
                        controlDescriptor: BoxedGuest.inheritedControlDescriptor, notes: &notes)
                } catch { throw TaskError(error) }
                // There is nothing in its root, and nothing to see of the host's.
                if case .assembled(var root) = sandbox.root {
                    root.layers = [.init(type: "tmpfs", source: "tmpfs", destination: "/", data: "size=64k,mode=755")]
                    root.mounts = []
                    sandbox.root = .assembled(root)
                }
                var plan = LaunchPlan(moduleDescriptor: 0, moduleName: "pause", arguments: ["pause"])
                plan.sandbox = sandbox
                process.startGuest(plan, in: .own, controlGroup: nil, streams: streams) { [self] result in
                    switch result {
                    case .success: run(then)
                    case .failure(let error): then(.failure(error))
                    }
                }
            } catch {
                then(.failure(error))
            }
        }
    }

    /// Ends a pod that never ran: whoever waits for its end is answered.
    func giveUp() {
        guard process.state.exit == nil else { return }
        state = .notReady
        process.abandon()
    }

    private func run(_ then: (Result<Int32, TaskError>) -> Void) {
        do throws(TaskError) { try process.start() } catch { return then(.failure(error)) }
        state = .ready
        startedAt = ExitRecord(nowWith: 0)
        process.whenEnded = { [self] record in
            state = .notReady
            process.settle(record) {}
        }
        then(.success(process.process))
    }
}
