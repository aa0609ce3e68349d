internal import ArgumentParser
internal import OCISpec

/// `wasm-shim image build`: makes an image of a module.
struct ImageBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Pack a WebAssembly module as an image.",
        discussion: """
            LAYOUT becomes an OCI image layout with the image in it. If it is one already, the image is added, in place \
            of one with the same tag.

            Example:
              wasm-shim image build hello.wasm -o hello-image --tag v1
              wasm-shim image build lib.wasm -o lib-image --entrypoint /app/lib.wasm#start
            """)

    @Argument(help: "The module to pack.")
    var file: String

    @Option(name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("Where to.", valueName: "LAYOUT"))
    var output: String

    @Option(help: ArgumentHelp("The image's name in the layout.", valueName: "TAG"))
    var tag: String?

    @Option(
        help: ArgumentHelp("Where the module lies in the image, and its function to call.", valueName: "PATH#FUNCTION"))
    var entrypoint: String?

    @Option(help: ArgumentHelp("What the image is for (wasi/wasm; an artifact: wasip1/wasm).", valueName: "P"))
    var platform: String?

    @Flag(help: "Make a wasm artifact: the module is the only layer, with no root file system.")
    var artifact = false

    init() {}

    func run() throws {
        var builder = ImageBuilder(file: file, isArtifact: artifact)
        builder.tag = tag
        if let text = platform {
            guard let platform = Platform(text) else { throw Failure.usage(.platform(text)) }
            builder.platform = platform
        }
        if let text = entrypoint {
            if artifact {
                throw Failure.usage(.entrypoint(text, reason: "an artifact has no place for one; leave out --artifact"))
            }
            try builder.setEntrypoint(text)
        }
        let manifest = try builder.write(to: output)
        print("\(output)\(tag.map { ":\($0)" } ?? ""): \(manifest.digest)")
    }
}
