package import OCISpec

extension Image {
    /// What the program of a module that is a layer is called where nothing names it.
    static let moduleName = "module.wasm"

    /// The process to start: the image's entrypoint, arguments, environment and working folder, with what a person
    /// says over them.
    ///
    /// The user is what the image says in numbers, or 0: names are not looked up, since nothing here runs as them.
    package func process(overriding overrides: ProcessOverrides = ProcessOverrides()) throws(ImageError)
        -> ContainerProcessSpec
    {
        let execution = config.config ?? ImageConfig.Execution()
        let process = ContainerProcessSpec(
            args: try arguments(of: execution, overriding: overrides),
            env: overrides.merged(over: execution.environment ?? []),
            cwd: Image.absolute(overrides.workingFolder ?? execution.workingFolder ?? ""),
            user: Image.user(execution.user ?? ""))
        for text in (process.args ?? []) + [process.cwd] where text.utf8.contains(0) {
            throw ImageError(.process(reason: "\(text.debugDescription) holds a zero byte"), at: place)
        }
        for variable in process.env ?? [] where variable.utf8.contains(0) || !Image.isAssignment(variable) {
            throw ImageError(.process(reason: "environment \(variable.debugDescription) is not NAME=value"), at: place)
        }
        return process
    }

    /// Entrypoint and default arguments, each with what replaces it. Whatever is first is the program and stays when
    /// arguments are given, also where the image has it as its default command.
    private func arguments(
        of execution: ImageConfig.Execution, overriding overrides: ProcessOverrides
    ) throws(ImageError) -> [String] {
        if let entrypoint = overrides.entrypoint { return [entrypoint] + (overrides.arguments ?? []) }
        var program = execution.entrypoint ?? []
        var arguments = execution.command ?? []
        if program.isEmpty {
            if let first = arguments.first {
                program = [first]
                arguments.removeFirst()
            } else {
                program = [try implicitProgram()]
            }
        }
        return program + (overrides.arguments ?? arguments)
    }

    /// The program of an image that names none: its module layer, or what solo.io's specification calls it.
    private func implicitProgram() throws(ImageError) -> String {
        if let moduleLayer { return moduleLayer.annotations?[Annotation.title] ?? Image.moduleName }
        if manifest.annotations?[Annotation.moduleVariant] != nil { return "/plugin.wasm" }
        throw ImageError(.noEntrypoint, at: place)
    }

    private static func absolute(_ folder: String) -> String { folder.hasPrefix("/") ? folder : "/\(folder)" }

    /// `user[:group]` in numbers.
    private static func user(_ text: String) -> ContainerProcessSpec.User {
        let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
        guard let uid = numbers.first ?? nil else { return ContainerProcessSpec.User() }
        return ContainerProcessSpec.User(uid: uid, gid: numbers.count == 2 ? numbers[1] ?? 0 : 0)
    }

    private static func isAssignment(_ variable: String) -> Bool {
        guard let equals = variable.utf8.firstIndex(of: UInt8(ascii: "=")) else { return false }
        return equals != variable.utf8.startIndex
    }
}
