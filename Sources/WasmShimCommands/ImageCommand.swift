internal import ArgumentParser

/// `wasm-shim image`: what can be done with images besides running them.
struct ImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Build wasm images and look at them.",
        discussion: """
            Example:
              wasm-shim image build hello.wasm -o hello-image
              wasm-shim image inspect hello-image
            """,
        subcommands: [ImageBuildCommand.self, ImageInspectCommand.self])

    init() {}
}
