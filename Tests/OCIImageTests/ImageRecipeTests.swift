internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct ImageRecipeTests {
    @Test("SEL-19: an image that we make is one that we run, for the platform and entrypoint that were asked for")
    func rootFileSystem() throws {
        let folder = try TestFolder()
        let recipe = ImageRecipe(
            name: "tool.wasm", module: LayoutBuilder.module, form: .rootFileSystem(.wasip1),
            entrypoint: ["/tool.wasm#run", "-v"])
        let manifest = try recipe.write(to: folder.path("layout"), reference: "v1")
        let image = try Layout(at: folder.path("layout")).image(.name("v1"))
        #expect(image.choice.candidate.descriptor == manifest)
        #expect(image.choice.candidate.platform == .wasip1)
        #expect(image.config.platform == .wasip1)
        #expect(try image.process().args == ["/tool.wasm#run", "-v"])
        #expect(image.tarLayers.count == 1 && image.moduleLayer == nil)
    }

    @Test("SEL-19: an artifact that we make has the module as its layer, and names preview 2 for a component")
    func artifact() throws {
        let folder = try TestFolder()
        let component: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]
        for (module, platform) in [(LayoutBuilder.module, Platform.wasip1), (component, .wasip2)] {
            let path = folder.path(platform.os)
            try ImageRecipe(name: "tool.wasm", module: module, form: .artifact).write(to: path)
            let image = try Layout(at: path).image()
            #expect(image.choice.candidate.platform == platform)
            #expect(try image.moduleBytes() == module)
            #expect(image.manifest.config.mediaType == .wasmConfig)
            #expect(image.config.layerDigests == [BlobHasher.digest(of: module)])
            #expect(try image.process().args == ["tool.wasm"])
        }
    }

    @Test("LAY-12: the same image is written as the same bytes")
    func deterministic() throws {
        let folder = try TestFolder()
        let recipe = ImageRecipe(name: "tool.wasm", module: LayoutBuilder.module)
        let first = try recipe.write(to: folder.path("a"), reference: "v1")
        #expect(try recipe.write(to: folder.path("b"), reference: "v1") == first)
        #expect(try contents(of: folder.path("a/index.json")) == contents(of: folder.path("b/index.json")))
    }

    @Test(
        "LAY-13: skopeo takes the layouts that we write",
        arguments: [ImageRecipe.Form.rootFileSystem(.wasi), .artifact])
    func skopeo(_ form: ImageRecipe.Form) throws {
        guard isInstalled("skopeo") else {
            return SharedFolder.skip("written layouts", because: "skopeo is not installed")
        }
        let folder = try TestFolder()
        let recipe = ImageRecipe(name: "tool.wasm", module: LayoutBuilder.module, form: form)
        try recipe.write(to: folder.path("layout"), reference: "v1")
        let source = quoted("oci:\(folder.path("layout")):v1")
        #expect(shell("skopeo --insecure-policy copy -q \(source) \(quoted("oci:\(folder.path("copy")):v1"))") == 0)
        let image = try Layout(at: folder.path("copy")).image(.name("v1"))
        #expect(image.moduleLayer != nil || image.tarLayers.count == 1)
    }
}
