import Glibc
import TestSupport
import Testing

@testable import WASIPreview1

@Suite("Waiting")
struct PollTests {
    enum Wanted {
        case clock(UInt32, UInt64, absolute: Bool)
        case read(UInt32)
        case write(UInt32)
    }

    struct Event: Equatable {
        let user: UInt64
        let error: Errno?
        let type: UInt8
        var bytes: UInt64 = 0
        var hangup = false
    }

    /// Waits for what is wanted, whose user numbers are 100, 101, ….
    static func poll(_ guest: TestGuest, _ wanted: [Wanted]) throws -> [Event] {
        for (index, one) in wanted.enumerated() {
            let at = UInt32(0x1000 + index * 48)
            for offset in stride(from: UInt32(0), to: 48, by: 8) { guest.store(UInt64(0), at: at + offset) }
            guest.store(UInt64(100 + index), at: at)
            switch one {
            case .clock(let clock, let timeout, let absolute):
                guest.store(clock, at: at + 16)
                guest.store(timeout, at: at + 24)
                guest.store(UInt16(absolute ? 1 : 0), at: at + 40)
            case .read(let number):
                guest.store(UInt8(1), at: at + 8)
                guest.store(number, at: at + 16)
            case .write(let number):
                guest.store(UInt8(2), at: at + 8)
                guest.store(number, at: at + 16)
            }
        }
        let error = guest.call("poll_oneoff", 0x1000, 0x20000, .bits(wanted.count), 0x100)
        guard error == .success else { throw error ?? .io }
        return (0..<guest.word(0x100)).map { index in
            let at = 0x20000 + index * 32
            return Event(
                user: guest.long(at), error: Errno(rawValue: guest.half(at + 8)), type: guest.byte(at + 10),
                bytes: guest.long(at + 16), hangup: guest.half(at + 24) == 1)
        }
    }

    static func sockets(_ type: __socket_type = SOCK_STREAM) -> (Int32, Int32) {
        var pair: [Int32] = [0, 0]
        unsafe socketpair(AF_UNIX, Int32(type.rawValue), 0, &pair)
        return (pair[0], pair[1])
    }

    static func monotonic() -> UInt64 { (try? WASIPreview1Host.now(CLOCK_MONOTONIC)) ?? 0 }

    @Test("WASI-60: nothing to wait for is inval")
    func nothing() throws {
        #expect(try TestGuest().call("poll_oneoff", 0x1000, 0x2000, 0, 0x100) == .inval)
    }

    @Test("WASI-60: all that has happened is reported, in the order asked")
    func order() throws {
        let (mine, other) = Self.sockets()
        let guest = try TestGuest(sockets: [mine])
        let file = UInt32(try guest.open("file", .creat).get())
        let events = try Self.poll(
            guest,
            [
                .write(file), .clock(1, 3_600_000_000_000, absolute: false), .read(4), .write(4), .read(file),
                .clock(1, 0, absolute: false),
            ])
        #expect(events.map(\.user) == [100, 103, 104, 105])
        #expect(events.map(\.type) == [2, 2, 1, 0])
        #expect(events.allSatisfy { $0.error == .success })
        close(other)
    }

    @Test("WASI-61: a relative time is waited for, and no longer", arguments: [0, 1] as [UInt32])
    func relative(clock: UInt32) throws {
        let guest = try TestGuest()
        let start = Self.monotonic()
        let events = try Self.poll(
            guest, [.clock(clock, 60_000_000, absolute: false), .clock(clock, 30_000_000, absolute: false)])
        #expect(Self.monotonic() - start >= 30_000_000)
        #expect(events.map(\.user) == [101] || Self.monotonic() - start >= 60_000_000)
    }

    @Test("WASI-61: an absolute time is a reading of its clock")
    func absolute() throws {
        let guest = try TestGuest()
        for (clock, id) in [(0, CLOCK_REALTIME), (1, CLOCK_MONOTONIC)] as [(UInt32, clockid_t)] {
            let now = try WASIPreview1Host.now(id)
            #expect(try Self.poll(guest, [.clock(clock, 5, absolute: true)]).count == 1, "long past")
            #expect(try Self.poll(guest, [.clock(clock, now + 20_000_000, absolute: true)]).count == 1)
            #expect(try WASIPreview1Host.now(id) >= now + 20_000_000)
            let both: [Wanted] = [
                .clock(clock, .max, absolute: true), .clock(clock, .max, absolute: false),
                .clock(clock, 0, absolute: false),
            ]
            #expect(try Self.poll(guest, both).map(\.user) == [102])
        }
        for clock: UInt32 in [2, 3, 4, 0xFFFF_FFFF] {
            #expect(throws: Errno.inval) { try Self.poll(guest, [.clock(clock, 0, absolute: false)]) }
        }
    }

    @Test("WASI-62: what cannot be waited for is an event with the error, at once")
    func bad() throws {
        let guest = try TestGuest()
        let events = try Self.poll(
            guest, [.read(77), .clock(1, 3_600_000_000_000, absolute: false), .write(0xFFFF_FFFF), .read(3)])
        #expect(
            events == [
                Event(user: 100, error: .badf, type: 1), Event(user: 102, error: .badf, type: 2),
                Event(user: 103, error: .badf, type: 1),
            ])
    }

    @Test("WASI-63: how much can be read, and that the other side is gone")
    func readable() throws {
        let (mine, other) = Self.sockets()
        let guest = try TestGuest(sockets: [mine])
        try guest.folder.write("12345", to: "file")
        let file = try guest.open("file").get()
        #expect(guest.read(2, from: file) == "12")
        #expect(try Self.poll(guest, [.read(UInt32(file))]) == [Event(user: 100, error: .success, type: 1, bytes: 3)])
        let writer = Thread {
            usleep(20_000)
            _ = unsafe Glibc.write(other, "abc", 3)
        }
        #expect(try Self.poll(guest, [.read(4)]) == [Event(user: 100, error: .success, type: 1, bytes: 3)])
        writer.join()
        close(other)
        let event = try Self.poll(guest, [.read(4)])
        #expect(event == [Event(user: 100, error: .success, type: 1, bytes: 3, hangup: true)])
    }

    @Test("WASI-62: a long list costs no more than its descriptors")
    func long() throws {
        let (mine, other) = Self.sockets()
        let guest = try TestGuest(sockets: [mine])
        let events = try Self.poll(guest, Array(repeating: .write(4), count: 1000))
        #expect(events.count == 1000)
        close(other)
    }
}
