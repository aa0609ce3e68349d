internal import CLinux
internal import Glibc
internal import GuestLaunch
internal import LinuxSystem
internal import Sandbox
internal import WASIPreview1
internal import WasmRuntime

/// A guest that shuts itself into its box, reports, and runs when it is told to.
extension Guest {
    /// Enters the box, runs what is in it and ends the process with its code.
    func run(in sandbox: SandboxPlan) -> Never {
        let control = ControlSocket(owning: sandbox.controlDescriptor)
        let isPause = sandbox.program == .pause
        // The first process of a PID namespace is deaf to signals that it does not handle.
        if CLinux_end_by_signals(isPause ? 0 : -1) != 0 { _exit(Report.Ending.failure.rawValue) }
        endWithParent()
        do throws(GuestFailure) {
            try Self.sandboxed { () throws(SandboxError) in
                try sandbox.enter(control) { step in tell(step) }
            }
            switch sandbox.program {
            case .pause: try pause(in: sandbox, control)
            case .module(let candidates, let allowsTools):
                try run(candidates, allowsTools: allowsTools, in: sandbox, control)
            }
        } catch {
            Self.end(error, control)
        }
    }

    /// Keeps the namespaces alive until a signal comes.
    private func pause(
        in sandbox: SandboxPlan, _ control: ControlSocket
    ) throws(GuestFailure) -> Never {
        try Self.sandboxed { () throws(SandboxError) in try sandbox.dropRights(parent: plan.parentProcess) }
        // It inherits whatever ends in its PID namespace.
        _ = CLinux_forget_children()
        _ = unsafe CLinux_set_process_name("pause")
        try waitForStart(control)
        CLinux_release_idle_memory()
        CLinux_release_unused_stack()
        CLinux_sleep_for_ever()
        _exit(0)
    }

    private func run(
        _ candidates: [String], allowsTools: Bool, in sandbox: SandboxPlan, _ control: ControlSocket
    ) throws(GuestFailure) -> Never {
        let program = try BoxedProgram(candidates, allowsTools: allowsTools, in: sandbox.workingFolder)
        if case .native(let path) = program {
            try Self.sandboxed { () throws(SandboxError) in try control.say(.native(path: path)) }
            _exit(0)
        }
        try Self.sandboxed { () throws(SandboxError) in try sandbox.dropRights(parent: plan.parentProcess) }
        tell("dropped rights")
        // The box is complete here: what narrows it further (seccomp, landlock) comes before anything reads the module.
        _ = unsafe CLinux_set_process_name(program.name)
        switch consume program {
        case .native(let path):
            try Self.sandboxed { () throws(SandboxError) in try control.say(.native(path: path)) }
            _exit(0)
        case .tool(let tool, let processFiles):
            try waitForStart(control)
            tool.run(plan.arguments, environment: environment(in: sandbox), processFiles: processFiles)
        case .module(let path, let descriptor):
            let file = OwnedDescriptor(owning: descriptor)
            guard unsafe CLinux_may_use(path) == 0 else {
                throw GuestFailure(
                    .notRunnable, "\(path): user \(sandbox.user) may neither read nor execute it; change its mode")
            }
            let guest = try prepare(
                readModule(file, name: plan.moduleName), environment: environment(in: sandbox),
                preopens: Self.preopens(in: sandbox))
            if let memory = guest.memory {
                try Self.sandboxed { () throws(SandboxError) in
                    try control.say(.linearMemory(sizeAt: memory.sizeAddress))
                }
            }
            try waitForStart(control)
            guest.run()
        }
    }

    /// Says that everything is ready, and waits, small, for the word to go on.
    private func waitForStart(_ control: ControlSocket) throws(GuestFailure) {
        tell("ready")
        do throws(SandboxError) {
            try control.say(.ready)
            CLinux_release_idle_memory()
            CLinux_release_unused_stack()
            try control.expect(.start)
        } catch {
            throw GuestFailure(.failure, "\(error)")
        }
        control.close()
    }

    /// The working folder comes first as `.`, then the root: C programs take an absolute path for one below the last
    /// folder that is called `.` or `/`.
    private static func preopens(in sandbox: SandboxPlan) throws(GuestFailure) -> [Preopen] {
        let folders = (sandbox.workingFolder == "/" ? [] : [(sandbox.workingFolder, ".")]) + [("/", "/")]
        var preopens: [Preopen] = []
        for (path, name) in folders {
            preopens.append(Preopen(descriptor: try open(path), guestPath: name, placeInRoot: path))
        }
        return preopens
    }

    /// Opens a folder; one that may be entered but not listed will do.
    private static func open(_ folder: String) throws(GuestFailure) -> Int32 {
        do throws(SystemCallError) {
            do throws(SystemCallError) {
                return try OwnedDescriptor(opening: folder, flags: O_RDONLY | O_DIRECTORY).release()
            } catch {
                guard error.code == EACCES else { throw error }
                return try OwnedDescriptor(opening: folder, flags: Int32(CLINUX_O_PATH) | O_DIRECTORY).release()
            }
        } catch {
            throw GuestFailure(
                error.code == ENOENT || error.code == ENOTDIR ? .notFound : .failure, "working folder: \(error)")
        }
    }

    /// Go's programs learn their working folder from PWD alone.
    private func environment(in sandbox: SandboxPlan) -> [String] {
        if sandbox.workingFolder == "/" || plan.environment.contains(where: { $0.hasPrefix("PWD=") }) {
            return plan.environment
        }
        return plan.environment + ["PWD=\(sandbox.workingFolder)"]
    }

    private static func sandboxed(_ body: () throws(SandboxError) -> Void) throws(GuestFailure) {
        do throws(SandboxError) { try body() } catch { throw GuestFailure(.failure, "\(error)") }
    }

    /// Tells the starter why, and ends the process.
    private static func end(_ failure: GuestFailure, _ control: ControlSocket) -> Never {
        let code = failure.ending.rawValue
        // Nobody is left to tell should the starter be gone.
        try? control.say(.failed(code: code, message: failure.message))
        _exit(code)
    }
}
