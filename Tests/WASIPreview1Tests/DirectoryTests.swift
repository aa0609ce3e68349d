import TestSupport
import Testing

@testable import WASIPreview1

@Suite("Reading folders")
struct DirectoryTests {
    struct Entry: Equatable {
        let next: UInt64
        let inode: UInt64
        let type: UInt8
        let name: String
    }

    /// The whole entries that one call gives, and whether it came to the end.
    static func list(_ guest: TestGuest, _ directory: UInt64 = 3, from cookie: UInt64, room: UInt32) throws -> (
        entries: [Entry], isEnd: Bool
    ) {
        let error = guest.call("fd_readdir", .number(directory), 0x1000, .bits(room), .number(cookie), 0x100)
        guard error == .success else { throw TestFailure(error as Any) }
        let used = guest.word(0x100)
        var entries: [Entry] = []
        var at: UInt32 = 0
        while at + 24 <= used, at + 24 + guest.word(0x1000 + at + 16) <= used {
            let start = 0x1000 + at
            entries.append(
                Entry(
                    next: guest.long(start), inode: guest.long(start + 8), type: guest.byte(start + 20),
                    name: guest.text(at: start + 24, count: guest.word(start + 16))))
            at += 24 + guest.word(start + 16)
        }
        return (entries, used < room)
    }

    /// All names, read in calls of `room` bytes as C libraries do.
    static func all(_ guest: TestGuest, room: UInt32, between: (Int) throws -> Void = { _ in }) throws -> [Entry] {
        var entries: [Entry] = []
        while true {
            let (some, isEnd) = try list(guest, from: entries.last?.next ?? 0, room: room)
            entries += some
            if isEnd { return entries }
            guard !some.isEmpty else { throw TestFailure("no progress") }
            try between(entries.count)
        }
    }

    @Test("WASI-55: first the folder twice, then what is in it")
    func entries() throws {
        let guest = try TestGuest()
        try guest.folder.write("", to: "file")
        try guest.folder.makeFolder("dir")
        try guest.folder.link("link", to: "nowhere")
        let (entries, isEnd) = try Self.list(guest, from: 0, room: 4096)
        #expect(isEnd)
        #expect(entries.prefix(2).map(\.name) == [".", ".."])
        #expect(entries.prefix(2).map(\.next) == [1, 2])
        guest.call("fd_filestat_get", 3, 0x200)
        #expect(entries.prefix(2).allSatisfy { $0.inode == guest.long(0x208) && $0.type == 3 })
        let rest = entries.dropFirst(2).sorted { $0.name < $1.name }
        #expect(rest.map(\.name) == ["dir", "file", "link"])
        #expect(rest.map(\.type) == [3, 4, 7])
        guest.call("path_filestat_get", 3, 0, .path("file"), 0x200)
        #expect(rest[1].inode == guest.long(0x208))
    }

    @Test("WASI-55: the buffer is filled, the last entry cut", arguments: [0, 1, 24, 25, 26, 50, 51, 75] as [UInt32])
    func cut(room: UInt32) throws {
        let guest = try TestGuest()
        try guest.folder.write("", to: "a-long-enough-name")
        #expect(guest.call("fd_readdir", 3, 0x1000, .bits(room), 0, 0x100) == .success)
        #expect(guest.word(0x100) == room)
        #expect(guest.byte(0x1000 + room) == 0xAA)
    }

    @Test("WASI-56: every entry comes once, in calls of any size", arguments: [64, 100, 256, 4096, 60000] as [UInt32])
    func everything(room: UInt32) throws {
        let guest = try TestGuest()
        let names = (0..<300).map { "file-\($0)" }
        for name in names { try guest.folder.write("", to: name) }
        let found = try Self.all(guest, room: room).map(\.name)
        #expect(found.count == 302)
        #expect(found.dropFirst(2).sorted() == names.sorted())
        #expect(try Self.all(guest, room: room).map(\.name) == found, "once more from the start")
        let entries = try Self.all(guest, room: room)
        for index in [0, 1, 2, 150, 301] {
            let rest = try Self.list(guest, from: entries[index].next, room: 65536).entries
            #expect(rest == Array(entries.dropFirst(index + 1)), "from \(index)")
        }
    }

    @Test("WASI-56: entries that are not touched come once each while others come and go")
    func changes() throws {
        let guest = try TestGuest()
        for index in 0..<400 { try guest.folder.write("", to: "keep-\(index)") }
        for index in 0..<400 { try guest.folder.write("", to: "drop-\(index)") }
        var step = 0
        let found = try Self.all(guest, room: 512) { _ in
            for _ in 0..<10 where step < 400 {
                guest.call("path_unlink_file", 3, .path("drop-\(step)"))
                try guest.folder.write("", to: "new-\(step)")
                step += 1
            }
        }
        let kept = found.map(\.name).filter { $0.hasPrefix("keep") }
        #expect(kept.count == 400)
        #expect(Set(kept).count == 400)
        let now = try Self.all(guest, room: 512).map(\.name)
        #expect(Set(now.dropFirst(2)) == Set(try guest.folder.names()), "cookie 0 reads anew")
    }

    @Test("WASI-56: a cookie never given does no harm")
    func strangeCookies() throws {
        let guest = try TestGuest()
        try guest.folder.write("", to: "file")
        for cookie in [3, 77, 1 << 40, UInt64(Int64.max), 1 << 63, .max] {
            let error = guest.call("fd_readdir", 3, 0x1000, 256, .number(cookie), 0x100)
            #expect(error == .success || error == .inval)
        }
        #expect(try Self.list(guest, from: 0, room: 256).entries.map(\.name) == [".", "..", "file"])
    }
}
