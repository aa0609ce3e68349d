internal import OCIImage
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct ImageReferenceTests {
    /// A layout with three images, and which of them each is.
    private let builder: LayoutBuilder
    private let images: [Descriptor]

    init() throws {
        let builder = try LayoutBuilder()
        images = try ["one", "two", "three"].map { try builder.image([try builder.layer(TarBuilder().file($0))]) }
        var docker = images[1].called("1.0")
        docker.annotations?[Annotation.containerdImageName] = "docker.io/library/app:1.0"
        try builder.index([images[0].called("latest"), docker, images[2].called("ghcr.io/some/tool:2.0")])
        self.builder = builder
    }

    private func find(_ reference: ImageReference?) throws -> Int? {
        let found = try builder.layout().image(reference).choice.candidate.descriptor.digest
        return images.firstIndex { $0.digest == found }
    }

    @Test(
        "SEL-6: a name is a whole reference name, or the end of one",
        arguments: [
            ("latest", 0), ("1.0", 1), ("docker.io/library/app:1.0", 1), ("app:1.0", 1), ("library/app:1.0", 1),
            ("ghcr.io/some/tool:2.0", 2), ("tool:2.0", 2), ("2.0", 2),
        ])
    func names(_ name: String, image: Int) throws { #expect(try find(.name(name)) == image) }

    @Test(
        "SEL-6: a name that none has is not found, and those that are there are listed",
        arguments: ["0", "ool:2.0", "app", ""])
    func unknown(_ name: String) {
        let error = #expect(throws: ImageError.self) { try find(.name(name)) }
        let available = [":latest", ":1.0", ":ghcr.io/some/tool:2.0"]
        #expect(error?.problem == .unknownReference(name, available: available))
        #expect(error?.failureKind == .notFound)
    }

    @Test("SEL-6: a whole name goes before the end of another; two ends are no answer")
    func ambiguous() throws {
        try builder.index([images[0].called("a.io/x:v1"), images[1].called("v1"), images[2].called("b.io/x:v1")])
        #expect(try find(.name("v1")) == 1)
        try builder.index([images[0].called("a.io/x:v1"), images[2].called("b.io/x:v1")])
        let error = #expect(throws: ImageError.self) { try find(.name("v1")) }
        #expect(error?.problem == .ambiguousReference("v1", available: [":a.io/x:v1", ":b.io/x:v1"]))
    }

    @Test("SEL-6: one name for several platforms is one image")
    func platforms() throws {
        try builder.index([images[0].called("v1").on(.linuxAMD64), images[1].called("v1").on(.wasi)])
        #expect(try find(.name("v1")) == 1)
        #expect(try find(nil) == 1)
    }

    @Test("SEL-7: a digest means the manifest or index that has it, at any depth")
    func digests() throws {
        #expect(try find(.digest(images[2].digest)) == 2)
        let nested = try builder.nested([images[0], images[1].on(.linuxWasm)])
        try builder.index([try builder.nested([nested])])
        #expect(try find(.digest(images[1].digest)) == 1)
        #expect(try find(.digest(nested.digest)) == 0)
        let unknown = try Digest("sha256:\(String(repeating: "0", count: 64))")
        let error = #expect(throws: ImageError.self) { try find(.digest(unknown)) }
        #expect(error?.failureKind == .notFound)
    }

    @Test("SEL-8: without a reference, several names are no answer, and are listed")
    func severalNames() throws {
        let error = #expect(throws: ImageError.self) { try find(nil) }
        #expect(error?.problem == .ambiguousReference(nil, available: [":latest", ":1.0", ":ghcr.io/some/tool:2.0"]))
        #expect(error?.failureKind == .notFound)
    }

    @Test("SEL-8: without a reference, one image is taken, also under two names or none")
    func oneImage() throws {
        try builder.index([images[0]])
        #expect(try find(nil) == 0)
        try builder.index([images[0].called("v1"), images[0].called("latest")])
        #expect(try find(nil) == 0)
        try builder.index([])
        let error = #expect(throws: ImageError.self) { try find(nil) }
        #expect(error?.problem == .noManifests)
    }
}
