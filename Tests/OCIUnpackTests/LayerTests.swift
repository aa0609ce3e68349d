internal import OCIBundle
internal import OCIImage
internal import OCISpec
internal import OCIUnpack
internal import TestSupport
internal import Testing

/// Unpacks layers given as entries; the first layer always has `/app.wasm`.
struct Unpacked {
    /// The folder that the bundle is in, beside which nothing may be left.
    let folder: TestFolder
    /// What was left out.
    let notes: [String]

    init(_ layers: TarBuilder..., limits: UnpackLimits = UnpackLimits(), workingFolder: String? = nil) throws {
        folder = try TestFolder()
        let builder = try LayoutBuilder()
        let tars = [TarBuilder().file("app.wasm", LayoutBuilder.module)] + layers
        let config = ImageConfig.Execution(entrypoint: ["/app.wasm"], workingFolder: workingFolder)
        try builder.index([try builder.image(try tars.map(builder.layer), config: config)])
        var notes: [String] = []
        _ = try Bundle(
            unpacking: try builder.layout().image(), into: folder.path("bundle"), limits: limits,
            noting: { notes.append($0) })
        self.notes = notes
    }

    func path(_ name: String) -> String { folder.path("bundle/rootfs/\(name)") }

    func text(_ name: String) throws -> String { try TestSupport.text(of: path(name)) }

    func exists(_ name: String) -> Bool { TestSupport.exists(path(name)) }
}

@Suite struct LayerTests {
    private let tar = TarBuilder()

    private func problem(_ layers: TarBuilder) throws -> UnpackError.Problem? {
        #expect(throws: UnpackError.self) { try Unpacked(layers) }?.problem
    }

    @Test("BUN-1: layers are applied in order, and in a layer the last entry counts")
    func order() throws {
        let result = try Unpacked(
            tar.file("a", "1").file("b", "1").file("b", "2"), tar.file("a", "3").symbolicLink("b", to: "a"),
            tar.folder("c").file("c/d", "4"))
        #expect(try result.text("a") == "3")
        #expect(linkTarget(of: result.path("b")) == "a")
        #expect(try result.text("c/d") == "4")
    }

    @Test("BUN-1: an entry takes the place of one of another kind; folders are merged; missing parents are made")
    func kinds() throws {
        let result = try Unpacked(
            tar.file("x/y/z", "1").symbolicLink("l", to: "/x").file("f", "1").folder("d").file("d/old"),
            tar.file("x/y/w", "2").folder("l").file("d", "file").folder("f").file("f/new", "3"))
        #expect(try result.text("x/y/z") == "1")
        #expect(try result.text("x/y/w") == "2")
        #expect(try result.text("d") == "file")
        #expect(try result.text("f/new") == "3")
        #expect(linkTarget(of: result.path("l")) == nil && result.exists("l"))
    }

    @Test("BUN-2: a whiteout hides a file or a folder of a lower layer, and is not there itself")
    func whiteout() throws {
        let result = try Unpacked(
            tar.file("a").file("b").folder("d").file("d/e/f"), tar.file(".wh.a").file(".wh.d").file(".wh.nothing"))
        #expect(!result.exists("a") && result.exists("b") && !result.exists("d"))
        #expect(!result.exists(".wh.a") && !result.exists(".wh.d"))
    }

    @Test("BUN-2: what was hidden can come again in a higher layer")
    func again() throws {
        let result = try Unpacked(tar.file("a", "1"), tar.file(".wh.a"), tar.file("a", "3"))
        #expect(try result.text("a") == "3")
    }

    @Test("BUN-3: an opaque folder has nothing of the layers below, whatever the order of entries")
    func opaque() throws {
        let lower = tar.file("d/old/x").file("d/sub/old")
        for upper in [
            tar.file("d/.wh..wh..opq").file("d/new").file("d/sub/new"),
            tar.file("d/new").file("d/sub/new").file("d/.wh..wh..opq"),
        ] {
            let result = try Unpacked(lower, upper)
            #expect(try result.folder.names(in: "bundle/rootfs/d") == ["new", "sub"])
            #expect(try result.folder.names(in: "bundle/rootfs/d/sub") == ["new"])
        }
        let root = try Unpacked(tar.file("a"), tar.file(".wh..wh..opq").file("b"))
        #expect(try root.folder.names(in: "bundle/rootfs") == ["b"])
    }

    @Test("BUN-4: a whiteout spares what its own layer has brought")
    func ownLayer() throws {
        let result = try Unpacked(
            tar.file("a", "1").file("d/old").file("e/old"),
            tar.file("a", "2").file(".wh.a").folder("d").file("d/new").file(".wh.d").folder("e").file(".wh.e"))
        #expect(try result.text("a") == "2")
        #expect(try result.folder.names(in: "bundle/rootfs/d") == ["new"])
        #expect(try result.folder.names(in: "bundle/rootfs/e") == [])
    }

    @Test(
        "BUN-5: a whiteout without a name is refused; what AUFS has for itself is ignored",
        arguments: [".wh.", ".wh..", "d/.wh..."])
    func nameless(_ name: String) throws {
        guard case .unsafePath = try problem(tar.folder("d").file(name)) else {
            Issue.record("not refused as an unsafe path")
            return
        }
        let result = try Unpacked(tar.folder(".wh..wh.plnk").file(".wh..wh.plnk/1.2").file(".wh..wh.aufs").file("x"))
        #expect(try result.folder.names(in: "bundle/rootfs") == ["app.wasm", "x"])
        #expect(throws: UnpackError.self) { try Unpacked(tar.file(".wh.d/f")) }
    }

