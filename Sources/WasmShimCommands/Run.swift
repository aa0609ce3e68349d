internal import ContainerProcess
internal import OCIBundle
internal import OCISpec

/// One `wasm-shim run`: from what was typed to a guest that runs.
struct Run {
    let request: RunRequest

    /// Does what was typed; returns only by failing.
    static func begin(_ typed: RunArguments) throws(Failure) -> Never {
        let request: RunRequest
        do throws(UsageError) { request = try RunRequest(typed) } catch { throw Failure.usage(error) }
        try Run(request: request).begin()
    }

    private func begin() throws(Failure) -> Never {
        let target: Target
        do throws(TargetError) { target = try Target(request.target) } catch { throw Failure.target(error) }
        request.explain("\(request.target): \(target.kindName)")
        switch target {
        case .module(let path):
            let process: GuestProcess
            do throws(UsageError) { process = try moduleProcess(at: path) } catch { throw Failure.usage(error) }
            try replace(with: process)
        case .bundle(let path):
            try replace(with: bundleProcess(at: path))
        case .layout, .archive:
            throw Failure.usage(.uselessOption("target", reason: "not yet"))
        }
    }

    /// A guest after which nothing has to be tidied up takes our place.
    func replace(with process: GuestProcess) throws(Failure) -> Never {
        do throws(ContainerError) {
            let plan = try process.plan()
            let program = try GuestProgram()
            explain(process, program)
            try Container(of: plan, program: program).replaceThisProcess()
        } catch {
            throw Failure.container(error)
        }
    }

    /// Says what will run, with what.
    func explain(_ process: GuestProcess, _ program: GuestProgram) {
        request.explain("\(process.name): calls \(process.function) with arguments \(process.arguments)")
        for folder in process.allFolders {
            let rights = folder.isReadOnly ? "read-only" : "read and write"
            request.explain("\(process.name): \(folder.guestPath) is \(folder.hostPath), \(rights)")
        }
        if process.workingFolder != "/" {
            request.explain("\(process.name): . is \(process.workingFolder)")
        }
        request.explain("\(process.name): runs in \(program.path)")
    }

    /// A bare module: only what the command line says.
    private func moduleProcess(at path: String) throws(UsageError) -> GuestProcess {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var process = GuestProcess(
            name: path, module: .file(path: path), arguments: [name] + (request.arguments ?? []))
        if let text = request.entrypoint {
            let entrypoint = Entrypoint(text)
            guard entrypoint.path.isEmpty else {
                throw UsageError.entrypoint(text, reason: "a module has no other files; give only #function")
            }
            process.function = entrypoint.function
        }
        try refusePlatform(for: "a module")
        process.environment = request.overrides.merged(over: [])
        process.workingFolder = request.workingFolder ?? process.workingFolder
        complete(&process)
        return process
    }

    /// A bundle: its own process with what the command line says over it.
    private func bundleProcess(at path: String) throws(Failure) -> GuestProcess {
        do throws(UsageError) { try refusePlatform(for: "a bundle") } catch { throw Failure.usage(error) }
        do throws(BundleError) {
            let bundle = try Bundle(at: path)
            var overrides = request.overrides
            overrides.entrypoint = wholeEntrypoint(ofProgram: bundle.entrypoint.path)
            // Only another function: the program stays, and its arguments with it.
            if overrides.entrypoint != request.entrypoint {
                overrides.arguments = overrides.arguments ?? Array(bundle.arguments.dropFirst())
            }
            var process = GuestProcess(name: path, bundle: try bundle.overriding(overrides))
            complete(&process)
            return process
        } catch {
            throw Failure.bundle(error)
        }
    }

    /// What `--entrypoint` says, with the program in front where it names only a `#function`.
    func wholeEntrypoint(ofProgram program: String) -> String? {
        guard let text = request.entrypoint, Entrypoint(text).path.isEmpty else { return request.entrypoint }
        return program + text
    }

    private func refusePlatform(for target: String) throws(UsageError) {
        if request.platform != nil {
            throw UsageError.uselessOption("--platform", reason: "\(target) is for one platform only; leave it out")
        }
    }

    /// What the command line says for every kind of target.
    func complete(_ process: inout GuestProcess) {
        process.folders += request.folders
        process.isVerbose = request.isVerbose
    }
}
