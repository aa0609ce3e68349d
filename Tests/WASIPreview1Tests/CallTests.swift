import TestSupport
import Testing
import WasmModule
import WasmRuntime

@testable import WASIPreview1

@Suite("Every call")
struct CallTests {
    /// Names and parameters as the witx file has them, written out again: i for i32, I for i64.
    static let signatures: [String: String] = [
        "args_get": "ii", "args_sizes_get": "ii", "environ_get": "ii", "environ_sizes_get": "ii",
        "clock_res_get": "ii", "clock_time_get": "iIi", "fd_advise": "iIIi", "fd_allocate": "iII", "fd_close": "i",
        "fd_datasync": "i", "fd_fdstat_get": "ii", "fd_fdstat_set_flags": "ii", "fd_fdstat_set_rights": "iII",
        "fd_filestat_get": "ii", "fd_filestat_set_size": "iI", "fd_filestat_set_times": "iIIi", "fd_pread": "iiiIi",
        "fd_prestat_get": "ii", "fd_prestat_dir_name": "iii", "fd_pwrite": "iiiIi", "fd_read": "iiii",
        "fd_readdir": "iiiIi", "fd_renumber": "ii", "fd_seek": "iIii", "fd_sync": "i", "fd_tell": "ii",
        "fd_write": "iiii", "path_create_directory": "iii", "path_filestat_get": "iiiii",
        "path_filestat_set_times": "iiiiIIi", "path_link": "iiiiiii", "path_open": "iiiiiIIii",
        "path_readlink": "iiiiii", "path_remove_directory": "iii", "path_rename": "iiiiii", "path_symlink": "iiiii",
        "path_unlink_file": "iii", "poll_oneoff": "iiii", "proc_raise": "i", "random_get": "ii", "sched_yield": "",
        "sock_accept": "iii", "sock_recv": "iiiiii", "sock_send": "iiiii", "sock_shutdown": "ii",
    ]

    @Test("WASI-1: every function has the type of the witx file, under both module names")
    func types() throws {
        let host = try TestGuest().host
        #expect(Self.signatures.count == 45)
        for (name, parameters) in Self.signatures {
            let type = FunctionType(parameters.map { $0 == "i" ? ValueType.i32 : .i64 }, [.i32])
            #expect(host.function(named: name)?.type == type, "\(name)")
            let unstable = host.function(named: name, in: "wasi_unstable")?.type
            #expect(unstable == (name == "sock_accept" ? nil : type), "\(name)")
        }
        for module in WASIPreview1Host.moduleNames {
            #expect(host.function(named: "proc_exit", in: module)?.type == FunctionType([.i32]))
            #expect(host.function(named: "fd_dup", in: module) == nil)
        }
        #expect(host.function(named: "fd_write", in: "env") == nil)
    }

    @Test("WASI-1: wasi_unstable has its own filestat, whence and subscription")
    func unstable() throws {
        let guest = try TestGuest()
        try guest.folder.write("12345", to: "file")
        let module = "wasi_unstable"
        guest.store(UInt64(0x1111), at: guest.result + 56)
        #expect(guest.call("path_filestat_get", in: module, 3, 0, .path("file"), .bits(guest.result)) == .success)
        #expect(guest.byte(guest.result + 16) == 4)
        #expect(guest.word(guest.result + 20) == 1)
        #expect(guest.long(guest.result + 24) == 5)
        #expect(guest.long(guest.result + 56) == 0x1111, "56 bytes, no more")
        let file = try guest.open("file").get()
        #expect(guest.call("fd_seek", in: module, .number(file), 4, 2, .bits(guest.result)) == .success)
        #expect(guest.long(guest.result) == 4)
        #expect(guest.call("fd_seek", in: module, .number(file), 0, 1, .bits(guest.result)) == .success)
        #expect(guest.long(guest.result) == 5)

        guest.store(UInt64(7), at: 0x1000)  // userdata
        guest.store(UInt64(0), at: 0x1008)  // clock
        guest.store(UInt64(0x99), at: 0x1010)  // identifier
        guest.store(UInt32(1), at: 0x1018)  // monotonic
        for offset: UInt32 in [0x20, 0x28, 0x30] { guest.store(UInt64(0), at: 0x1000 + offset) }
        #expect(guest.call("poll_oneoff", in: module, 0x1000, 0x2000, 1, .bits(guest.result)) == .success)
        #expect(guest.long(0x2000) == 7)
    }

