internal import ArgumentParser
internal import WasmModule

/// `wasm-shim wat2wasm`: makes a module of a text.
struct TextToModuleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wat2wasm",
        abstract: "Make a module of WebAssembly text.",
        discussion: """
            IN is text of WebAssembly 3.0, or - for standard input. Names become a name section. What is wrong is said \
            with its line and column.

            Example:
              wasm-shim wat2wasm hello.wat
              wasm-shim wat2wasm hello.wat -o build/hello.wasm
            """)

    @Argument(help: "The text.")
    var input: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where to; - for standard output. Otherwise IN's name with .wasm, here.", valueName: "OUT"))
    var output: String?

    @Flag(name: .customLong("no-check"), help: "Write the module even if it breaks the rules of validation.")
    var isUnchecked = false

    init() {}

    func run() throws {
        try Failure.wrapping { () throws(ConversionError) in
            let module = try ModuleText.assembled(at: input)
            if !isUnchecked {
                do throws(ModuleError) { _ = try Module(module) } catch {
                    throw ConversionError(.invalid(error), at: input)
                }
            }
            guard let output = output ?? ModuleText.fileName(for: input, ending: "wasm") else {
                throw ConversionError(.noOutput, at: input)
            }
            try ModuleText.write(module, to: output)
        }
    }
}
