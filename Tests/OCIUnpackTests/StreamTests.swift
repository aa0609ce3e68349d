internal import OCIBundle
internal import OCIImage
internal import OCILayout
internal import OCISpec
internal import OCIUnpack
internal import TestSupport
internal import Testing

@Suite struct StreamTests {
    private let tar = TarBuilder().file("app.wasm", LayoutBuilder.module)

    /// Unpacks an image of one layer with these bytes; the names in its root.
    private func unpack(
        _ bytes: [UInt8], _ type: MediaType, diffID: [UInt8], limits: UnpackLimits = UnpackLimits(),
        damaging: ((TestFolder, Descriptor) throws -> Void)? = nil
    ) throws -> [String] {
        let builder = try LayoutBuilder()
        let blob = try builder.blob(bytes, type)
        let layer = LayoutBuilder.Layer(descriptor: blob, diffID: BlobHasher.digest(of: diffID))
        try builder.index([try builder.image([layer])])
        try damaging?(builder.folder, blob)
        let folder = try TestFolder()
        defer { #expect((try? folder.names())?.contains { $0 != "bundle" } == false, "something was left") }
        _ = try Bundle(unpacking: try builder.layout().image(), into: folder.path("bundle"), limits: limits)
        return try folder.names(in: "bundle/rootfs")
    }

    /// Why an image of one layer with these bytes is refused.
    private func problem(_ bytes: [UInt8], _ type: MediaType = .tarLayer, limits: UnpackLimits = UnpackLimits())
        -> String
    {
        let error = #expect(throws: UnpackError.self) { try unpack(bytes, type, diffID: bytes, limits: limits) }
        return error?.description ?? ""
    }

    @Test("BUN-11: a layer is verified as it is unpacked, whatever its compression")
    func compressions() throws {
        let archive = tar.file("big", [UInt8](repeating: 5, count: 900_000)).archive
        let names = ["app.wasm", "big"]
        #expect(try unpack(archive, .tarLayer, diffID: archive) == names)
        #expect(try unpack(Compressed.gzip(archive), .gzipLayer, diffID: archive) == names)
        #expect(try unpack(Compressed.zstd(archive), .zstdLayer, diffID: archive) == names)
        let half = archive.count / 2
        let members = Compressed.gzip(Array(archive[..<half])) + Compressed.gzip(Array(archive[half...]))
        #expect(try unpack(members, .gzipLayer, diffID: archive) == names)
        let frames = Compressed.zstd(Array(archive[..<half])) + Compressed.zstd(Array(archive[half...]))
        #expect(try unpack(frames, .zstdLayer, diffID: archive) == names)
    }

    @Test("BUN-11: a layer that unpacks to something else than its diff_id is refused")
    func diffID() throws {
        let error = #expect(throws: UnpackError.self) { try unpack(tar.archive, .tarLayer, diffID: [1]) }
        let found = BlobHasher.digest(of: tar.archive)
        #expect(error?.problem == .diffID(described: BlobHasher.digest(of: [1]), found: found))
    }

    @Test("BUN-11: what follows the end of the archive is hashed, and is no part of it")
    func afterTheEnd() throws {
        let longer = tar.archive + TarBuilder().file("ghost").archive
        #expect(try unpack(longer, .tarLayer, diffID: longer) == ["app.wasm"])
    }

    @Test("BUN-11: a damaged blob is said to be damaged, whatever the parser makes of it")
    func damaged() throws {
        let error = #expect(throws: UnpackError.self) {
            try unpack(Compressed.gzip(tar.archive), .gzipLayer, diffID: tar.archive) { folder, blob in
                let name = "blobs/sha256/\(blob.digest.encoded)"
                var bytes = try contents(of: folder.path(name))
                bytes[20] ^= 0xFF
                try folder.write(bytes, to: name)
            }
        }
        guard case .layout(let layout)? = error?.problem, case .digest = layout.problem else {
            Issue.record("\(error?.description ?? "not refused")")
            return
        }
    }

    @Test("BUN-13: a gzip or zstd stream that is cut, damaged or something else is refused")
    func badCompression() {
        let gzip = Compressed.gzip(tar.archive)
        #expect(problem(Array(gzip.dropLast(1)), .gzipLayer).contains("ends too early"))
        #expect(problem(Compressed.gzip(tar.archive, checksum: 1), .gzipLayer).contains("incorrect data check"))
        #expect(problem(gzip + Array("garbage!".utf8), .gzipLayer).contains("not a gzip stream"))
        #expect(problem(tar.archive, .gzipLayer).contains("not a gzip stream"))
        #expect(problem([], .gzipLayer).contains("ends too early"))
        #expect(problem(gzip, .tarLayer).contains("damaged"))
        let zstd = Compressed.zstd(tar.archive)
        #expect(problem(Array(zstd.dropLast(1)), .zstdLayer).contains("ends too early"))
        #expect(problem(gzip, .zstdLayer).contains("not a zstd stream"))
    }

