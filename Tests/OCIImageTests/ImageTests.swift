internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct ImageTests {
    private let builder: LayoutBuilder

    init() throws { builder = try LayoutBuilder() }

    private func open(_ descriptor: Descriptor) throws -> Image {
        try builder.index([descriptor])
        return try builder.layout().image()
    }

    private func problem(_ descriptor: Descriptor) throws -> ImageError.Problem? {
        #expect(throws: ImageError.self) { try open(descriptor) }?.problem
    }

    @Test(
        "SEL-10: every published spelling of a layer's type is known",
        arguments: [
            ("application/vnd.oci.image.layer.v1.tar", LayerKind.tar(.none)),
            ("application/vnd.oci.image.layer.v1.tar+gzip", .tar(.gzip)),
            ("application/vnd.oci.image.layer.v1.tar+zstd", .tar(.zstd)),
            ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", .tar(.gzip)),
            ("application/vnd.docker.image.rootfs.diff.tar", .tar(.none)),
            ("application/vnd.docker.image.rootfs.diff.tar.gzip", .tar(.gzip)),
            ("application/vnd.docker.image.rootfs.diff.tar.zstd", .tar(.zstd)),
            ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", .tar(.gzip)),
            ("application/wasm", .module),
            ("application/vnd.wasm.content.layer.v1+wasm", .module),
            ("application/vnd.module.wasm.content.layer.v1+wasm", .module),
            ("application/vnd.bytecodealliance.wasm.component.layer.v0+wasm", .module),
        ])
    func layerKinds(_ type: String, kind: LayerKind) { #expect(LayerKind(MediaType(type)) == kind) }

    @Test(
        "SEL-10: an artifact's layer is the module, whatever its publisher calls its config",
        arguments: [
            ("application/wasm", "application/vnd.wasm.config.v0+json", #"{"os":"wasip1","architecture":"wasm"}"#),
            ("application/wasm", "application/vnd.oci.empty.v1+json", "{}"),
            ("application/vnd.wasm.content.layer.v1+wasm", "application/vnd.wasm.config.v1+json", "{}"),
            (
                "application/vnd.module.wasm.content.layer.v1+wasm", "application/vnd.module.wasm.config.v1+json",
                #"{"type":"envoy_proxy"}"#
            ),
            (
                "application/vnd.bytecodealliance.wasm.component.layer.v0+wasm",
                "application/vnd.oci.image.config.v1+json",
                #"{"os":"wasip1","architecture":"wasm","rootfs":{"type":"layers","diff_ids":[]}}"#
            ),
        ])
    func artifacts(layer: String, configType: String, config: String) throws {
        let module = try builder.blob(LayoutBuilder.module, MediaType(layer))
        let image = try open(try builder.artifact([module], config: config, MediaType(configType)))
        #expect(try image.moduleBytes() == LayoutBuilder.module)
        #expect(image.tarLayers.isEmpty)
    }

    @Test("SEL-10: the module of an artifact is verified")
    func damagedModule() throws {
        let module = try builder.blob(LayoutBuilder.module, .wasmModule)
        let image = try open(try builder.artifact([module], config: "{}", .wasmConfig))
        try builder.folder.write("damaged!", to: "blobs/sha256/\(module.digest.encoded)")
        #expect(throws: ImageError.self) { try image.moduleBytes() }
    }

    @Test("SEL-11: an artifact has one module, and the one that its config names")
    func oneModule() throws {
        let modules = try ["a", "b"].map { try builder.blob(LayoutBuilder.module + Array($0.utf8), .wasmModule) }
        #expect(try problem(builder.artifact(modules, config: "{}", .wasmConfig)) == .severalModules(2))
        let other = #"{"layerDigests":["\#(modules[1].digest)"]}"#
        let problem = try problem(builder.artifact([modules[0]], config: other, .wasmConfig))
        #expect(problem == .differentLayers(reason: "the config's layerDigests are not the manifest's layers"))
        let right = #"{"layerDigests":["\#(modules[0].digest)"]}"#
        #expect(try open(builder.artifact([modules[0]], config: right, .wasmConfig)).moduleLayer == modules[0])
    }

    @Test("SEL-12: the config names exactly the manifest's layers")
    func layers() throws {
        let layer = try builder.layer(TarBuilder())
        let twice = try builder.image([layer, layer])
        let manifest = try builder.layout().manifest(of: twice)
        #expect(
            try problem(builder.manifest(config: manifest.config, [layer.descriptor]))
                == .differentLayers(reason: "the config has 2 diff_ids for 1 layers"))
        let noRoot = try builder.blob(#"{"os":"wasi","architecture":"wasm"}"#, .imageConfig)
        #expect(
            try problem(builder.manifest(config: noRoot, [layer.descriptor]))
                == .differentLayers(reason: "the config has no rootfs"))
        #expect(try problem(builder.image([])) == .noLayers)
        #expect(try open(builder.image([LayoutBuilder.Layer](repeating: layer, count: 128))).tarLayers.count == 128)
        #expect(
            try problem(builder.image([LayoutBuilder.Layer](repeating: layer, count: 129)))
                == .layerCount(129, limit: 128))
    }

    @Test("SEL-13: a Spin application is refused by name")
    func spin() throws {
        let layer = try builder.blob(LayoutBuilder.module, MediaType("application/vnd.wasm.content.layer.v1+wasm"))
        let error = #expect(throws: ImageError.self) {
            try open(try builder.artifact([layer], config: "[1]", .spinConfig))
        }
        #expect(error?.problem == .spinApplication)
        #expect(error?.failureKind == .notRunnable)
    }

    @Test("SEL-13: unknown types of manifests and layers are refused by name")
    func unknownTypes() throws {
        let strange = MediaType("application/vnd.example+json")
        #expect(try problem(builder.blob("{}", strange)) == .mediaType(strange, of: "manifest"))
        var layer = try builder.layer(TarBuilder())
        layer.descriptor.mediaType = strange
        let digest = layer.descriptor.digest.short
        #expect(try problem(builder.image([layer])) == .mediaType(strange, of: "layer \(digest)"))
    }

    @Test(
        "SEL-9: an image for linux/amd64 is taken when nothing else is there and it says otherwise that it is wasm",
        arguments: [
            ("/app.wasm", [:], true), ("/app.wasm#run", [:], true), ("/bin/sh", [:], false),
            ("/bin/app", ["run.oci.handler": "wasm"], true), ("/bin/app", ["run.oci.handler": "wasmedge"], true),
            ("/bin/app", ["run.oci.handler": "krun"], false),
            ("/bin/app", ["module.wasm.image/variant": "compat"], true),
        ] as [(String, [String: String], Bool)])
    func lastResort(entrypoint: String, annotations: [String: String], isTaken: Bool) throws {
        let layer = try builder.layer(TarBuilder())
        let linux = try builder.image(
            [layer], platform: .linuxAMD64, config: ImageConfig.Execution(entrypoint: [entrypoint]),
            annotations: annotations)
        if isTaken {
            #expect(try open(linux).choice.reason == .lastResort)
        } else {
            #expect(try problem(linux) == .platform(wanted: nil, available: ["linux/amd64"]))
        }
        try builder.index([linux, try builder.image([layer], platform: .linuxWasm)])
        #expect(try builder.layout().image().choice.candidate.platform == .linuxWasm)
        try builder.index([linux])
        #expect(try builder.layout().image(for: .linuxAMD64).choice.reason == .wanted)
    }
}
