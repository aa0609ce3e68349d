internal import ArgumentParser

/// `wasm-shim wasm2wat`: writes a module as text.
struct ModuleToTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wasm2wat",
        abstract: "Write a module as WebAssembly text.",
        discussion: """
            IN is a module of WebAssembly 3.0, or - for standard input. wat2wasm makes the same module of the text again.

            Example:
              wasm-shim wasm2wat hello.wasm | less
              wasm-shim wasm2wat hello.wasm -o hello.wat
            """)

    @Argument(help: "The module.")
    var input: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where to, instead of standard output.", valueName: "OUT"))
    var output = ModuleText.standardStream

    init() {}

    func run() throws {
        try Failure.wrapping { () throws(ConversionError) in
            try ModuleText.write(ModuleText.disassembled(at: input), to: output)
        }
    }
}
