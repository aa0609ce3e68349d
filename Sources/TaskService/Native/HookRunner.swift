internal import CLinux
internal import EventLoop
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import OCISpec

/// Runs programs of the host at moments of a container's life (runtime-spec, config.md, "POSIX-platform Hooks"), one
/// after the other. Native containers' are run by their runtime.
struct HookRunner {
    /// What a hook is told on its standard input (runtime-spec, runtime.md, "State").
    struct State: Encodable {
        var ociVersion: String
        var id: String
        /// `creating`, `running` or `stopped`.
        var status: String
        /// Missing once there is no process.
        var pid: Int32?
        var bundle: String
        var annotations: [String: String]?
    }

    let context: ShimContext
    let state: State

    /// How long one may take that sets no limit itself.
    static let limit = Duration.seconds(120)
    /// How much of what a hook complains of is told.
    private static let errorLimit = 4096

    /// Runs all until one fails; `then` is called after the last.
    func run(_ hooks: [Hooks.Hook], then: @escaping (Result<Void, TaskError>) -> Void) {
        guard let hook = hooks.first else { return then(.success(())) }
        start(hook) { result in
            switch result {
            case .success: run(Array(hooks.dropFirst()), then: then)
            case .failure: then(result)
            }
        }
    }

    /// Runs all; those that fail are named in the log.
    func runAll(_ hooks: [Hooks.Hook], then: @escaping () -> Void) {
        guard let hook = hooks.first else { return then() }
        start(hook) { result in
            if case .failure(let error) = result {
                context.log.warning("hook failed", metadata: ["container": "\(state.id)", "reason": "\(error)"])
            }
            runAll(Array(hooks.dropFirst()), then: then)
        }
    }

    private func start(_ hook: Hooks.Hook, then: @escaping (Result<Void, TaskError>) -> Void) {
        guard hook.path.hasPrefix("/") else {
            return then(
                .failure(TaskError(.failed("hook \(hook.path.debugDescription): not an absolute path; give one"))))
        }
        var child = ChildProcess(path: hook.path, arguments: hook.args ?? [hook.path])
        child.environment = hook.env ?? []
        child.unblockedSignals = context.heldSignals
        child.workingFolder = state.bundle
        child.leadsOwnSession = true
        let process: Int32
        let errors: Int32
        do {
            let input = try OwnedDescriptor.sealed(Document.encode(state), name: "state")
            let output = OwnedDescriptor(
                owning: try systemCall("make a file in memory") { unsafe CLinux_memfd("hook") })
            child.descriptors = [.init(input.rawValue, as: 0), .init(output.rawValue, as: 2)]
            process = try child.start()
            errors = output.release()
        } catch {
            return then(.failure(TaskError(.failed("hook \(hook.path): \(error)"))))
        }
        var isLate = false
        let limit = hook.timeout.map { Duration.seconds($0) } ?? Self.limit
        let timer = context.loop.schedule(after: limit) {
            isLate = true
            // It leads a session and a process group.
            kill(-process, SIGKILL)
        }
        context.children.expect(process) { end in
            timer.cancel()
            let complaint = Self.text(OwnedDescriptor(owning: errors))
            if end == .exited(code: 0) { return then(.success(())) }
            let how =
                switch end {
                case _ where isLate: "took longer than \(limit)"
                case .exited(let code): "ended with code \(code)"
                case .killed(let signal): "was ended by signal \(signal)"
                }
            then(.failure(TaskError(.failed("hook \(hook.path) \(how)\(complaint.isEmpty ? "" : ": \(complaint)")"))))
        }
    }

    private static func text(_ file: borrowing OwnedDescriptor) -> String {
        let bytes = (try? file.firstBytes(errorLimit, name: "hook")) ?? []
        let text = String(decoding: bytes, as: UTF8.self)
        return String(text.reversed().drop(while: \.isWhitespace).reversed())
    }
}

extension TaskContainer {
    /// What a hook is told of this container.
    func hookRunner(_ status: String) -> HookRunner {
        HookRunner(
            context: context,
            state: .init(
                ociVersion: spec.ociVersion, id: id, status: status,
                pid: status == "stopped" ? nil : initial.process, bundle: bundle, annotations: spec.annotations))
    }

    /// Runs the hooks that belong to creation; one that fails prevents it.
    func runCreationHooks(then: @escaping (Result<Void, TaskError>) -> Void) {
        let hooks = (spec.hooks?.prestart ?? []) + (spec.hooks?.createRuntime ?? [])
        guard !hooks.isEmpty else { return then(.success(())) }
        initial.holdEnd()
        hookRunner("creating").run(hooks) { [self] result in
            then(result)
            initial.releaseEnd()
        }
    }

    /// Runs the hooks that follow the start. The process's end is told after them.
    func runStartHooks(then: @escaping () -> Void) {
        guard let hooks = spec.hooks?.poststart, !hooks.isEmpty else { return then() }
        initial.holdEnd()
        hookRunner("running").runAll(hooks) { [self] in
            then()
            initial.releaseEnd()
        }
    }

    /// Runs the hooks that follow the end of everything.
    func runRemovalHooks(then: @escaping () -> Void) {
        guard let hooks = spec.hooks?.poststop, !hooks.isEmpty, native == nil else { return then() }
        hookRunner("stopped").runAll(hooks, then: then)
    }
}