    @Test(
        "WASI-2: what is not wholly inside the memory is a fault",
        arguments: [UInt64(TestGuest.size - 3), UInt64(TestGuest.size), 0x7FFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFF8])
    func outside(address: UInt64) throws {
        let guest = try TestGuest()
        try guest.folder.write("text", to: "file")
        try guest.folder.link("link", to: "file")
        let file = TestGuest.Argument.number(try guest.open("file").get())
        let bad = TestGuest.Argument.number(address)
        let good = TestGuest.Argument.bits(guest.result)
        guest.vectors(["abc"], at: 0x200)
        guest.store(UInt64(0), at: 0x1000)
        guest.store(UInt64(0), at: 0x1008)
        guest.store(UInt64(1), at: 0x1010)
        let calls: [(String, [TestGuest.Argument])] = [
            ("args_get", [bad, good]), ("args_get", [good, bad]), ("args_sizes_get", [bad, good]),
            ("args_sizes_get", [good, bad]), ("clock_res_get", [0, bad]), ("clock_time_get", [0, 0, bad]),
            ("random_get", [bad, 4]), ("fd_fdstat_get", [3, bad]), ("fd_filestat_get", [3, bad]),
            ("fd_prestat_get", [3, bad]), ("fd_read", [file, bad, 1, good]), ("fd_read", [file, 0x200, 1, bad]),
            ("fd_write", [file, bad, 1, good]), ("fd_write", [file, 0x200, 1, bad]),
            ("fd_write", [file, 0x200, 0xFFFF_FFFF, good]), ("fd_pread", [file, 0x200, 1, 0, bad]),
            ("fd_pwrite", [file, bad, 1, 0, good]), ("fd_seek", [file, 0, 0, bad]), ("fd_tell", [file, bad]),
            ("fd_readdir", [3, bad, 64, 0, good]), ("fd_readdir", [3, good, 64, 0, bad]),
            ("path_open", [3, 0, bad, 4, 0, 0, 0, 0, good]), ("path_filestat_get", [3, 0, .path("file"), bad]),
            ("path_filestat_get", [3, 0, bad, 4, good]), ("path_readlink", [3, .path("link"), bad, 8, good]),
            ("path_readlink", [3, .path("link"), good, 8, bad]), ("path_symlink", [bad, 4, 3, .path("new")]),
            ("path_rename", [3, .path("file"), 3, bad, 4]), ("path_link", [3, 0, bad, 4, 3, .path("new")]),
            ("poll_oneoff", [bad, 0x2000, 1, good]), ("poll_oneoff", [0x1000, bad, 1, good]),
            ("poll_oneoff", [0x1000, 0x2000, 1, bad]), ("poll_oneoff", [0x1000, 0x2000, 0xFFFF_FFFF, good]),
        ]
        for (name, arguments) in calls {
            let (_, error) = guest.outcome(name, arguments)
            #expect(error == .fault, "\(name) \(arguments)")
        }
        #expect(try guest.folder.names() == ["file", "link"])
    }

    @Test("WASI-2: nothing is written, opened or taken when the result has nowhere to go")
    func resultFirst() throws {
        let guest = try TestGuest()
        try guest.folder.write("text", to: "file")
        let file = TestGuest.Argument.number(try guest.open("file").get())
        guest.vectors(["XXXX"], at: 0x200)
        #expect(guest.call("fd_write", file, 0x200, 1, 0xFFFF_FFFE) == .fault)
        #expect(guest.call("fd_pwrite", file, 0x200, 1, 0, 0xFFFF_FFFE) == .fault)
        #expect(guest.call("fd_seek", file, 2, 0, 0xFFFF_FFFE) == .fault)
        #expect(guest.call("path_open", 3, 0, .path("new"), 1, 0, 0, 0, 0xFFFF_FFFE) == .fault)
        #expect(guest.call("fd_tell", file, .bits(guest.result)) == .success)
        #expect(guest.long(guest.result) == 0)
        #expect(try text(in: guest, "file") == "text")
        #expect(try guest.folder.names() == ["file"])
    }

