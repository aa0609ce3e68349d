internal import OCILayout
internal import OCISpec
internal import TestSupport
internal import Testing

@Suite struct LayoutWriterTests {
    private func write(_ content: String, to path: String, as name: String?) throws {
        try LayoutWriter.write(to: path) { (writer: borrowing LayoutWriter) throws(LayoutError) in
            var blob = try writer.add(Array(content.utf8), as: .imageManifest)
            blob.annotations = name.map { [Annotation.referenceName: $0] }
            return [blob]
        }
    }

    @Test("LAY-11: a new layout is there as a whole, and nothing else")
    func new() throws {
        let folder = try TestFolder()
        try write("one", to: folder.path("layout"), as: "v1")
        #expect(try folder.names() == ["layout"])
        #expect(try folder.names(in: "layout") == ["blobs", "index.json", "oci-layout"])
        let layout = try Layout(at: folder.path("layout"))
        #expect(try layout.bytes(of: layout.index.manifests[0], limit: 3) == Array("one".utf8))
    }

    @Test("LAY-11: a failure leaves nothing, and something else is never overwritten")
    func failure() throws {
        let folder = try TestFolder()
        #expect(throws: LayoutError(.missingBlob, at: "x")) {
            try LayoutWriter.write(to: folder.path("layout")) { (_: borrowing LayoutWriter) throws(LayoutError) in
                throw LayoutError(.missingBlob, at: "x")
            }
        }
        #expect(try folder.names() == [])
        try folder.write("mine", to: "full/file")
        #expect(throws: LayoutError(.occupied, at: folder.path("full"))) {
            try write("one", to: folder.path("full"), as: nil)
        }
        #expect(throws: LayoutError(.occupied, at: folder.path("full/file"))) {
            try write("one", to: folder.path("full/file"), as: nil)
        }
        #expect(try folder.names() == ["full"])
        #expect(try text(of: folder.path("full/file")) == "mine")
    }

    @Test("LAY-12: a name moves to the new image; other names stay")
    func replacing() throws {
        let folder = try TestFolder()
        let path = folder.path("layout")
        for (content, name) in [("one", "v1"), ("two", "v2"), ("three", "v1"), ("three", "v1")] {
            try write(content, to: path, as: name)
        }
        let manifests = try Layout(at: path).index.manifests
        #expect(manifests.map { $0.annotations?[Annotation.referenceName] } == ["v2", "v1"])
        #expect(manifests.map(\.digest) == ["two", "three"].map { BlobHasher.digest(of: Array($0.utf8)) })
        #expect(try folder.names(in: "layout") == ["blobs", "index.json", "oci-layout"])
    }
}
