internal import OCILayout
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct LayoutTests {
    @Test("LAY-1: a folder with marker, index and blobs is a layout")
    func good() throws {
        let builder = try LayoutBuilder(TarBuilder().file("a"))
        #expect(try builder.layout().index.manifests.count == 1)
        #expect(try LayoutSigns(at: builder.path).areOfLayout)
    }

    @Test("LAY-1: what is missing is named", arguments: ["oci-layout", "index.json"])
    func missing(_ name: String) throws {
        let folder = try TestFolder()
        let other = name == "oci-layout" ? "index.json" : "oci-layout"
        try folder.write(#"{"imageLayoutVersion":"1.0.0","schemaVersion":2,"manifests":[]}"#, to: other)
        #expect(throws: LayoutError(.notALayout(missing: name), at: "\(folder.path)/\(name)")) {
            try Layout(at: folder.path)
        }
        #expect(try LayoutSigns(at: folder.path).found == [other])
        #expect(try LayoutSigns(at: folder.path).missing == [name, "blobs"])
    }

    @Test("LAY-1: an absent folder is not found, an unknown version is refused")
    func absentAndUnknown() throws {
        let error = #expect(throws: LayoutError.self) { try Layout(at: "/no/such") }
        #expect(error?.problem == .noFolder && error?.failureKind == .notFound)
        let builder = try LayoutBuilder()
        try builder.folder.write(#"{"imageLayoutVersion":"2.0.0"}"#, to: "oci-layout")
        #expect(throws: LayoutError(.unknownVersion("2.0.0"), at: "\(builder.path)/oci-layout")) {
            try builder.layout()
        }
    }

    @Test("LAY-2: a link in place of a file is refused, wherever it leads", arguments: ["index.json", "oci-layout"])
    func links(_ name: String) throws {
        let builder = try LayoutBuilder()
        let inside = try LayoutBuilder()
        #expect(shell("mv \(quoted(inside.folder.path(name))) \(quoted(builder.folder.path("real")))") == 0)
        #expect(shell("ln -sf real \(quoted(builder.folder.path(name)))") == 0)
        #expect(throws: LayoutError(.notARegularFile, at: "\(builder.path)/\(name)")) { try builder.layout() }
    }

    @Test(
        "LAY-2: a blob that is a link, a folder or a pipe is refused at once",
        arguments: ["ln -s /etc/passwd", "mkdir", "mkfifo"])
    func oddBlobs(_ command: String) throws {
        let builder = try LayoutBuilder()
        let blob = try builder.blob("content", MediaType("a/b"))
        let file = builder.folder.path("blobs/sha256/\(blob.digest.encoded)")
        #expect(shell("rm \(quoted(file)) && \(command) \(quoted(file))") == 0)
        let error = #expect(throws: LayoutError.self) { try builder.layout().bytes(of: blob, limit: 100) }
        #expect(error?.problem == .notARegularFile)
    }

    @Test("LAY-6: a blob is what its descriptor says, in length and hash")
    func verified() throws {
        let builder = try LayoutBuilder()
        let content = [UInt8](repeating: 7, count: 700_000)
        let blob = try builder.blob(content, MediaType("a/b"))
        #expect(try builder.layout().bytes(of: blob, limit: 700_000) == content)

        let path = "blobs/sha256/\(blob.digest.encoded)"
        var damaged = content
        damaged[699_999] = 8
        try builder.folder.write(damaged, to: path)
        let found = BlobHasher.digest(of: damaged)
        #expect(throws: LayoutError(.digest(described: blob.digest, found: found), at: "\(builder.path)/\(path)")) {
            try builder.layout().bytes(of: blob, limit: 700_000)
        }
    }

    @Test("LAY-6: a wrong length is refused before anything is read", arguments: [-1, 1, 1 << 60])
    func length(_ difference: Int64) throws {
        let builder = try LayoutBuilder()
        var blob = try builder.blob("content", MediaType("a/b"))
        blob.size += difference
        let error = #expect(throws: LayoutError.self) { _ = try builder.layout().reader(of: blob) }
        #expect(error?.problem == .size(described: 7 + difference, found: 7))
    }

    @Test("LAY-6: a blob with another hash and length is another blob; one that is absent is missing")
    func otherBlob() throws {
        let builder = try LayoutBuilder()
        let blob = try builder.blob("content", MediaType("a/b"))
        let path = "blobs/sha256/\(blob.digest.encoded)"
        try builder.folder.write("other content", to: path)
        let other = BlobHasher.digest(of: Array("other content".utf8))
        #expect(throws: LayoutError(.digest(described: blob.digest, found: other), at: "\(builder.path)/\(path)")) {
            try builder.layout().bytes(of: blob, limit: 100)
        }
        #expect(shell("rm \(quoted(builder.folder.path(path)))") == 0)
        #expect(throws: LayoutError(.missingBlob, at: "\(builder.path)/\(path)")) {
            try builder.layout().bytes(of: blob, limit: 100)
        }
    }

    @Test("LAY-4: a blob over its limit is refused unread")
    func limit() throws {
        let builder = try LayoutBuilder()
        let blob = try builder.blob("content", MediaType("a/b"))
        let error = #expect(throws: LayoutError.self) { try builder.layout().bytes(of: blob, limit: 6) }
        #expect(error?.problem == .tooLarge(size: 7, limit: 6))
        try builder.folder.write([UInt8](repeating: 0x20, count: Document.sizeLimit + 1), to: "index.json")
        let index = #expect(throws: LayoutError.self) { try builder.layout() }
        #expect(index?.problem == .document(SpecError(.tooLarge(limit: 4 << 20))))
    }

    @Test("LAY-7: a document of another type than its descriptor says is refused")
    func mediaType() throws {
        let builder = try LayoutBuilder()
        var manifest = try builder.image([])
        manifest.mediaType = MediaType("application/vnd.docker.distribution.manifest.v2+json")
        let error = #expect(throws: LayoutError.self) { try builder.layout().manifest(of: manifest) }
        #expect(error?.problem == .mediaType(described: manifest.mediaType, found: .imageManifest))
    }

    @Test("LAY-5: a blob may be named by its sha512")
    func sha512() throws {
        let builder = try LayoutBuilder()
        let digest = BlobHasher.digest(of: Array("content".utf8), .sha512)
        try builder.folder.write("content", to: "blobs/sha512/\(digest.encoded)")
        let blob = Descriptor(mediaType: MediaType("a/b"), digest: digest, size: 7)
        #expect(try builder.layout().bytes(of: blob, limit: 7) == Array("content".utf8))
    }
}
