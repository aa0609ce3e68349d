import Glibc
import TestSupport
import Testing

@testable import WASIPreview1

@Suite("Sockets")
struct SocketTests {
    @Test("WASI-65: a stream is sent, peeked at, received and shut down")
    func stream() throws {
        let (mine, other) = PollTests.sockets()
        let guest = try TestGuest(sockets: [mine])
        guest.vectors(["hel", "lo"], at: 0x200)
        #expect(guest.call("sock_send", 4, 0x200, 2, 0, 0x100) == .success)
        #expect(guest.word(0x100) == 5)
        #expect(guest.call("sock_send", 4, 0x200, 2, 1, 0x100) == .inval)
        var bytes = [UInt8](repeating: 0, count: 8)
        #expect(unsafe read(other, &bytes, 8) == 5)
        #expect(unsafe write(other, "world", 5) == 5)
        guest.store(UInt32(0x8000), at: 0x300)
        guest.store(UInt32(5), at: 0x304)
        for flags: UInt64 in [1, 2] {
            #expect(guest.call("sock_recv", 4, 0x300, 1, .number(flags), 0x100, 0x108) == .success)
            #expect(guest.text(at: 0x8000, count: guest.word(0x100)) == "world")
            #expect(guest.half(0x108) == 0)
        }
        #expect(guest.call("sock_recv", 4, 0x300, 1, 4, 0x100, 0x108) == .inval)
        #expect(guest.call("sock_shutdown", 4, 0) == .inval)
        #expect(guest.call("sock_shutdown", 4, 4) == .inval)
        #expect(guest.call("sock_shutdown", 4, 2) == .success)
        #expect(unsafe read(other, &bytes, 8) == 0)
        close(other)
        #expect(guest.call("sock_send", 4, 0x200, 2, 0, 0x100) == .pipe)
        #expect(guest.write("x", to: 4) == .pipe)
    }

    @Test("WASI-65: a datagram that was cut says so")
    func datagram() throws {
        let (mine, other) = PollTests.sockets(SOCK_DGRAM)
        let guest = try TestGuest(sockets: [mine])
        #expect(unsafe write(other, "12345", 5) == 5)
        guest.store(UInt32(0x8000), at: 0x300)
        guest.store(UInt32(3), at: 0x304)
        #expect(guest.call("sock_recv", 4, 0x300, 1, 0, 0x100, 0x108) == .success)
        #expect(guest.word(0x100) == 3)
        #expect(guest.half(0x108) == 1)
        close(other)
    }

    @Test("WASI-65: a connection is accepted, non-blocking if so asked")
    func accept() throws {
        let folder = try TestFolder()
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = folder.path("socket")
        // SAFETY: the path is shorter than the field, and the structure is a local.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
            for (index, byte) in path.utf8.enumerated() where index < field.count - 1 { unsafe field[index] = byte }
        }
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                #expect(unsafe bind(listener, pointer, size) == 0)
                #expect(listen(listener, 4) == 0)
            }
        }
        let guest = try TestGuest(sockets: [listener])
        #expect(guest.call("sock_accept", 4, 0, 0x100) == .again)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                #expect(unsafe connect(client, pointer, size) == 0)
            }
        }
        #expect(guest.call("sock_accept", 4, 1, 0x100) == .inval)
        #expect(guest.call("sock_accept", 4, 4, 0x100) == .success)
        #expect(guest.word(0x100) == 5)
        #expect(guest.read(1, from: 5) == nil, "non-blocking, and nothing there")
        #expect(guest.write("hi", to: 5) == .success)
        var bytes = [UInt8](repeating: 0, count: 4)
        #expect(unsafe read(client, &bytes, 4) == 2)
        close(client)
    }
}
