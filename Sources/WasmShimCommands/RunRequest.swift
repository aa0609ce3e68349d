internal import ContainerProcess
internal import Glibc
internal import OCISpec

/// What `run` was asked for, checked as far as the command line alone allows.
struct RunRequest: Equatable, Sendable {
    var target: String
    var environment: [String] = []
    var folders: [GuestProcess.Folder] = []
    var workingFolder: String?
    var entrypoint: String?
    var platform: Platform?
    /// What stands after `--`; `nil` where nothing does.
    var arguments: [String]?
    var isVerbose = false
    var tracesCalls = false
    /// Where a flame graph of the run goes.
    var profile: String?
    /// The modules to load first, in their order.
    var preloads: [PreloadOption] = []
    /// The function to call by hand, with `arguments`.
    var invoked: String?

    init(target: String) { self.target = target }

    /// Checks what was typed.
    init(_ typed: RunArguments) throws(UsageError) {
        target = typed.target
        for text in typed.environment {
            let variable = try VariableOption(text) { name in
                // SAFETY: the string is copied before anything can change the environment.
                unsafe getenv(name).map { unsafe String(cString: $0) }
            }
            environment.append(variable.assignment)
        }
        for text in typed.folders { folders.append(try FolderOption(text).folder) }
        if let folder = typed.workingFolder {
            guard folder.hasPrefix("/") else { throw UsageError.workingFolder(folder) }
            workingFolder = folder
        }
        entrypoint = typed.entrypoint
        if let text = typed.platform {
            guard let platform = Platform(text) else { throw UsageError.platform(text) }
            self.platform = platform
        }
        arguments = typed.arguments
        isVerbose = typed.isVerbose
        tracesCalls = typed.tracesCalls
        profile = typed.profile
        for text in typed.preloads {
            let preload = try PreloadOption(text)
            guard !preloads.contains(where: { $0.name == preload.name }) else {
                throw UsageError.preload(text, reason: "\(preload.name) was given before")
            }
            preloads.append(preload)
        }
        invoked = typed.invoked
        if let entrypoint, invoked != nil, entrypoint.contains("#") {
            throw UsageError.uselessOption("--invoke", reason: "--entrypoint \(entrypoint) names a function too")
        }
    }

    /// The overrides for an image's or a bundle's own process.
    var overrides: ProcessOverrides {
        ProcessOverrides(
            entrypoint: entrypoint, arguments: arguments, environment: environment, workingFolder: workingFolder)
    }

    /// Says on standard error what was decided, where that was asked for.
    func explain(_ message: @autoclosure () -> String) {
        if isVerbose { CommandLineMain.report(message()) }
    }
}
