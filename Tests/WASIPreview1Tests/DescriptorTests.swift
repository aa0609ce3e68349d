import Glibc
import TestSupport
import Testing

@testable import WASIPreview1

@Suite("Descriptors")
struct DescriptorTests {
    @Test("WASI-20: numbers start after preopens and sockets, and the lowest free one is given")
    func numbers() throws {
        var pair: [Int32] = [0, 0]
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
        let guest = try TestGuest(sockets: pair)
        let opened = try (0..<4).map { try guest.open("f\($0)", .creat).get() }
        #expect(opened == [6, 7, 8, 9])
        #expect(guest.call("fd_close", 8) == .success)
        #expect(guest.call("fd_close", 6) == .success)
        #expect(try guest.open("f1").get() == 6)
        #expect(try guest.open("f1").get() == 8)
        #expect(try guest.open("f1").get() == 10)
        #expect(guest.call("fd_close", 0) == .success)
        #expect(try guest.open("f1").get() == 0)
    }

    @Test("WASI-21: one descriptor more than allowed is mfile, and leaks nothing")
    func limit() throws {
        let guest = try TestGuest(limit: 10)
        try guest.folder.write("", to: "file")
        for _ in 4..<10 { _ = try guest.open("file").get() }
        for _ in 0..<2000 { #expect(guest.open("file") == .failure(.mfile)) }
        #expect(guest.call("fd_close", 5) == .success)
        #expect(guest.open("file") == .success(5))
    }

    @Test("WASI-22: closing closes what the guest opened, and never the process's own streams")
    func closing() throws {
        var pair: [Int32] = [0, 0]
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
        let guest = try TestGuest(sockets: [pair[0]])
        for number: UInt64 in 0...4 { #expect(guest.call("fd_close", .number(number)) == .success) }
        var byte: UInt8 = 0
        #expect(unsafe read(pair[1], &byte, 1) == 0, "the other side is closed")
        for number: Int32 in 0...2 { #expect(fcntl(number, F_GETFD) >= 0) }
        for number: UInt64 in [0, 3, 4, 5, 0xFFFF_FFFF] {
            #expect(guest.call("fd_close", .number(number)) == .badf)
            #expect(guest.call("fd_fdstat_get", .number(number), 0x100) == .badf)
        }
        close(pair[1])
    }

    @Test("WASI-22: all that a guest has is closed when its host goes")
    func end() throws {
        var pair: [Int32] = [0, 0]
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
        do {
            let guest = try TestGuest(sockets: [pair[0]])
            #expect(guest.call("fd_tell", 4, 0x100) == .spipe)
        }
        var byte: UInt8 = 0
        #expect(unsafe read(pair[1], &byte, 1) == 0)
        close(pair[1])
    }

    @Test("WASI-23: renumbering needs both numbers, and closes what was there")
    func renumber() throws {
        let guest = try TestGuest()
        try guest.folder.write("one", to: "a")
        try guest.folder.write("two", to: "b")
        let (a, b) = (try guest.open("a").get(), try guest.open("b").get())
        #expect(guest.call("fd_renumber", .number(a), 77) == .badf)
        #expect(guest.call("fd_renumber", 77, .number(a)) == .badf)
        #expect(guest.call("fd_renumber", .number(a), .number(a)) == .success)
        #expect(guest.call("fd_renumber", .number(a), .number(b)) == .success)
        #expect(guest.read(9, from: b) == "one")
        #expect(guest.call("fd_close", .number(a)) == .badf)
        #expect(guest.call("fd_renumber", .number(b), 3) == .success)
        #expect(guest.call("fd_prestat_get", 3, 0x100) == .badf, "the name went with the folder")
    }

    @Test("WASI-24: a file, a folder, a pipe, a device and a socket say what they are")
    func types() throws {
        var pair: [Int32] = [0, 0]
        unsafe socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &pair)
        let guest = try TestGuest(sockets: pair)
        #expect(unsafe mkfifo(guest.folder.path("pipe"), 0o600) == 0)
        let file = try guest.open("file", .creat).get()
        let pipe = try guest.open("pipe", [], [.fdRead, .fdWrite]).get()
        for (number, type) in [(UInt64(3), UInt8(3)), (4, 5), (file, 4), (pipe, 0)] {
            #expect(guest.call("fd_fdstat_get", .number(number), 0x100) == .success)
            #expect(guest.byte(0x100) == type)
        }
        #expect(guest.rights(pipe).base.isDisjoint(with: [.fdSeek, .fdTell]))
        #expect(guest.rights(file).base.isSuperset(of: [.fdSeek, .fdTell]))
        #expect(guest.call("fd_seek", .number(pipe), 0, 0, 0x100) == .spipe)
    }

    @Test("WASI-24: a device is told from a terminal by fd_tell")
    func devices() throws {
        var master: Int32 = 0
        var terminal: Int32 = 0
        try #require(unsafe openpty(&master, &terminal, nil, nil, nil) == 0)
        defer { _ = (close(master), close(terminal)) }
        // Number 2 would be the process's own.
        #expect(Descriptor(standardStream: terminal).base.isDisjoint(with: [.fdSeek, .fdTell]))
        #expect(Descriptor(standardStream: terminal).filetype == .characterDevice)
        let null = unsafe open("/dev/null", O_RDWR)
        defer { close(null) }
        #expect(Descriptor(standardStream: null).base.isSuperset(of: [.fdSeek, .fdTell]))
    }

    @Test("WASI-25: append and nonblock can be set; synchronising flags stay as they were")
    func flags() throws {
        let guest = try TestGuest()
        let file = try guest.open("file", .creat, [.fdRead, .fdWrite], .dsync).get()
        func flags() -> FDFlags {
            guest.call("fd_fdstat_get", .number(file), 0x100)
            return FDFlags(rawValue: guest.half(0x102))
        }
        #expect(flags() == .dsync)
        #expect(guest.call("fd_fdstat_set_flags", .number(file), .bits(FDFlags.append.rawValue)) == .inval)
        let both: FDFlags = [.append, .nonblock, .dsync]
        #expect(guest.call("fd_fdstat_set_flags", .number(file), .bits(both.rawValue)) == .success)
        #expect(flags() == both)
        #expect(guest.call("fd_fdstat_set_flags", .number(file), .bits(FDFlags.dsync.rawValue)) == .success)
        #expect(flags() == .dsync)
    }

    @Test("WASI-25: a standard stream is non-blocking for the guest alone")
    func standardStreamFlags() throws {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { _ = (close(ends[0]), close(ends[1])) }
        let stream = Descriptor(standardStream: ends[1])
        try stream.setFlags(.nonblock)
        #expect(try stream.flags() == .nonblock)
        #expect(stream.emulatesNonblocking)
        #expect(fcntl(ends[1], F_GETFL) & O_NONBLOCK == 0)
        #expect(throws: Errno.inval) { try stream.setFlags(.append) }
    }

    @Test("WASI-26: standard streams go one way; output files are only added to")
    func standardStreams() throws {
        let folder = try TestFolder()
        let file = unsafe open(try folder.write("text", to: "log"), O_RDWR)
        defer { close(file) }
        let output = Descriptor(standardStream: file)
        #expect(output.refusal(of: .fdRead) == .badf)
        #expect(output.refusal(of: .fdWrite) == nil)
        #expect(output.refusal(of: .fdSeek) == .spipe)
        #expect(output.refusal(of: .fdFilestatSetSize) == .badf)
        let guest = try TestGuest()
        #expect(guest.rights(0).base.contains(.fdRead))
        #expect(guest.write("x", to: 0) == .badf)
        #expect(guest.read(1, from: 1) == nil)
        #expect(guest.call("fd_filestat_set_size", 1, 0) == .badf)
        #expect(guest.call("fd_filestat_set_times", 2, 0, 0, 2) == .badf)
    }

    @Test("WASI-27: a folder is not read, written or sought")
    func directories() throws {
        let guest = try TestGuest()
        guest.vectors(["abc"], at: 0x200)
        #expect(guest.call("fd_read", 3, 0x200, 1, 0x100) == .badf)
        #expect(guest.call("fd_write", 3, 0x200, 1, 0x100) == .badf)
        #expect(guest.call("fd_pread", 3, 0x200, 1, 0, 0x100) == .badf)
        #expect(guest.call("fd_pwrite", 3, 0x200, 1, 0, 0x100) == .badf)
        #expect(guest.call("fd_seek", 3, 0, 0, 0x100) == .badf)
        #expect(guest.call("fd_tell", 3, 0x100) == .badf)
        #expect(guest.call("fd_allocate", 3, 0, 1) == .badf)
        #expect(guest.call("fd_advise", 3, 0, 0, 0) == .badf)
        #expect(guest.call("fd_filestat_set_size", 3, 0) == .badf)
        #expect(guest.call("fd_sync", 3) == .success)
    }
}
