internal import OCISpec
internal import Testing

@Suite struct DocumentTests {
    static let digest = "sha256:\(String(repeating: "a", count: 64))"

    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try Document.decode(type, from: Array(text.utf8))
    }

    @Test("LAY-4: a document of 4 MiB is taken, a longer one is refused unread")
    func size() throws {
        let start = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)
        let full = start + [UInt8](repeating: 0x20, count: Document.sizeLimit - start.count)
        #expect(try Document.decode(LayoutMarker.self, from: full) == LayoutMarker())
        #expect(throws: SpecError(.tooLarge(limit: 4 << 20))) {
            try Document.decode(LayoutMarker.self, from: full + [0x20])
        }
    }

    @Test(
        "LAY-8: a size that is no whole number from 0 to 2^63-1 is refused",
        arguments: ["-1", "12.5", #""12""#, "9223372036854775808", "1e400", "null"])
    func descriptorSize(_ size: String) {
        let text = #"{"mediaType":"a/b","digest":"\#(DocumentTests.digest)","size":\#(size)}"#
        let error = #expect(throws: SpecError.self) { try decode(Descriptor.self, text) }
        let words = error?.description ?? ""
        #expect(words.contains("size") || words.contains("a number that is not whole or out of range"), "\(words)")
    }

    @Test("LAY-8: a size that is missing is refused by name")
    func missingSize() {
        #expect(throws: SpecError(.invalidMember(path: "size", reason: "is missing"))) {
            try decode(Descriptor.self, #"{"mediaType":"a/b","digest":"\#(DocumentTests.digest)"}"#)
        }
    }

    @Test("LAY-5: a malformed digest in a document is named")
    func digestInDocument() {
        #expect(throws: SpecError(.invalidDigest("md5:1"))) {
            try decode(Index.self, #"{"schemaVersion":2,"manifests":[{"mediaType":"a","digest":"md5:1","size":1}]}"#)
        }
    }

    @Test(
        "LAY-7: a document that could be an index and a manifest is refused",
        arguments: [
            #"{"schemaVersion":2,"manifests":[],"layers":[]}"#, #"{"schemaVersion":2,"manifests":[],"config":{}}"#,
            #"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","manifests":[]}"#,
        ])
    func ambiguousIndex(_ text: String) {
        #expect(throws: SpecError.self) { try decode(Index.self, text) }
    }

    @Test("LAY-7: a manifest with a list of manifests is refused")
    func ambiguousManifest() {
        let descriptor = #"{"mediaType":"a/b","digest":"\#(DocumentTests.digest)","size":1}"#
        #expect(throws: SpecError(.invalidMember(path: "manifests", reason: "has no place in a manifest"))) {
            try decode(Manifest.self, #"{"schemaVersion":2,"config":\#(descriptor),"layers":[],"manifests":[]}"#)
        }
    }

    @Test("LAY-7: only schema version 2 is taken", arguments: ["1", "3", "null", #""2""#])
    func schemaVersion(_ version: String) {
        #expect(throws: SpecError.self) { try decode(Index.self, #"{"schemaVersion":\#(version),"manifests":[]}"#) }
    }

    @Test("LAY-3: unknown members are passed over")
    func unknownMembers() throws {
        let index = try decode(Index.self, #"{"schemaVersion":2,"manifests":[],"x":{"y":[1,null]}}"#)
        #expect(
            index
                == {
                    var wanted = Index(manifests: []); wanted.mediaType = nil; return wanted
                }())
    }

    @Test("LAY-12: equal values are written as equal bytes, with sorted members")
    func encoding() throws {
        let bytes = try Document.encode(Index(manifests: []))
        let expected = #"{"manifests":[],"mediaType":"application/vnd.oci.image.index.v1+json","schemaVersion":2}"#
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("BUN-19: members for other kinds of containers are passed over")
    func runtimeSpec() throws {
        let spec = try decode(
            RuntimeSpec.self,
            """
            {"ociVersion":"1.1.0","process":{"terminal":true,"user":{"uid":5,"gid":6,"umask":18},"args":["a"],
            "cwd":"/","capabilities":{"bounding":["CAP_KILL"]},"rlimits":[{"type":"RLIMIT_NOFILE","hard":1,"soft":1}],
            "noNewPrivileges":true},"root":{"path":"rootfs","readonly":true},"hostname":"h",
            "mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
            "hooks":{"prestart":[{"path":"/bin/true"}]},"annotations":{"k":"v"},
            "linux":{"namespaces":[{"type":"pid"}],"resources":{"memory":{"limit":1}},"maskedPaths":["/proc/kcore"]}}
            """)
        var user = ContainerProcessSpec.User(uid: 5, gid: 6)
        user.umask = 18
        #expect(spec.process?.user == user)
        #expect(spec.root == RuntimeSpec.Root(path: "rootfs", readonly: true))
        #expect(spec.mounts?.first?.type == "proc")
    }
}
