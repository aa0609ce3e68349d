internal import ContainerProcess
internal import GuestLaunch
internal import LinuxSystem
internal import OCISpec

/// One `wasm-shim run`: from what was typed to a guest that runs.
struct Run {
    let request: RunRequest
    /// What the run's profile goes into, where one is wanted.
    let profile: RunProfile?

    /// Does what was typed; returns only by failing.
    static func begin(_ typed: RunArguments) throws(Failure) -> Never {
        let request = try Failure.wrapping { () throws(UsageError) in try RunRequest(typed) }
        let target = try Failure.wrapping { () throws(TargetError) in try Target(request.target) }
        request.explain("\(request.target): \(target.kindName)")
        let profile = try request.profile.map { path throws(Failure) in try RunProfile(drawnTo: path) }
        let run = Run(request: request, profile: profile)
        switch target {
        case .module(let path): try run.runModule(.file(path: path), at: path)
        case .text(let path):
            let module = try Failure.wrapping { () throws(ConversionError) in try ModuleText.assembled(at: path) }
            try run.runModule(.bytes(module), at: path)
        case .bundle(let path): try run.runBundle(at: path)
        case .layout(let path, let reference): try run.runImage(inLayoutAt: path, reference)
        case .archive(let path, let reference): try run.runImage(inArchiveAt: path, reference)
        }
    }

    /// A guest after which nothing has to be tidied up takes our place.
    func replace(with process: GuestProcess) throws(Failure) -> Never {
        let container = try container(of: process)
        if let profile {
            let end = try Failure.wrapping { () throws(ContainerError) in try profile.watch(container) }
            try profile.draw()
            end.endThisProcess()
        }
        try Failure.wrapping { () throws(ContainerError) in try container.replaceThisProcess() }
    }

    /// Opens what a guest needs.
    func container(of process: GuestProcess) throws(Failure) -> Container {
        try Failure.wrapping { () throws(ContainerError) in
            let plan = try process.plan()
            try profile?.keepModule(of: plan)
            let program = try GuestProgram()
            explain(process, program)
            return Container(of: plan, program: program)
        }
    }

    /// What the command line says for every kind of target.
    func complete(_ process: GuestProcess) throws(Failure) -> GuestProcess {
        var process = process
        for preload in request.preloads { process.preloads.append(try Self.preload(preload)) }
        if let function = request.invoked {
            process.function = function
            process.invocation = request.arguments ?? []
            process.arguments = Array(process.arguments.prefix(1))
        }
        process.folders += request.folders
        process.isVerbose = request.isVerbose
        process.tracesCalls = request.tracesCalls
        process.profileDescriptor = profile?.descriptor
        return process
    }

    /// Looks at a module that is loaded first; text is assembled.
    private static func preload(_ option: PreloadOption) throws(Failure) -> GuestProcess.Preload {
        let target = try Failure.wrapping { () throws(TargetError) in try Target(option.path) }
        let module: GuestProcess.Module
        switch target {
        case .module(let path): module = .file(path: path)
        case .text(let path):
            module = .bytes(try Failure.wrapping { () throws(ConversionError) in try ModuleText.assembled(at: path) })
        case .layout, .archive, .bundle:
            throw .usage(.preload("\(option.name)=\(option.path)", reason: "FILE is \(target.kindName)"))
        }
        return .init(name: option.name, module: module, path: option.path)
    }

    /// Refuses `--platform` where there is nothing to choose from.
    func refusePlatform(for target: String) throws(Failure) {
        guard request.platform != nil else { return }
        throw .usage(.uselessOption("--platform", reason: "\(target) is for one platform only; leave it out"))
    }

    /// Says what will run, with what.
    private func explain(_ process: GuestProcess, _ program: GuestProgram) {
        request.explain("\(process.name): calls \(process.function) with arguments \(process.arguments)")
        for folder in process.allFolders {
            let rights = folder.isReadOnly ? "read-only" : "to read and write"
            request.explain("\(process.name): \(folder.guestPath) is \(folder.hostPath), \(rights)")
        }
        if process.workingFolder != "/" { request.explain("\(process.name): . is \(process.workingFolder)") }
        request.explain("\(process.name): runs in \(program.path)")
    }
}
