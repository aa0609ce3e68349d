import Glibc
import TestSupport
import Testing

@testable import WASIPreview1

/// Folders that are a guest's root, and single files.
@Suite("Roots and single files")
struct RootTests {
    /// A root with links in it as images have them, its working folder first, and a secret beside it.
    private static func container() throws -> (folder: TestFolder, guest: TestGuest) {
        let folder = try TestFolder()
        try folder.write("secret", to: "secret")
        try folder.write("root", to: "root/usr/etc/passwd")
        try folder.write("mine", to: "root/work/deep/file")
        try folder.link("root/etc", to: "/usr/etc")
        try folder.link("root/work/absolute", to: "/etc/passwd")
        try folder.link("root/work/above", to: "../usr/etc/passwd")
        try folder.link("root/work/folder", to: "/usr")
        try folder.link("root/work/out", to: "/../../secret")
        try folder.link("root/work/far", to: "../../../../secret")
        try folder.link("root/work/host", to: folder.path("secret"))
        try folder.link("root/work/magic", to: "/proc/self/root")
        try folder.link("root/work/circle", to: "/work/circle")
        try folder.link("root/work/deep/back", to: "/work/above")
        let preopens = [("root/work", ".", "/work"), ("root", "/", "/")].map { path, name, place in
            Preopen(descriptor: openFolder(folder.path(path)), guestPath: name, placeInRoot: place)
        }
        let host = try WASIPreview1Host(arguments: [], environment: [], preopens: preopens)
        return (folder, TestGuest(host: host, folder: folder))
    }

    @Test("WASI-47: links mean in a root what they mean to a program whose root it is")
    func followed() throws {
        let (_, guest) = try Self.container()
        for path in ["absolute", "above", "deep/back", "folder/etc/passwd", "deep/../absolute"] {
            #expect(guest.read(9, from: try guest.open(path).get()) == "root", "\(path)")
        }
        #expect(guest.read(9, from: try guest.open("etc/passwd", from: 4).get()) == "root")
        let deep = try guest.open("deep", .directory, .fdRead).get()
        #expect(guest.read(9, from: try guest.open("back", from: deep).get()) == "root")
        let usr = try guest.open("folder", .directory, .fdRead).get()
        #expect(guest.read(9, from: try guest.open("etc/passwd", from: usr).get()) == "root")
        #expect(guest.call("path_filestat_get", 3, 1, .path("absolute"), 0x100) == .success)
        #expect(guest.call("path_create_directory", 3, .path("folder/made")) == .success)
        #expect(guest.call("path_rename", 3, .path("folder/made"), 4, .path("etc/moved")) == .success)
        #expect(try guest.folder.names(in: "root/usr/etc") == ["moved", "passwd"])
    }

