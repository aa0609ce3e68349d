internal import ContainerProcess
internal import OCISpec

/// Running a bare module: only what the command line says.
extension Run {
    /// Runs a module of the file at `path`, which gives it its name.
    func runModule(_ module: GuestProcess.Module, at path: String) throws(Failure) -> Never {
        try refusePlatform(for: "a module")
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var process = GuestProcess(
            name: path, module: module, arguments: [name] + (request.arguments ?? []))
        if let text = request.entrypoint {
            let entrypoint = Entrypoint(text)
            guard entrypoint.path.isEmpty else {
                throw .usage(.entrypoint(text, reason: "a module is the only file there is; give only #FUNCTION"))
            }
            process.function = entrypoint.function
        }
        process.environment = request.overrides.merged(over: [])
        process.workingFolder = request.workingFolder ?? process.workingFolder
        try replace(with: try complete(process))
    }
}
