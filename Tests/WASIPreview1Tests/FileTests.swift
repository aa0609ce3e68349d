import Glibc
import TestSupport
import Testing

@testable import WASIPreview1

@Suite("Files")
struct FileTests {
    @Test("WASI-50: what is appended goes to the end, at whatever offset")
    func append() throws {
        let guest = try TestGuest()
        try guest.folder.write("12345", to: "file")
        let file = try guest.open("file", [], [.fdRead, .fdWrite], .append).get()
        #expect(guest.write("6", to: file) == .success)
        guest.vectors(["7"], at: 0x200)
        #expect(guest.call("fd_pwrite", .number(file), 0x200, 1, 0, 0x100) == .success)
        #expect(try text(in: guest, "file") == "1234567")
        #expect(guest.call("fd_fdstat_set_flags", .number(file), 0) == .success)
        #expect(guest.call("fd_pwrite", .number(file), 0x200, 1, 0, 0x100) == .success)
        #expect(try text(in: guest, "file") == "7234567")
    }

    @Test("WASI-51: seeking, telling, and reading and writing at an offset")
    func seeking() throws {
        let guest = try TestGuest()
        try guest.folder.write("0123456789", to: "file")
        let number = try guest.open("file").get()
        let file = TestGuest.Argument.number(number)
        func position() -> UInt64 {
            #expect(guest.call("fd_tell", file, 0x100) == .success)
            return guest.long(0x100)
        }
        #expect(guest.call("fd_seek", file, 4, 0, 0x100) == .success)
        #expect(guest.call("fd_seek", file, .bits(-1), 1, 0x100) == .success)
        #expect(guest.long(0x100) == 3)
        #expect(guest.read(2, from: number) == "34")
        #expect(guest.call("fd_seek", file, .bits(-2), 2, 0x100) == .success)
        #expect(position() == 8)
        for (offset, whence) in [(-1, 0), (-9, 1), (-11, 2)] {
            #expect(guest.call("fd_seek", file, .bits(offset), .bits(whence), 0x100) == .inval)
        }
        #expect(position() == 8)
        guest.vectors(["ab"], at: 0x200)
        #expect(guest.call("fd_pwrite", file, 0x200, 1, 1, 0x100) == .success)
        guest.store(UInt32(0x8000), at: 0x208)
        guest.store(UInt32(4), at: 0x20C)
        #expect(guest.call("fd_pread", file, 0x208, 1, 0, 0x100) == .success)
        #expect(guest.text(at: 0x8000, count: 4) == "0ab3")
        #expect(position() == 8)
        let far = TestGuest.Argument.bits(UInt64.max)
        #expect(guest.call("fd_pread", file, 0x208, 1, far, 0x100) == .inval)
        #expect(guest.call("fd_pwrite", file, 0x200, 1, far, 0x100) == .inval)
        #expect(guest.call("fd_filestat_set_size", file, far) == .inval)
        #expect(guest.call("fd_allocate", file, far, 1) == .inval)
        #expect(guest.call("fd_advise", file, far, 0, 0) == .inval)
    }

    @Test("WASI-51: sizes are set and space is allocated")
    func sizes() throws {
        let guest = try TestGuest()
        let file = TestGuest.Argument.number(try guest.open("file", .creat).get())
        #expect(guest.call("fd_filestat_set_size", file, 100) == .success)
        #expect(try text(in: guest, "file").utf8.count == 100)
        let allocated = guest.call("fd_allocate", file, 90, 20)
        if allocated != .notsup {
            #expect(allocated == .success)
            #expect(try text(in: guest, "file").utf8.count == 110)
        }
        #expect(guest.call("fd_allocate", file, 0, 0) == .inval)
        for advice: UInt64 in 0...5 { #expect(guest.call("fd_advise", file, 0, 10, .number(advice)) == .success) }
        for name in ["fd_sync", "fd_datasync"] { #expect(guest.call(name, file) == .success) }
    }

    @Test("WASI-52: attributes are the kernel's")
    func attributes() throws {
        let guest = try TestGuest()
        let path = try guest.folder.write("12345", to: "file")
        let file = try guest.open("file").get()
        var times = [timespec(tv_sec: -5, tv_nsec: 1), timespec(tv_sec: 1_700_000_000, tv_nsec: 123_456_789)]
        #expect(unsafe utimensat(AT_FDCWD, path, &times, 0) == 0)
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(guest.call("path_filestat_get", 3, 0, .path("file"), 0x100) == .success)
        #expect(guest.long(0x100) == UInt64(status.st_dev))
        #expect(guest.long(0x108) == UInt64(status.st_ino))
        #expect(guest.byte(0x110) == 4)
        #expect(guest.long(0x118) == 1)
        #expect(guest.long(0x120) == 5)
        #expect(guest.long(0x128) == 0)
        #expect(guest.long(0x130) == 1_700_000_000_123_456_789)
        #expect(guest.call("fd_filestat_get", .number(file), 0x200) == .success)
        for offset in stride(from: UInt32(0), to: 64, by: 8) {
            #expect(guest.long(0x100 + offset) == guest.long(0x200 + offset))
        }
    }

    @Test("WASI-53: times are set, set to now, or left")
    func times() throws {
        let guest = try TestGuest()
        try guest.folder.write("", to: "file")
        let file = TestGuest.Argument.number(try guest.open("file").get())
        func times() -> (access: UInt64, modification: UInt64) {
            guest.call("path_filestat_get", 3, 0, .path("file"), 0x100)
            return (guest.long(0x128), guest.long(0x130))
        }
        #expect(guest.call("fd_filestat_set_times", file, 5_000_000_001, 6_000_000_002, 5) == .success)
        #expect(times() == (5_000_000_001, 6_000_000_002))
        #expect(guest.call("path_filestat_set_times", 3, 0, .path("file"), 7, 8, 4) == .success)
        #expect(times() == (5_000_000_001, 8))
        #expect(guest.call("fd_filestat_set_times", file, 9, 9, 0) == .success)
        #expect(times() == (5_000_000_001, 8))
        #expect(guest.call("fd_filestat_set_times", file, 9, 9, 2) == .success)
        #expect(times().access > 1_600_000_000_000_000_000)
        for flags: UInt64 in [3, 12, 15] {
            #expect(guest.call("fd_filestat_set_times", file, 9, 9, .number(flags)) == .inval)
            #expect(guest.call("path_filestat_set_times", 3, 0, .path("file"), 9, 9, .number(flags)) == .inval)
        }
        #expect(times().modification == 8)
    }
}
