internal import ArgumentParser

/// `wasm-shim run`: runs an image, a bundle or a module.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a wasm image, bundle or module; ends with its exit code.",
        discussion: """
            TARGET is an OCI image layout (a folder, or a .tar of one) with an optional :TAG or @DIGEST, an OCI bundle \
            (a folder with config.json), or a .wasm or .wat file. What it is, is found by looking.

            Example:
              wasm-shim run app.wasm --dir data:/data:ro --env LANG=C -- --verbose
              wasm-shim run image.tar:v1
              wasm-shim run library.wasm --invoke add -- 1 2
            """)

    @Argument(help: "The layout, archive, bundle or module to run.")
    var target: String

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("A variable for the program, K=V; or K, taken from here.", valueName: "K=V"))
    var environment: [String] = []

    @Option(
        name: .customLong("dir"),
        help: ArgumentHelp("A folder or file that the program may use.", valueName: "HOST[:GUEST[:ro]]"))
    var folders: [String] = []

    @Option(name: .customLong("workdir"), help: ArgumentHelp("The folder to start in.", valueName: "D"))
    var workingFolder: String?

    @Option(help: ArgumentHelp("The program to run instead, as file.wasm or file.wasm#function.", valueName: "E"))
    var entrypoint: String?

    @Option(help: ArgumentHelp("The platform to choose, for example wasi/wasm.", valueName: "P"))
    var platform: String?

    @Flag(name: .customLong("verbose"), help: "Say on standard error what was chosen and why.")
    var isVerbose = false

    @Flag(name: .customLong("trace-calls"), help: "Tell on standard error of each call of a host function.")
    var tracesCalls = false

    @Option(help: ArgumentHelp("Sample what the program does, and draw it as a flame graph.", valueName: "OUT.svg"))
    var profile: String?

    @Option(
        name: .customLong("preload"),
        help: ArgumentHelp("A module to load first, which the program imports as NAME.", valueName: "NAME=FILE"))
    var preloads: [String] = []

    @Option(
        name: .customLong("invoke"),
        help: ArgumentHelp("Call this function with the arguments, and print its results.", valueName: "NAME"))
    var invoked: String?

    @Argument(parsing: .postTerminator, help: "The program's arguments, or the function's, after --.")
    var arguments: [String] = []

    init() {}

    /// What was typed.
    var typed: RunArguments {
        var typed = RunArguments()
        typed.target = target
        typed.environment = environment
        typed.folders = folders
        typed.workingFolder = workingFolder
        typed.entrypoint = entrypoint
        typed.platform = platform
        typed.isVerbose = isVerbose
        typed.tracesCalls = tracesCalls
        typed.profile = profile
        typed.preloads = preloads
        typed.invoked = invoked
        typed.arguments = arguments.isEmpty ? nil : arguments
        return typed
    }

    func run() throws { try Run.begin(typed) }
}
