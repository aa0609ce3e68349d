internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct ManifestChoiceTests {
    private func candidates(_ platforms: [Platform]) throws -> [ManifestCandidate] {
        try platforms.enumerated().map { number, platform in
            let digest = try Digest("sha256:\(String(repeating: "\(number)", count: 64))")
            let descriptor = Descriptor(mediaType: .imageManifest, digest: digest, size: 1)
            return ManifestCandidate(descriptor: descriptor, platform: platform, source: .descriptor)
        }
    }

    private func chosen(_ platforms: [Platform], wanted: Platform? = nil) throws -> Int {
        let candidates = try candidates(platforms)
        let choice = try ManifestChoice(among: candidates, wanted: wanted, at: "layout")
        return try #require(candidates.firstIndex(of: choice.candidate))
    }

    @Test("SEL-1: the best in the order of preference is taken, wherever it stands")
    func order() throws {
        let order: [Platform] = [.wasi, .wasip1, .wasip2, .wasi32, .linuxWasm]
        #expect(PlatformPreference.order == order)
        for best in order.indices {
            let rest = Array(order[best...])
            #expect(try chosen([.linuxAMD64] + rest.reversed()) == rest.count, "\(order[best])")
        }
    }

    @Test("SEL-1: among equals the first is taken")
    func firstAmongEquals() throws { #expect(try chosen([.wasip1, .wasi, .wasi]) == 1) }

    @Test("SEL-1: where none fits, what is there is listed")
    func nothing() throws {
        let arm = Platform(os: "linux", architecture: "arm64", variant: "v8")
        let error = #expect(throws: ImageError.self) {
            try chosen([arm, Platform(os: "windows", architecture: "amd64")])
        }
        #expect(error?.failureKind == .notRunnable)
        #expect(error?.description.hasSuffix("there is: linux/arm64/v8, windows/amd64") == true)
    }

    @Test("SEL-2: a platform that is asked for is taken, and nothing in its place")
    func wanted() throws {
        #expect(try chosen([.wasi, .linuxWasm], wanted: .linuxWasm) == 1)
        #expect(try chosen([.wasi, .linuxAMD64], wanted: .linuxAMD64) == 1)
        #expect(throws: ImageError.self) { try chosen([.wasi, .wasip1], wanted: .wasip2) }
    }

    @Test("SEL-1: the choice says what it is and why")
    func explanation() throws {
        let choice = try ManifestChoice(among: candidates([.linuxAMD64, .wasip1]), wanted: nil, at: "layout")
        #expect(choice.explanation.contains("sha256:111111111111 for wasip1/wasm (named by its descriptor): number 2"))
        #expect(choice.explanation.hasSuffix("passed over: linux/amd64"))
    }

    @Test("SEL-3: a platform is what the descriptor says, else what the config says")
    func sources() throws {
        let builder = try LayoutBuilder()
        let image = try builder.image([try builder.layer(TarBuilder())], platform: .wasip1)
        try builder.index([image])
        #expect(try builder.layout().image().choice.candidate.source == .config)
        try builder.index([image.on(.linuxAMD64), image.on(.wasi)])
        #expect(try builder.layout().image().choice.candidate.platform == .wasi)
        try builder.index([image.on(.wasip2)])
        #expect(try builder.layout().image().choice.candidate.platform == .wasip2)
        try builder.index([image.on(Platform(os: "linux", architecture: "arm64"))])
        #expect(throws: ImageError.self) { try builder.layout().image() }
    }

    @Test("SEL-3: an artifact that names no platform is one by its layer's type")
    func artifact() throws {
        let builder = try LayoutBuilder()
        let layer = try builder.blob(LayoutBuilder.module, MediaType("application/vnd.wasm.content.layer.v1+wasm"))
        try builder.index([
            try builder.artifact([layer], config: "{}", MediaType("application/vnd.wasm.config.v1+json"))
        ])
        let choice = try builder.layout().image().choice
        #expect(choice.candidate.platform == .wasip1 && choice.candidate.source == .layers)
    }

    @Test("SEL-4: indexes are followed to a depth of 8")
    func nesting() throws {
        let builder = try LayoutBuilder()
        var descriptor = try builder.image([try builder.layer(TarBuilder())])
        for _ in 0..<8 { descriptor = try builder.nested([descriptor]) }
        try builder.index([descriptor])
        #expect(try builder.layout().image().tarLayers.count == 1)
        try builder.index([try builder.nested([descriptor])])
        let error = #expect(throws: ImageError.self) { try builder.layout().image() }
        #expect(error?.problem == .nesting(limit: 8))
    }

    @Test("SEL-4: a blob that many paths lead to is read once", .timeLimit(.minutes(1)))
    func fanOut() throws {
        let builder = try LayoutBuilder()
        var descriptor = try builder.image([try builder.layer(TarBuilder())])
        for level in 0..<8 { descriptor = try builder.nested([Descriptor](repeating: descriptor, count: 8 + level)) }
        try builder.index([Descriptor](repeating: descriptor, count: 8))
        #expect(try builder.layout().image().choice.passedOver.isEmpty)
    }

    @Test("SEL-5: blobs for other platforms may be absent; the chosen one may not")
    func absent() throws {
        let builder = try LayoutBuilder()
        let image = try builder.image([try builder.layer(TarBuilder())])
        var gone = image
        gone.digest = try Digest("sha256:\(String(repeating: "0", count: 64))")
        var goneIndex = gone
        goneIndex.mediaType = .imageIndex
        try builder.index([goneIndex, gone, gone.on(.linuxAMD64), image])
        #expect(try builder.layout().image().choice.candidate.descriptor == image)
        for broken in [gone, gone.on(.wasi), goneIndex] {
            try builder.index([broken])
            let error = #expect(throws: ImageError.self) { try builder.layout().image() }
            #expect(error?.description.contains("the blob is missing") == true)
        }
    }

    @Test("SEL-17: manifests that describe others are passed over")
    func attestation() throws {
        let builder = try LayoutBuilder()
        let image = try builder.image([try builder.layer(TarBuilder())])
        var attestation = try builder.image([try builder.layer(TarBuilder().file("x"))]).on(.wasi)
        attestation.annotations = [Annotation.dockerReferenceType: "attestation-manifest"]
        try builder.index([attestation, image])
        #expect(try builder.layout().image().choice.candidate.descriptor == image)
    }
}
