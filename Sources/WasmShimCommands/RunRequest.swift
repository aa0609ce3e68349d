internal import Glibc
internal import OCISpec
internal import ContainerProcess

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

    init(target: String) { self.target = target }

    /// Takes the options as they were typed.
    init(_ command: RunCommand) throws(UsageError) {
        target = command.target
        for text in command.environment {
            let variable = try VariableOption(text) { name in
                // SAFETY: the string is copied before anything can change the environment.
                unsafe getenv(name).map { unsafe String(cString: $0) }
            }
            environment.append(variable.assignment)
        }
        for text in command.folders { folders.append(try FolderOption(text).folder) }
        if let folder = command.workingFolder {
            guard folder.hasPrefix("/") else { throw UsageError.workingFolder(folder) }
            workingFolder = folder
        }
        entrypoint = command.entrypoint
        if let text = command.platform {
            guard let platform = Platform(text) else { throw UsageError.platform(text) }
            self.platform = platform
        }
        arguments = command.arguments.isEmpty ? nil : command.arguments
        isVerbose = command.isVerbose
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
