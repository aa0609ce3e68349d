import Glibc
import TestSupport
import Testing

@testable import WASIPreview1

@Suite("Paths")
struct PathTests {
    @Test("WASI-40: a path that is none is refused for what it is")
    func form() throws {
        let guest = try TestGuest()
        try guest.folder.write("", to: "file")
        #expect(guest.open("") == .failure(.noent))
        #expect(guest.open("file\0") == .failure(.inval))
        #expect(guest.open(String(repeating: "a/", count: 2047) + "a") == .failure(.noent))
        #expect(guest.open(String(repeating: "a/", count: 2048)) == .failure(.nametoolong))
        #expect(guest.open(String(repeating: "a", count: 256)) == .failure(.nametoolong))
        for (index, bytes) in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x61, 0x80]].enumerated()
            as EnumeratedSequence<[[UInt8]]>
        {
            let address = UInt32(0x3000 + index * 16)
            for (offset, byte) in bytes.enumerated() { guest.store(byte, at: address + UInt32(offset)) }
            let count = TestGuest.Argument.bits(bytes.count)
            #expect(guest.call("path_open", 3, 0, .bits(address), count, 0, 0, 0, 0, 0x100) == .ilseq)
            #expect(guest.call("path_create_directory", 3, .bits(address), count) == .ilseq)
            #expect(guest.call("path_symlink", .bits(address), count, 3, .path("new")) == .ilseq)
        }
        #expect((try? guest.open("Ünïcøde 世界", .creat).get()) != nil)
    }

    /// A folder with something to reach beside it, and ways to try.
    static func trap() throws -> (folder: TestFolder, guest: TestGuest) {
        let folder = try TestFolder()
        try folder.write("secret", to: "secret")
        try folder.write("mine", to: "in/dir/file")
        try folder.link("in/up", to: "..")
        try folder.link("in/out", to: "../secret")
        try folder.link("in/far", to: "dir/../../secret")
        try folder.link("in/absolute", to: folder.path("secret"))
        try folder.link("in/root", to: "/")
        try folder.link("in/again", to: "up")
        try folder.link("in/dir/back", to: "../dir/file")
        try folder.link("in/magic", to: "/proc/self/root")
        let guest = TestGuest(
            host: try WASIPreview1Host(
                arguments: [], environment: [],
                preopens: [Preopen(descriptor: openFolder(folder.path("in")), guestPath: ".")]),
            folder: folder)
        return (folder, guest)
    }

    static let ways = [
        "../secret", "dir/../../secret", "./.././secret", "/etc/passwd", "/", "..", "dir/../..", "out", "far",
        "absolute",
        "up/secret", "up/in/dir/file", "again/secret", "root/etc/passwd", "magic/etc/passwd", "up/", "dir/../up/secret",
        "up/.", "up/..",
    ]

    @Test("WASI-41: no path leads out, whatever call it is given to", arguments: ways)
    func confined(path: String) throws {
        let (folder, guest) = try Self.trap()
        let way = TestGuest.Argument.path(path)
        #expect(guest.open(path) == .failure(.perm))
        // With a slash at the end the kernel refuses to make a file before it looks.
        #expect(guest.open(path, [.creat, .trunc]) == .failure(path.hasSuffix("/") && path != "/" ? .isdir : .perm))
        #expect(guest.call("path_filestat_get", 3, 1, way, 0x100) == .perm)
        #expect(guest.call("path_filestat_set_times", 3, 1, way, 0, 0, 5) == .perm)
        for name in ["path_create_directory", "path_remove_directory", "path_unlink_file"] {
            let error = guest.call(name, 3, .path("\(path)/x"))
            #expect(error == .perm || error == .notdir, "\(name)")
        }
        let beyond = TestGuest.Argument.path("\(path)/x")
        for error in [
            guest.call("path_rename", 3, .path("dir/file"), 3, beyond),
            guest.call("path_rename", 3, beyond, 3, .path("x")),
            guest.call("path_link", 3, 0, .path("dir/file"), 3, beyond),
            guest.call("path_link", 3, 0, beyond, 3, .path("x")), guest.call("path_symlink", .path("x"), 3, beyond),
            guest.call("path_readlink", 3, beyond, 0x1000, 64, 0x100),
        ] { #expect(error == .perm || error == .notdir) }
        #expect(try text(of: folder.path("secret")) == "secret")
        #expect(try folder.names() == ["in", "secret"])
        #expect(try text(of: folder.path("in/dir/file")) == "mine")
    }

    @Test("WASI-41: links that stay inside are followed")
    func followed() throws {
        let (_, guest) = try Self.trap()
        #expect(guest.read(9, from: try guest.open("dir/back").get()) == "mine")
        #expect(guest.read(9, from: try guest.open("dir/../dir/./back").get()) == "mine")
        let below = try guest.open("dir", .directory, .fdRead).get()
        #expect(guest.open("back", from: below) == .failure(.perm), "it leads out of what it is opened from")
        #expect(guest.open("../dir/file", from: below) == .failure(.perm))
        #expect(guest.open("file", from: below) != .failure(.perm))
    }

    @Test("WASI-41: a preopen that can only be looked through is as good")
    func pathOnly() throws {
        let folder = try TestFolder()
        try folder.write("text", to: "file")
        let descriptor = unsafe open(folder.path, Beneath.pathOnly | O_DIRECTORY)
        let preopen = Preopen(descriptor: descriptor, guestPath: "/")
        let guest = TestGuest(
            host: try WASIPreview1Host(arguments: [], environment: [], preopens: [preopen]), folder: folder)
        #expect(guest.read(9, from: try guest.open("file").get()) == "text")
        #expect(guest.call("fd_readdir", 3, 0x1000, 256, 0, 0x100) == .success)
        #expect(guest.word(0x100) == 3 * 24 + 3 + 4)
        #expect(guest.call("fd_filestat_set_times", 3, 0, 0, 5) == .success)
        #expect(guest.call("fd_filestat_get", 3, 0x100) == .success)
    }

    @Test("WASI-42: a folder that becomes a link while it is gone through leads nowhere else")
    func race() throws {
        let folder = try TestFolder()
        try folder.write("secret", to: "outside/file")
        try folder.write("mine", to: "in/dir/file")
        try folder.link("in/other", to: "../outside")
        let (dir, other, aside) = (folder.path("in/dir"), folder.path("in/other"), folder.path("in/aside"))
        let stop = Flag()
        let swapper = Thread {
            while !stop.isSet {
                for (from, to) in [(dir, aside), (other, dir), (dir, other), (aside, dir)] {
                    _ = unsafe rename(from, to)
                }
            }
        }
        let preopen = Preopen(descriptor: openFolder(folder.path("in")), guestPath: "/")
        let guest = TestGuest(
            host: try WASIPreview1Host(arguments: [], environment: [], preopens: [preopen]), folder: folder)
        var (reached, refused) = (0, 0)
        for round in 0..<4000 {
            switch guest.open(round % 2 == 0 ? "dir/file" : "dir/../dir/file") {
            case .success(let file):
                reached += 1
                if guest.read(9, from: file) != "mine" { Issue.record("the guest read what is outside") }
                guest.call("fd_close", .number(file))
            case .failure(let error):
                refused += 1
                if error != .perm && error != .noent { Issue.record("\(error)") }
            }
            let made = guest.call("path_create_directory", 3, .path("dir/made"))
            if made == .success { guest.call("path_remove_directory", 3, .path("dir/made")) }
        }
        stop.set()
        swapper.join()
        #expect(reached > 0 && refused > 0, "both were tried")
        #expect(try folder.names(in: "outside") == ["file"])
    }

    @Test("WASI-43: calls on a name follow no link there, and `..` names nothing that can be changed")
    func names() throws {
        let (folder, guest) = try Self.trap()
        #expect(guest.call("path_filestat_get", 3, 0, .path("out"), 0x100) == .success)
        #expect(guest.byte(0x110) == 7)
        #expect(guest.call("path_readlink", 3, .path("out"), 0x1000, 64, 0x100) == .success)
        #expect(guest.text(at: 0x1000, count: guest.word(0x100)) == "../secret")
        #expect(guest.call("path_filestat_set_times", 3, 0, .path("out"), 0, 7_000_000_001, 4) == .success)
        #expect(guest.call("path_rename", 3, .path("out"), 3, .path("moved")) == .success)
        #expect(guest.call("path_link", 3, 0, .path("moved"), 3, .path("twice")) == .success)
        #expect(guest.call("path_unlink_file", 3, .path("moved")) == .success)
        #expect(try text(of: folder.path("secret")) == "secret")
        #expect(guest.call("path_remove_directory", 3, .path("up")) == .notdir)
        #expect(guest.call("path_remove_directory", 3, .path("up/")) == .notdir)
        #expect(guest.call("path_unlink_file", 3, .path("up/")) == .notdir)
        #expect(guest.call("path_readlink", 3, .path("up/"), 0x1000, 64, 0x100) == .perm)
        #expect(guest.call("path_link", 3, 0, .path("up/"), 3, .path("x")) == .perm)
        let back = TestGuest.Argument.path("dir/..")
        #expect(guest.call("path_create_directory", 3, back) == .exist)
        #expect(guest.call("path_remove_directory", 3, back) == .notempty)
        #expect(guest.call("path_unlink_file", 3, back) == .isdir)
        #expect(guest.call("path_rename", 3, back, 3, .path("x")) == .busy)
        #expect(guest.call("path_rename", 3, .path("dir/file"), 3, back) == .busy)
        #expect(guest.call("path_symlink", .path("x"), 3, back) == .exist)
        #expect(guest.call("path_readlink", 3, back, 0x1000, 64, 0x100) == .inval)
        #expect(guest.call("path_link", 3, 0, back, 3, .path("x")) == .perm)
    }

    @Test("WASI-44: no link is made that leads out by an absolute target")
    func absoluteLinks() throws {
        let guest = try TestGuest()
        #expect(guest.call("path_symlink", .path("/etc"), 3, .path("link")) == .perm)
        #expect(guest.call("path_symlink", .path(""), 3, .path("link")) == .noent)
        #expect(guest.call("path_symlink", .path("../.."), 3, .path("link")) == .success)
        #expect(guest.open("link") == .failure(.perm))
    }

    @Test("WASI-45: slashes after a name ask for a folder")
    func slashes() throws {
        let guest = try TestGuest()
        try guest.folder.write("", to: "file")
        #expect(guest.open("file/") == .failure(.notdir))
        #expect(guest.call("path_unlink_file", 3, .path("file/")) == .notdir)
        #expect(guest.call("path_rename", 3, .path("file/"), 3, .path("x")) == .notdir)
        #expect(guest.call("path_rename", 3, .path("file"), 3, .path("x/")) == .notdir)
        #expect(guest.call("path_link", 3, 0, .path("file/"), 3, .path("x")) == .notdir)
        #expect(guest.call("path_link", 3, 0, .path("file"), 3, .path("x/")) == .noent)
        #expect(guest.call("path_symlink", .path("file"), 3, .path("x/")) == .noent)
        #expect(guest.call("path_create_directory", 3, .path("dir//")) == .success)
        #expect(guest.call("path_rename", 3, .path("dir/"), 3, .path("moved/")) == .success)
        #expect(guest.call("path_remove_directory", 3, .path("moved/")) == .success)
        #expect(try guest.folder.names() == ["file"])
    }

    @Test("WASI-46: a link that is not to be followed is loop, as a folder too")
    func noFollow() throws {
        let guest = try TestGuest()
        try guest.folder.makeFolder("dir")
        try guest.folder.link("link", to: "dir")
        try guest.folder.link("loop", to: "loop")
        #expect(guest.open("link", follow: false, [], .fdRead) == .failure(.loop))
        #expect(guest.open("link", follow: false, .directory, .fdRead) == .failure(.loop))
        #expect((try? guest.open("link", .directory, .fdRead).get()) != nil)
        #expect(guest.open("loop") == .failure(.loop))
        try guest.folder.write("", to: "file")
        #expect(guest.open("file", follow: false, .directory, .fdRead) == .failure(.notdir))
    }
}
