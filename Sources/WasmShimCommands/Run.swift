internal import ContainerProcess
internal import OCIImage
internal import OCILayout
internal import OCISpec

/// One `wasm-shim run`: from what was asked for to a guest in this process's place.
struct Run {
    private let request: RunRequest

    init(_ request: RunRequest) { self.request = request }

    /// Returns only by failing.
    func begin() throws -> Never {
        do {
            let target = try Target(request.target)
            request.explain("\(request.target): \(target.kindName)")
            switch target {
            case .module(let path): try replace(with: moduleProcess(at: path))
            default: throw Failure.usage(.uselessOption("target", reason: "not yet"))
            }
        } catch let error as TargetError {
            throw Failure.target(error)
        } catch let error as ContainerError {
            throw Failure.container(error)
        } catch let error as UsageError {
            throw Failure.usage(error)
        }
    }

    /// A guest after which nothing has to be tidied up takes our place.
    private func replace(with process: GuestProcess) throws(ContainerError) -> Never {
        let plan = try process.plan()
        let program = try GuestProgram()
        explain(process, program)
        try Container(of: plan, program: program).replaceThisProcess()
    }

    private func explain(_ process: GuestProcess, _ program: GuestProgram) {
        request.explain("\(process.name): starts \(process.function) with arguments \(process.arguments)")
        request.explain("\(process.name): in \(program.path)")
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
        if request.platform != nil {
            throw UsageError.uselessOption("--platform", reason: "a module is for every platform; leave it out")
        }
        complete(&process)
        return process
    }

    /// What the command line says for every kind of target.
    private func complete(_ process: inout GuestProcess) {
        process.environment = request.overrides.merged(over: process.environment)
        process.folders += request.folders
        process.workingFolder = request.workingFolder ?? process.workingFolder
        process.isVerbose = request.isVerbose
    }
}
