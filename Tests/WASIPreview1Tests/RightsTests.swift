import TestSupport
import Testing

@testable import WASIPreview1

@Suite("Rights and read-only folders")
struct RightsTests {
    @Test("WASI-30: a preopen has what applies to a folder, and hands on everything")
    func preopen() throws {
        let (base, inheriting) = try TestGuest().rights(3)
        #expect(base == .directory)
        #expect(inheriting == [.directory, .file])
    }

    @Test("WASI-31: fd_read and fd_write choose how a file is opened; neither is as fd_read")
    func access() throws {
        let guest = try TestGuest()
        try guest.folder.write("text", to: "file")
        for (asked, reads, writes) in [
            ([.fdRead], true, false), ([.fdWrite], false, true), ([.fdRead, .fdWrite], true, true), ([], true, false),
        ] as [(Rights, Bool, Bool)] {
            let file = try guest.open("file", [], asked).get()
            #expect(guest.rights(file).base.contains(.fdRead) == reads)
            #expect(guest.rights(file).base.contains(.fdWrite) == writes)
            #expect(guest.rights(file).base.isSuperset(of: [.fdSeek, .fdTell, .fdFilestatGet]))
            #expect((guest.read(1, from: file) != nil) == reads)
            #expect(guest.write("t", to: file) == (writes ? .success : .badf))
        }
        try guest.folder.makeFolder("dir")
        #expect(guest.open("dir", .directory, [.fdRead, .fdWrite]) == .failure(.isdir))
        let below = try guest.open("dir", .directory, .fdRead).get()
        #expect(guest.rights(below).inheriting == [.directory, .file])
    }