    @Test("BUN-6: names that lead upwards are refused", arguments: ["../x", "a/../../x", "..", "./../x", "a/.."])
    func upwards(_ name: String) throws {
        #expect(try problem(tar.file(name)) == .unsafePath(entry: name, reason: "leads upwards"))
    }

    @Test("BUN-6: absolute names and links lead into the root", arguments: ["/tmp", "../../../tmp", "../tmp/../tmp"])
    func inside(_ target: String) throws {
        let result = try Unpacked(tar.folder("tmp").symbolicLink("l", to: target).file("l/x", "1").file("/abs/y", "2"))
        #expect(try result.text("tmp/x") == "1")
        #expect(try result.text("abs/y") == "2")
        #expect(linkTarget(of: result.path("l")) == target)
    }

    @Test("BUN-6: nothing is made behind a link that leads nowhere or in a circle")
    func dangling() throws {
        #expect(
            try problem(tar.symbolicLink("l", to: "/gone").file("l/x"))
                == .unsafeLink(entry: "l", reason: "leads to nothing inside"))
        guard case .unsafeLink = try problem(tar.symbolicLink("a", to: "b").symbolicLink("b", to: "a").file("a/x"))
        else {
            Issue.record("a circle was not refused")
            return
        }
        #expect(try problem(tar.file("f").file("f/x")) == .conflict(entry: "f", reason: "not a folder"))
    }

    @Test("BUN-6: a file takes a link's place and is not written through it")
    func overwrite() throws {
        let result = try Unpacked(tar.file("t", "old").symbolicLink("l", to: "t").file("l", "new"))
        #expect(try result.text("t") == "old")
        #expect(try result.text("l") == "new")
    }

    @Test("BUN-8: a hard link is another name of a file, in this layer or a lower one")
    func hardLinks() throws {
        let result = try Unpacked(
            tar.file("f", "one").hardLink("g", to: "/f"), tar.hardLink("h", to: "f").hardLink("f", to: "f"),
            tar.hardLink("i", to: "f").file("i", "two"))
        #expect(try ["f", "g", "h", "i"].map(result.text) == ["one", "one", "one", "two"])
    }

    @Test(
        "BUN-8: a hard link to nothing inside, or to a folder, is refused",
        arguments: ["nowhere", "/etc/passwd", "s/passwd", "d"])
    func badHardLinks(_ target: String) throws {
        let layer = tar.folder("d").symbolicLink("s", to: "/etc").hardLink("h", to: target)
        guard case .unsafeLink = try problem(layer) else {
            Issue.record("not refused as an unsafe link")
            return
        }
        #expect(
            try problem(tar.hardLink("h", to: "../../etc/passwd"))
                == .unsafePath(entry: "../../etc/passwd", reason: "leads upwards"))
    }

    @Test(
        "BUN-9: devices and pipes are left out and named",
        arguments: [("3", "character"), ("4", "block"), ("6", "pipe")])
    func specialFiles(_ type: Character, kind: String) throws {
        let result = try Unpacked(tar.entry(TarBuilder.header(name: "dev/x", type: type)).file("y"))
        #expect(!result.exists("dev/x") && result.exists("y"))
        #expect(result.notes.count == 1 && result.notes[0].contains("dev/x") && result.notes[0].contains(kind))
    }

    @Test("BUN-10: permissions are kept without setuid and setgid, folders get theirs when they are full")
    func modes() throws {
        let result = try Unpacked(
            tar.file("su", mode: 0o6755).folder("ro", mode: 0o555).file("ro/f", "v").folder("tmp", mode: 0o1777)
                .file("implied/x").file("plain", mode: 0o640))
        let expected = [("su", 0o755), ("tmp", 0o1777), ("implied", 0o755), ("plain", 0o640), (".", 0o755)]
        for (name, mode) in expected {
            #expect(try permissions(of: result.path(name)) == mode, "\(name)")
        }
        #expect(try result.text("ro/f") == "v")
        let closed = try #require(try permissions(of: result.path("ro")))
        #expect(closed & 0o577 == 0o555)
    }

    @Test(
        "BUN-17: an ordinary user keeps the right to what he unpacked; the superuser gets exactly what the layer says")
    func closedFolder() throws {
        let result = try Unpacked(tar.folder("ro", mode: 0).file("ro/f", "v", mode: 0))
        let isSuperuser = shell("[ $(id -u) = 0 ]") == 0
        #expect(try permissions(of: result.path("ro")) == (isSuperuser ? 0 : 0o700))
        #expect(try permissions(of: result.path("ro/f")) == (isSuperuser ? 0 : 0o600))
        #expect(try result.text("ro/f") == "v")
    }

    @Test("BUN-10: names in pax headers may be any UTF-8, and odd names are ordinary")
    func names() throws {
        let odd = "a\nb\u{1B}[31m'\""
        let result = try Unpacked(
            tar.pax(("path", "añ/é日本.txt")).file("x", "1").file(odd, "2").file("plain-é", "3")
                .pax(("linkpath", "ö/ü")).symbolicLink("l", to: "x"))
        #expect(try result.text("añ/é日本.txt") == "1")
        #expect(try result.text(odd) == "2")
        #expect(try result.text("plain-é") == "3")
        #expect(linkTarget(of: result.path("l")) == "ö/ü")
    }

    @Test("BUN-22: the working folder is made where it is missing", arguments: ["/srv/data", "../../srv/data"])
    func workingFolder(_ path: String) throws {
        #expect(try Unpacked(workingFolder: path).folder.names(in: "bundle/rootfs/srv") == ["data"])
    }
}
