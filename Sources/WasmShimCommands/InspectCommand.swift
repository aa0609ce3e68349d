internal import ArgumentParser
internal import Glibc

/// `wasm-shim inspect`: says what a module is made of, and whether it would run.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a module needs and gives, and whether it would run here.",
        discussion: """
            TARGET is what `run` takes, or a component: a .wasm or .wat file, an image layout or archive, or a bundle, of \
            which the module is shown that would run. Nothing of it is run. Exits with 0 if it would run, with 126 if not.

            Example:
              wasm-shim inspect app.wasm
              wasm-shim inspect image.tar:v1 --json
            """)

    @Argument(help: "The module, layout, archive or bundle to look at.")
    var target: String

    @Flag(help: "Write JSON instead of text.")
    var json = false

    init() {}

    func run() throws {
        let report = try InspectReport(InspectSubject(target))
        print(json ? try report.json() : report.text)
        guard report.runs else {
            fflush(nil)
            Glibc.exit(WasmShimCommands.ExitCode.notRunnable.rawValue)
        }
    }
}
