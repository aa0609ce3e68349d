internal import OCIImage
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct ProcessTests {
    private func image(_ config: ImageConfig.Execution, annotations: [String: String]? = nil) throws -> Image {
        let builder = try LayoutBuilder()
        try builder.index([
            try builder.image([try builder.layer(TarBuilder())], config: config, annotations: annotations)
        ])
        return try builder.layout().image()
    }

    @Test(
        "SEL-14: argv is the entrypoint and the command, each with what replaces it",
        arguments: [
            (["/a", "x"], ["y"], nil, nil, ["/a", "x", "y"]),
            (["/a", "x"], ["y"], nil, ["z"], ["/a", "x", "z"]),
            (["/a", "x"], ["y"], nil, [], ["/a", "x"]),
            (["/a", "x"], ["y"], "/b", nil, ["/b"]),
            (["/a", "x"], ["y"], "/b", ["z"], ["/b", "z"]),
            (nil, ["/a", "y"], nil, nil, ["/a", "y"]),
            (nil, ["/a", "y"], nil, ["z"], ["/a", "z"]),
            ([], ["/a"], nil, nil, ["/a"]),
        ] as [([String]?, [String]?, String?, [String]?, [String])])
    func arguments(
        entrypoint: [String]?, command: [String]?, replacement: String?, arguments: [String]?, expected: [String]
    ) throws {
        let image = try image(ImageConfig.Execution(entrypoint: entrypoint, command: command))
        let overrides = ProcessOverrides(entrypoint: replacement, arguments: arguments)
        #expect(try image.process(overriding: overrides).args == expected)
    }

    @Test("SEL-15: environment, working folder and a user in numbers come from the image")
    func rest() throws {
        let config = ImageConfig.Execution(
            user: "5:6", environment: ["A=1", "B="], entrypoint: ["/a"], workingFolder: "srv/data")
        let process = try image(config).process()
        #expect(process.env == ["A=1", "B="])
        #expect(process.cwd == "/srv/data")
        #expect(process.user == ContainerProcessSpec.User(uid: 5, gid: 6))
        let overrides = ProcessOverrides(environment: ["B=2"], workingFolder: "/tmp")
        #expect(try image(config).process(overriding: overrides).env == ["A=1", "B=2"])
        #expect(try image(config).process(overriding: overrides).cwd == "/tmp")
        #expect(try image(ImageConfig.Execution(entrypoint: ["/a"])).process().cwd == "/")
    }

    @Test("SEL-15: values that no process can have are refused", arguments: ["NOEQUALS", "=v", "A=\u{0}"])
    func environment(_ variable: String) throws {
        let image = try image(ImageConfig.Execution(environment: [variable], entrypoint: ["/a"]))
        let error = #expect(throws: ImageError.self) { try image.process() }
        #expect(error?.failureKind == .failed)
        let zero = try self.image(ImageConfig.Execution(entrypoint: ["/app.wasm\u{0}x"]))
        #expect(throws: ImageError.self) { try zero.process() }
    }

    @Test("SEL-16: an image that names no program has its module's title, plugin.wasm, or none")
    func implicit() throws {
        let variant = [Annotation.moduleVariant: "compat"]
        #expect(try image(ImageConfig.Execution(), annotations: variant).process().args == ["/plugin.wasm"])
        let none = try image(ImageConfig.Execution())
        #expect(throws: ImageError(.noEntrypoint, at: none.place)) { try none.process() }
        #expect(try none.process(overriding: ProcessOverrides(entrypoint: "/x.wasm")).args == ["/x.wasm"])

        let builder = try LayoutBuilder()
        var module = try builder.blob(LayoutBuilder.module, .wasmModule)
        try builder.index([try builder.artifact([module], config: "{}", .wasmConfig)])
        #expect(try builder.layout().image().process().args == ["module.wasm"])
        module.annotations = [Annotation.title: "tool.wasm"]
        try builder.index([try builder.artifact([module], config: "{}", .wasmConfig)])
        let overrides = ProcessOverrides(arguments: ["x"])
        #expect(try builder.layout().image().process(overriding: overrides).args == ["tool.wasm", "x"])
    }
}