    @Test(
        "BUN-12: headers that readers would understand differently are refused",
        arguments: [
            (
                TarBuilder().entry(TarBuilder.header(name: "x", type: "0", checksum: Array("000000\u{0} ".utf8))),
                "checksum"
            ),
            (
                TarBuilder().entry(TarBuilder.header(name: "x", type: "0", sizeField: Array("12x4z6789abc".utf8))),
                "no valid size"
            ),
            (
                TarBuilder().entry(
                    TarBuilder.header(name: "x", type: "0", sizeField: [UInt8](repeating: 0xFF, count: 12))),
                "no valid size"
            ),
            (
                TarBuilder().entry(
                    TarBuilder.header(name: "x", type: "0", sizeField: [0x80, 1] + [UInt8](repeating: 0, count: 10))),
                "no valid size"
            ),
            (
                TarBuilder().entry(
                    TarBuilder.header(name: "x", size: 512, type: "5"), [UInt8](repeating: 0, count: 512)),
                "with content"
            ),
            (TarBuilder().entry(TarBuilder.header(name: "x", type: "Z")), "unknown type \"Z\""),
            (TarBuilder().entry(TarBuilder.header(name: "x", type: "S")), "unknown type \"S\""),
            (TarBuilder().pax(raw: Array("9999 path=x\n".utf8)).file("x"), "wrong length"),
            (TarBuilder().pax(raw: Array("0 path=x\n".utf8)).file("x"), "wrong length"),
            (TarBuilder().pax(raw: Array("8 pathxxx".utf8)).file("x"), "wrong length"),
            (TarBuilder().pax(raw: Array("5 =x\n".utf8)).file("x"), "no key"),
            (TarBuilder().pax(("path", "a\u{0}b")).file("x"), "zero byte"),
            (TarBuilder().pax(("size", "-5")).file("x"), "no number"),
            (TarBuilder().pax(("size", "9223372036854775808")).file("x"), "no number"),
            (TarBuilder().pax(("GNU.sparse.major", "1")).file("x"), "sparse"),
            (TarBuilder().pax(("path", "a")).pax(("path", "b")).file("x"), "two extended headers"),
            (TarBuilder().pax(("path", "a")), "without an entry"),
        ])
    func headers(_ bad: TarBuilder, reason: String) {
        let message = problem(tar.archive.dropLast(1024) + bad.archive)
        #expect(message.contains(reason), "\(message)")
    }

    @Test("BUN-12: an archive may end without zero blocks and without filling up its last one, but not inside an entry")
    func endings() throws {
        #expect(try unpack(tar.bytes, .tarLayer, diffID: tar.bytes) == ["app.wasm"])
        // Three bytes of content in a block of 512.
        let short = tar.file("t", "123").bytes
        for cut in [1, 509] {
            let bytes = Array(short.dropLast(cut))
            #expect(try unpack(bytes, .tarLayer, diffID: bytes) == ["app.wasm", "t"])
        }
        #expect(problem(Array(short.dropLast(510))).contains("middle of an entry"))
        #expect(problem(tar.bytes + [0x61]).contains("middle of a header"))
    }

    @Test("BUN-12: a pax size counts, and data and the next header are found by it")
    func paxSize() throws {
        let header = TarBuilder.header(name: "s", size: 512, type: "0")
        let bytes = tar.pax(("size", "2")).entry(header, Array("hi".utf8)).file("after").archive
        #expect(try unpack(bytes, .tarLayer, diffID: bytes) == ["after", "app.wasm", "s"])
    }

    @Test("BUN-14: more than the limits is refused before it is written")
    func limits() throws {
        var limits = UnpackLimits()
        limits.entries = 2
        #expect(problem(tar.file("a").file("b").archive, limits: limits).contains("entries: more than 2"))
        limits = UnpackLimits()
        limits.imageBytes = 10
        #expect(problem(tar.file("a", "123").archive, limits: limits).contains("bytes of all files: more than 10"))
        limits = UnpackLimits()
        limits.layerBytes = 3000
        #expect(problem(tar.file("a").file("b").archive, limits: limits).contains("unpacked bytes: more than 3000"))
        let huge = TarBuilder.header(name: "x", type: "0", sizeField: Array("77777777777\u{0}".utf8))
        #expect(problem(tar.entry(huge).archive).contains("middle of an entry"))
        let long = String(repeating: "n", count: 256)
        #expect(problem(tar.pax(("path", long)).file("x").archive).contains("bytes of a name"))
        let deep = String(repeating: "d/", count: 513)
        #expect(problem(tar.pax(("path", deep)).file("x").archive).contains("components of a path"))
        let wide = [String](repeating: String(repeating: "d", count: 200), count: 21).joined(separator: "/")
        #expect(problem(tar.pax(("path", wide)).file("x").archive).contains("bytes of a path"))
        let comment = String(repeating: "c", count: 1 << 20)
        #expect(problem(tar.pax(("comment", comment)).file("x").archive).contains("extended header"))
    }

    @Test("BUN-15: a bundle is there as a whole or not at all, and never in place of something else")
    func atomic() throws {
        let folder = try TestFolder()
        try folder.write("mine", to: "bundle/file")
        let builder = try LayoutBuilder(TarBuilder().file("a"))
        let image = try builder.layout().image()
        let error = #expect(throws: UnpackError.self) { try Bundle(unpacking: image, into: folder.path("bundle")) }
        #expect(error?.problem == .occupied)
        #expect(try folder.names(in: "bundle") == ["file"])

        let other = try Bundle(unpacking: image, into: folder.path("other"))
        #expect(try folder.names() == ["bundle", "other"])
        #expect(try folder.names(in: "other") == ["config.json", "rootfs"])
        #expect(try Bundle(at: folder.path("other")) == other)
    }
}