    @Test("WASI-32: rights are only taken away, and are gone below as well")
    func restrict() throws {
        let guest = try TestGuest()
        try guest.folder.write("text", to: "dir/file")
        let folder = try guest.open("dir", .directory, .fdRead).get()
        let (base, inheriting) = guest.rights(folder)
        let fewer = inheriting.subtracting([.fdWrite, .fdSeek])
        #expect(
            guest.call("fd_fdstat_set_rights", .number(folder), .rights(base.subtracting(.fdReaddir)), .rights(fewer))
                == .success)
        #expect(guest.call("fd_fdstat_set_rights", .number(folder), .rights(base), .rights(fewer)) == .notcapable)
        #expect(guest.rights(folder).base == base.subtracting(.fdReaddir))
        #expect(guest.call("fd_readdir", .number(folder), 0x1000, 64, 0, 0x100) == .notcapable)
        let file = try guest.open("file", from: folder).get()
        #expect(guest.rights(file).base.isDisjoint(with: [.fdWrite, .fdSeek]))
        #expect(guest.call("fd_seek", .number(file), 1, 0, 0x100) == .notcapable)
        #expect(guest.call("fd_tell", .number(file), 0x100) == .success)
        #expect(guest.call("fd_seek", .number(file), 0, 1, 0x100) == .success, "telling")
        #expect(guest.write("x", to: file) == .badf, "it was opened for reading")
    }

    @Test("WASI-33: a right given up is notcapable, one that never applied badf")
    func missing() throws {
        let guest = try TestGuest()
        let file = try guest.open("file", .creat).get()
        guest.call("fd_fdstat_set_rights", .number(file), .rights(.fdTell), 0)
        #expect(guest.read(1, from: file) == nil)
        #expect(guest.write("x", to: file) == .notcapable)
        #expect(guest.call("fd_filestat_get", .number(file), 0x100) == .notcapable)
        #expect(guest.call("fd_sync", .number(file)) == .notcapable)
        #expect(guest.call("fd_readdir", .number(file), 0x1000, 64, 0, 0x100) == .badf)
        #expect(guest.call("path_create_directory", .number(file), .path("x")) == .badf)
        #expect(guest.open("x", from: file) == .failure(.notdir))
        #expect(guest.open("x", from: 1) == .failure(.badf))
        #expect(guest.call("sock_shutdown", .number(file), 3) == .notsock)
        #expect(guest.call("sock_shutdown", 77, 3) == .badf)
        let base = guest.rights(3).base
        guest.call("fd_fdstat_set_rights", 3, .rights(base.subtracting([.pathFilestatSetSize, .pathCreateFile])), 0)
        #expect(guest.open("file", .trunc) == .failure(.notcapable))
        #expect(guest.open("new", .creat) == .failure(.notcapable))
    }

    @Test("WASI-35: whatever would change a read-only folder is perm, and changes nothing")
    func readOnly() throws {
        let guest = try TestGuest(readOnly: true)
        try guest.folder.write("text", to: "dir/file")
        try guest.folder.link("link", to: "dir/file")
        let below = try guest.open("dir", .directory, .fdRead).get()
        let file = try guest.open("dir/file", [], .fdRead).get()
        for start in [3, below] {
            let prefix = start == 3 ? "dir/" : ""
            let from = TestGuest.Argument.number(start)
            #expect(guest.open(prefix + "file", from: start, [], .fdWrite) == .failure(.perm))
            #expect(guest.open(prefix + "file", from: start, .trunc, .fdRead) == .failure(.perm))
            #expect(guest.open(prefix + "new", from: start, .creat, .fdRead) == .failure(.perm))
            #expect(guest.call("path_create_directory", from, .path("new")) == .perm)
            #expect(guest.call("path_remove_directory", from, .path("dir")) == .perm)
            #expect(guest.call("path_unlink_file", from, .path(prefix + "file")) == .perm)
            #expect(guest.call("path_symlink", .path("x"), from, .path("new")) == .perm)
            #expect(guest.call("path_rename", from, .path(prefix + "file"), from, .path("new")) == .perm)
            #expect(guest.call("path_link", from, 0, .path(prefix + "file"), from, .path("new")) == .perm)
            #expect(guest.call("path_filestat_set_times", from, 0, .path(prefix + "file"), 0, 0, 5) == .perm)
            #expect(guest.call("fd_filestat_set_times", from, 0, 0, 5) == .perm)
        }
        #expect(guest.call("fd_filestat_set_size", .number(file), 0) == .perm)
        #expect(guest.call("fd_filestat_set_times", .number(file), 0, 0, 5) == .perm)
        #expect(guest.call("fd_allocate", .number(file), 0, 100) == .perm)
        #expect(guest.write("x", to: file) == .badf)
        #expect(guest.read(9, from: file) == "text")
        #expect(guest.call("fd_readdir", 3, 0x1000, 64, 0, 0x100) == .success)
        #expect(try guest.folder.names() == ["dir", "link"])
        #expect(try text(in: guest, "dir/file") == "text")
    }

    @Test("WASI-36: nothing is linked or renamed from a read-only folder into one that may be written")
    func smuggling() throws {
        let folder = try TestFolder()
        try folder.write("text", to: "fixed/file")
        try folder.makeFolder("free")
        let host = try WASIPreview1Host(
            arguments: [], environment: [],
            preopens: [
                Preopen(descriptor: openFolder(folder.path("fixed")), guestPath: "/fixed", isReadOnly: true),
                Preopen(descriptor: openFolder(folder.path("free")), guestPath: "/free"),
            ])
        let guest = TestGuest(host: host, folder: folder)
        #expect(guest.call("path_link", 3, 0, .path("file"), 4, .path("file")) == .perm)
        #expect(guest.call("path_rename", 3, .path("file"), 4, .path("file")) == .perm)
        #expect(guest.call("path_rename", 4, .path("x"), 3, .path("x")) == .perm)
        #expect(try folder.names(in: "free") == [])
        #expect(try folder.names(in: "fixed") == ["file"])
    }

    @Test("WASI-37: a read-only preopen cannot change anything itself, and says so")
    func readOnlyRights() throws {
        let guest = try TestGuest(readOnly: true)
        #expect(guest.rights(3).base.isDisjoint(with: .mutating))
        #expect(guest.rights(3).inheriting.contains(.fdWrite))
        try guest.folder.write("", to: "file")
        #expect(guest.rights(try guest.open("file", [], .fdRead).get()).base.isDisjoint(with: .mutating))
    }
}
