internal import ArgumentParser

/// `wasm-shim image inspect`: says what images a layout has, and which of them would run.
struct ImageInspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show the images of a layout and what each would run.",
        discussion: """
            LAYOUT is what `run` takes: a layout folder or archive, with an optional :TAG or @DIGEST. Nothing is \
            unpacked or run.

            Example:
              wasm-shim image inspect hello-image
              wasm-shim image inspect hello-image:v1 --json
            """)

    @Argument(help: "The layout or archive to look at.")
    var layout: String

    @Flag(help: "Write JSON instead of a table.")
    var json = false

    init() {}

    func run() throws {
        let list = try ImageList(of: layout)
        print(json ? try list.json() : list.table)
    }
}
