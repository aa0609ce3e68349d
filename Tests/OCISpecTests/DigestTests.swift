internal import OCISpec
internal import Testing

@Suite struct DigestTests {
    static let hash = String(repeating: "0123456789abcdef", count: 4)

    @Test("LAY-5: sha256 and sha512 digests are taken")
    func good() throws {
        let digest = try Digest("sha256:\(DigestTests.hash)")
        #expect(digest.algorithm == .sha256)
        #expect(digest.encoded == DigestTests.hash)
        #expect(digest.description == "sha256:\(DigestTests.hash)")
        #expect(try Digest("sha512:\(DigestTests.hash)\(DigestTests.hash)").algorithm == .sha512)
    }

    @Test(
        "LAY-5: any other form is refused",
        arguments: [
            "", "sha256", "sha256:", "sha256:abcd", "md5:d41d8cd98f00b204e9800998ecf8427e", hash,
            "sha256:\(hash.uppercased())", "sha256:\(hash)0", "SHA256:\(hash)", "sha256:../../../etc/passwd",
            "sha512:\(hash)", "sha256:\(hash.dropLast())\u{0}", "sha256:\(hash.dropLast())/", "sha256:\(hash) ",
        ])
    func bad(_ text: String) {
        #expect(throws: SpecError(.invalidDigest(text))) { try Digest(text) }
    }

    @Test("LAY-5: a computed hash is written in lower-case digits")
    func computed() throws {
        let bytes = (0..<32).map { UInt8($0) }
        #expect(Digest(.sha256, hash: bytes).encoded.hasPrefix("000102030405060708090a0b"))
    }
}
