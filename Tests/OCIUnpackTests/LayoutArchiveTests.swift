internal import OCIBundle
internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import OCIUnpack
internal import TestSupport
internal import Testing

@Suite struct LayoutArchiveTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// A layout as an archive.
    private func archive() throws -> TarBuilder {
        let builder = try LayoutBuilder(TarBuilder().file("a", "1"))
        var tar = TarBuilder().folder("blobs/").folder("blobs/sha256/")
        for name in ["oci-layout", "index.json"] { tar = tar.file(name, try contents(of: builder.folder.path(name))) }
        for blob in try builder.folder.names(in: "blobs/sha256") {
            tar = tar.file("blobs/sha256/\(blob)", try contents(of: builder.folder.path("blobs/sha256/\(blob)")))
        }
        return tar
    }

    private func unpack(_ bytes: [UInt8], as name: String = "image.tar") throws -> Layout {
        let path = try folder.write(bytes, to: name)
        return try #require(try LayoutArchive(at: path)).unpack(into: folder.path("layout"))
    }

    @Test("LAY-9: an archive is known by its content, compressed or not, whatever its name")
    func compressions() throws {
        let tar = try archive().archive
        for (number, bytes) in [tar, Compressed.gzip(tar), Compressed.zstd(tar)].enumerated() {
            let path = try folder.write(bytes, to: "file-\(number)")
            let layout = try #require(try LayoutArchive(at: path)).unpack(into: folder.path("layout-\(number)"))
            let image = try layout.image()
            #expect(image.tarLayers.count == 2)
            #expect(image.place.hasPrefix(path))
            _ = try Bundle(unpacking: image, into: folder.path("bundle-\(number)"))
            #expect(try text(of: folder.path("bundle-\(number)/rootfs/a")) == "1")
        }
    }

    @Test("LAY-9: a file that is no archive is none; one that is absent is not found")
    func noArchive() throws {
        for content in ["", "text", String(repeating: "x", count: 600)] {
            #expect(try LayoutArchive(at: try folder.write(content, to: "image.tar")) == nil)
        }
        #expect(try LayoutArchive(at: try folder.write(LayoutBuilder.module, to: "image.tar")) == nil)
        let error = #expect(throws: UnpackError.self) { try LayoutArchive(at: "/no/such.tar") }
        #expect(error?.failureKind == .notFound)
    }

    @Test("LAY-9: an archive of something else, a cut one, or one that leads out leaves nothing")
    func badArchives() throws {
        let good = try archive()
        for bytes in [
            TarBuilder().file("hello").archive, Array(good.archive.prefix(2000)), good.file("../escape", "x").archive,
            good.symbolicLink("l", to: "/tmp").file("l/escape", "x").archive,
        ] {
            #expect(throws: UnpackError.self) { try unpack(bytes) }
            #expect(try folder.names() == ["image.tar"])
        }
    }

    @Test("LAY-9: a link in an archive's layout is refused as in a folder")
    func links() throws {
        let tar = TarBuilder().file("oci-layout", #"{"imageLayoutVersion":"1.0.0"}"#)
            .symbolicLink("index.json", to: "/etc/passwd")
        let error = #expect(throws: UnpackError.self) { try unpack(tar.archive) }
        #expect(error?.description.contains("not a regular file") == true)
    }

    @Test("LAY-10: what docker save wrote before version 25 is read, equal layers as links too")
    func dockerArchive() throws {
        let layer = TarBuilder().file("app.wasm", LayoutBuilder.module).archive
        let digest = BlobHasher.digest(of: layer)
        let config = """
            {"os":"linux","architecture":"amd64","config":{"Entrypoint":["/app.wasm"]},
            "rootfs":{"type":"layers","diff_ids":["\(digest)","\(digest)"]}}
            """
        let list = """
            [{"Config":"c.json","RepoTags":["some/app:1","some/app:2"],"Layers":["a/layer.tar","b/layer.tar"]}]
            """
        let tar = TarBuilder().file("c.json", config).file("a/layer.tar", layer)
            .symbolicLink("b/layer.tar", to: "../a/layer.tar").file("manifest.json", list)
        let layout = try unpack(tar.archive)
        for name in ["app:1", "some/app:2", "1"] {
            let image = try layout.image(.name(name))
            #expect(image.choice.reason == .lastResort)
            #expect(image.tarLayers.map(\.diffID) == [digest, digest])
        }
        _ = try Bundle(unpacking: try layout.image(), into: folder.path("bundle"))
        #expect(try contents(of: folder.path("bundle/rootfs/app.wasm")) == LayoutBuilder.module)
    }

    @Test(
        "LAY-10: a docker archive that names what is not in it is refused",
        arguments: [
            #"[{"Config":"no.json","Layers":[]}]"#, #"[{"Config":"/etc/passwd","Layers":[]}]"#,
            #"[{"Config":"../image.tar","Layers":[]}]"#, #"[{"Config":"c.json","Layers":["l"]}]"#, "{}", "[",
        ])
    func badDockerArchives(_ list: String) throws {
        let tar = TarBuilder().file("c.json", "{}").symbolicLink("l", to: "/etc/passwd").file("manifest.json", list)
        #expect(throws: UnpackError.self) { try unpack(tar.archive) }
        #expect(try folder.names() == ["image.tar"])
    }

    @Test(
        "LAY-13: archives and layouts that skopeo writes are read", arguments: ["oci-archive", "docker-archive", "oci"])
    func skopeo(_ transport: String) throws {
        guard isInstalled("skopeo") else {
            return SharedFolder.skip("skopeo's archives", because: "skopeo is not installed")
        }
        let recipe = ImageRecipe(name: "app.wasm", module: LayoutBuilder.module)
        try recipe.write(to: folder.path("source"), reference: "v1")
        let target = "\(transport):\(folder.path("copy")):some/app:v1"
        #expect(
            shell("skopeo --insecure-policy copy -q \(quoted("oci:\(folder.path("source")):v1")) \(quoted(target))")
                == 0)
        let layout =
            transport == "oci"
            ? try Layout(at: folder.path("copy"))
            : try #require(try LayoutArchive(at: folder.path("copy"))).unpack(into: folder.path("layout"))
        let bundle = try Bundle(unpacking: try layout.image(.name("v1")), into: folder.path("bundle"))
        #expect(try bundle.openModule(in: try bundle.openRoot()).path == "/app.wasm")
    }
}