    @Test("WASI-47: no link leads out of the root, and no path's own .. above its descriptor")
    func confined() throws {
        let (folder, guest) = try Self.container()
        for path in ["out", "far", "host"] { #expect(guest.open(path) == .failure(.noent), "\(path)") }
        #expect(guest.open("circle") == .failure(.loop))
        for path in ["..", "../usr", "deep/../../usr", "./../work/deep/file", "/etc/passwd", "folder/../../../usr"] {
            #expect(guest.open(path) == .failure(.perm), "\(path)")
        }
        #expect(guest.open("../secret", from: 4) == .failure(.perm))
        let deep = try guest.open("deep", .directory, .fdRead).get()
        #expect(guest.open("../absolute", from: deep) == .failure(.perm))
        #expect(guest.open("out", [.creat, .trunc]) == .failure(.noent) || exists(folder.path("root/secret")))
        #expect(try text(of: folder.path("secret")) == "secret")
        #expect(try folder.names() == ["root", "secret"])
    }

    @Test("WASI-47: from a directory that was moved, links that lead above it are refused")
    func moved() throws {
        let (folder, guest) = try Self.container()
        let deep = try guest.open("deep", .directory, .fdRead).get()
        #expect(guest.call("path_rename", 3, .path("deep"), 4, .path("elsewhere")) == .success)
        #expect(guest.open("back", from: deep) == .failure(.perm))
        #expect(guest.read(9, from: try guest.open("file", from: deep).get()) == "mine")
        // Another one in its place is not it.
        try folder.makeFolder("root/work/deep")
        #expect(guest.open("back", from: deep) == .failure(.perm))
        let again = try guest.open("elsewhere", from: 4, .directory, .fdRead).get()
        #expect(guest.read(9, from: try guest.open("back", from: again).get()) == "root")
    }

    @Test("WASI-47: the root stays the root when the guest closes its descriptor")
    func closed() throws {
        let (_, guest) = try Self.container()
        #expect(guest.call("fd_close", 4) == .success)
        #expect(guest.read(9, from: try guest.open("absolute").get()) == "root")
    }

    @Test("WASI-44: links with absolute targets can be made in a root, and nowhere else")
    func absoluteLinks() throws {
        let (_, guest) = try Self.container()
        #expect(guest.call("path_symlink", .path("/usr/etc/passwd"), 3, .path("new")) == .success)
        #expect(guest.read(9, from: try guest.open("new").get()) == "root")
        #expect(try TestGuest().call("path_symlink", .path("/usr"), 3, .path("new")) == .perm)
    }

    private static func withFile(readOnly: Bool = false) throws -> TestGuest {
        let folder = try TestFolder()
        try folder.write("settings", to: "file")
        try folder.write("other", to: "other")
        let preopen = Preopen(
            descriptor: openFolder(folder.path), guestPath: "/etc/file", isReadOnly: readOnly, file: "file")
        return TestGuest(
            host: try WASIPreview1Host(arguments: [], environment: [], preopens: [preopen]), folder: folder)
    }

    @Test("WASI-48: a preopened file is opened as itself, and nothing else is reached from it")
    func singleFile() throws {
        let guest = try Self.withFile()
        #expect(guest.call("fd_prestat_get", 3, 0x100) == .success)
        #expect(guest.call("fd_fdstat_get", 3, 0x100) == .success)
        #expect(guest.byte(0x100) == 4)
        #expect(guest.read(20, from: try guest.open(".").get()) == "settings")
        #expect(guest.read(20, from: try guest.open(".", .creat).get()) == "settings")
        #expect(guest.open(".", [.creat, .excl]) == .failure(.exist))
        #expect(guest.open(".", .directory) == .failure(.notdir))
        for path in ["file", "other", "./file", "./", "..", "../x", "./."] {
            #expect(guest.open(path) == .failure(.notdir), "\(path)")
        }
        #expect(guest.call("path_filestat_get", 3, 1, .path("."), 0x100) == .success)
        #expect(guest.long(0x100 + 32) == 8)
        #expect(guest.call("path_filestat_set_times", 3, 1, .path("."), 0, 0, 5) == .success)
        let file = try guest.open(".", .trunc).get()
        #expect(guest.write("new", to: file) == .success)
        #expect(try text(of: guest.folder.path("file")) == "new")
        #expect(try guest.folder.names() == ["file", "other"])
    }

    @Test("WASI-48: calls that act on a preopened file's name are refused as for a mount point")
    func singleFileName() throws {
        let guest = try Self.withFile()
        #expect(guest.call("path_unlink_file", 3, .path(".")) == .busy)
        #expect(guest.call("path_rename", 3, .path("."), 3, .path("x")) == .busy)
        #expect(guest.call("path_link", 3, 0, .path("."), 3, .path("x")) != .success)
        #expect(guest.call("path_create_directory", 3, .path(".")) == .exist)
        #expect(guest.call("path_symlink", .path("x"), 3, .path(".")) == .exist)
        #expect(guest.call("path_remove_directory", 3, .path(".")) == .notdir)
        #expect(guest.call("path_readlink", 3, .path("."), 0x1000, 64, 0x100) == .inval)
        #expect(guest.call("fd_readdir", 3, 0x1000, 64, 0, 0x100) == .badf)
        #expect(try guest.folder.names() == ["file", "other"])
    }

    @Test("WASI-48: what is put in a preopened file's place is opened; a link there is not followed")
    func singleFileReplaced() throws {
        let guest = try Self.withFile()
        let folder = guest.folder
        try folder.write("newer", to: "newer")
        #expect(unsafe rename(folder.path("newer"), folder.path("file")) == 0)
        #expect(guest.read(20, from: try guest.open(".").get()) == "newer")
        #expect(unsafe unlink(folder.path("file")) == 0)
        #expect(guest.open(".") == .failure(.noent))
        #expect(guest.open(".", .creat) == .failure(.noent))
        try folder.link("file", to: "other")
        #expect(guest.open(".") == .failure(.loop))
    }

    @Test("WASI-35: a single file that may only be read is only read")
    func singleFileReadOnly() throws {
        let guest = try Self.withFile(readOnly: true)
        #expect(guest.read(20, from: try guest.open(".", [], .fdRead).get()) == "settings")
        #expect(guest.open(".") == .failure(.perm))
        #expect(guest.open(".", .trunc, .fdRead) == .failure(.perm))
        #expect(guest.call("path_filestat_set_times", 3, 1, .path("."), 0, 0, 5) == .perm)
        #expect(guest.call("path_unlink_file", 3, .path(".")) == .perm)
        #expect(try text(of: guest.folder.path("file")) == "settings")
    }
}