    @Test("WASI-2: a buffer that reaches beyond the memory is a fault, a good one before it or not")
    func badBuffers() throws {
        let guest = try TestGuest()
        try guest.folder.write("text", to: "file")
        let file = TestGuest.Argument.number(try guest.open("file").get())
        for (start, count) in [(UInt32(0xFFFF_FFF0), UInt32(0x20)), (0x8000, 0xFFFF_FFFF), (UInt32(TestGuest.size), 1)]
        {
            guest.vectors(["good", "bad"], at: 0x200)
            guest.store(start, at: 0x208)
            guest.store(count, at: 0x20C)
            #expect(guest.call("fd_write", file, 0x200, 2, .bits(guest.result)) == .fault)
            #expect(guest.call("fd_read", file, 0x200, 2, .bits(guest.result)) == .fault)
            #expect(guest.call("fd_read", file, 0x208, 1, .bits(guest.result)) == .fault)
        }
        #expect(try text(in: guest, "file") == "text")
    }

    @Test("WASI-3: bits and numbers without a name are inval")
    func unnamed() throws {
        let guest = try TestGuest()
        try guest.folder.write("text", to: "file")
        let file = TestGuest.Argument.number(try guest.open("file").get())
        let out = TestGuest.Argument.bits(guest.result)
        #expect(guest.call("path_open", 3, 2, .path("file"), 0, 0, 0, 0, out) == .inval)
        #expect(guest.call("path_open", 3, 0, .path("file"), 16, 0, 0, 0, out) == .inval)
        #expect(guest.call("path_open", 3, 0, .path("file"), 0, 0, 0, 32, out) == .inval)
        #expect(guest.call("path_open", 3, 0, .path("file"), 0, 0xFFFF_FFFF_FFFF_FFFF, 0, 0, out) == .success)
        #expect(guest.call("path_filestat_get", 3, 0x8000_0000, .path("file"), out) == .inval)
        #expect(guest.call("path_filestat_set_times", 3, 0, .path("file"), 0, 0, 16) == .inval)
        #expect(guest.call("path_link", 3, 2, .path("file"), 3, .path("new")) == .inval)
        #expect(guest.call("fd_fdstat_set_flags", file, 0x1_0000) == .inval)
        #expect(guest.call("fd_seek", file, 0, 3, out) == .inval)
        #expect(guest.call("fd_advise", file, 0, 0, 6) == .inval)
        #expect(guest.call("clock_time_get", 4, 0, out) == .inval)
        #expect(guest.call("clock_res_get", 0xFFFF_FFFF, out) == .inval)
    }

    @Test("WASI-4: of many buffers the first 1024 are used, and they may overlap or be empty")
    func manyBuffers() throws {
        let guest = try TestGuest()
        let file = try guest.open("file", .creat).get()
        let text = guest.put("ab")
        for index: UInt32 in 0..<1500 {
            guest.store(text, at: 0x4000 + index * 8)
            guest.store(index % 3, at: 0x4000 + index * 8 + 4)
        }
        #expect(guest.call("fd_write", .number(file), 0x4000, 1500, .bits(guest.result)) == .success)
        #expect(guest.word(guest.result) == 1023)
        #expect(try contents(guest, "file").count == 1023)
        #expect(try contents(guest, "file").prefix(6) == [97, 97, 98, 97, 97, 98])
        #expect(guest.call("fd_write", .number(file), 0x4000, 0, .bits(guest.result)) == .success)
        #expect(guest.word(guest.result) == 0)
    }

    private func contents(_ guest: TestGuest, _ name: String) throws -> [UInt8] {
        Array(try text(in: guest, name).utf8)
    }
}
