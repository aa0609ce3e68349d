package import ArgumentParser
internal import ContainerProcess

/// The command line of `wasm-shim`.
package struct WasmShim: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "wasm-shim",
        abstract: "Run WebAssembly container images.",
        discussion: """
            Example:
              wasm-shim run hello.wasm -- some arguments

            Exit codes: the program's own; 134 it trapped; 125 wasm-shim failed; 126 the target cannot be run; \
            127 the target was not found; 64 the command line is wrong.
            """,
        version: "wasm-shim \(ProductVersion.current)",
        subcommands: [
            RunCommand.self, InspectCommand.self, ImageCommand.self, TextToModuleCommand.self, ModuleToTextCommand.self,
            InstallCommand.self, DoctorCommand.self,
        ])

    package init() {}
}
