import Glibc
import TestSupport
import Testing
import WasmRuntime

@testable import WASIPreview1

@Suite("What surrounds a program")
struct ProgramTests {
    @Test("WASI-10: arguments and environment come byte for byte, pointers in order")
    func strings() throws {
        let guest = try TestGuest(arguments: ["app", "", "é x"], environment: ["A=1", "B==\n"])
        #expect(guest.call("args_sizes_get", 0x100, 0x104) == .success)
        #expect(guest.word(0x100) == 3)
        #expect(guest.word(0x104) == 10)
        #expect(guest.call("args_get", 0x200, 0x1000) == .success)
        #expect([0x200, 0x204, 0x208].map(guest.word) == [0x1000, 0x1004, 0x1005])
        #expect(guest.text(at: 0x1000, count: 10) == "app\0\0é x\0")
        #expect(guest.byte(0x100A) == 0xAA)
        #expect(guest.call("environ_sizes_get", 0x100, 0x104) == .success)
        #expect(guest.word(0x100) == 2)
        #expect(guest.call("environ_get", 0x200, 0x1000) == .success)
        #expect(guest.text(at: 0x1000, count: guest.word(0x104)) == "A=1\0B==\n\0")
    }

    @Test("WASI-11: the four clocks go on, and have a resolution", arguments: 0...3 as ClosedRange<UInt64>)
    func clocks(clock: UInt64) throws {
        let guest = try TestGuest()
        #expect(guest.call("clock_res_get", .number(clock), 0x100) == .success)
        #expect(guest.long(0x100) > 0)
        #expect(guest.call("clock_time_get", .number(clock), 1, 0x100) == .success)
        #expect(guest.call("clock_time_get", .number(clock), 1, 0x108) == .success)
        #expect(guest.long(0x108) >= guest.long(0x100))
        if clock == 0 { #expect(abs(Int(guest.long(0x108) / 1_000_000_000) - time(nil)) <= 1) }
    }

    @Test("WASI-12: any number of random bytes, and none beside them", arguments: [0, 1, 257, 700_000] as [UInt32])
    func random(count: UInt32) throws {
        let guest = try TestGuest()
        #expect(guest.call("random_get", 0x1000, .bits(count)) == .success)
        #expect(guest.byte(0x1000 + count) == 0xAA)
        if count > 256 { #expect(Set(try guest.memory.bytes(at: 0x1000, count: count)).count > 100) }
    }

    @Test("WASI-13: proc_exit ends the guest with the code as it is", arguments: [0, 1, 33, 126, 255, 0xFFFF_FFFF])
    func exit(code: UInt64) throws {
        let outcome = try TestGuest().outcome("proc_exit", [.number(code)]).0
        guard case .exits(let given) = outcome else { throw TestFailure(outcome) }
        #expect(UInt64(given) == code)
    }

    @Test("WASI-14: proc_raise ends the guest where the signal would")
    func raise() throws {
        let guest = try TestGuest()
        for (signal, linux) in [(6, SIGABRT), (9, SIGKILL), (10, SIGUSR1), (15, SIGTERM), (23, SIGXCPU), (30, SIGSYS)] {
            let outcome = guest.outcome("proc_raise", [.bits(signal)]).0
            guard case .exits(let code) = outcome else { throw TestFailure(outcome) }
            #expect(code == 128 + UInt32(linux))
        }
        for ignored: UInt64 in [0, 16, 22, 27] { #expect(guest.call("proc_raise", .number(ignored)) == .success) }
        for stopping: UInt64 in 17...21 { #expect(guest.call("proc_raise", .number(stopping)) == .notsup) }
        #expect(guest.call("proc_raise", 31) == .inval)
        #expect(guest.call("sched_yield") == .success)
    }

    @Test("WASI-5: what a signal interrupts is done again")
    func interrupted() throws {
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in }
        // SAFETY: both structures are locals; the handler does nothing.
        unsafe sigaction(SIGUSR2, &action, nil)
        // Tests run on threads that hold signals back.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGUSR2)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        defer { unsafe pthread_sigmask(SIG_BLOCK, &signals, nil) }
        var pair: [Int32] = [0, 0]
        unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
        let guest = try TestGuest(sockets: [pair[0]])
        let reader = pthread_self()
        let other = pair[1]
        let helper = Thread {
            for _ in 0..<5 {
                usleep(10_000)
                pthread_kill(reader, SIGUSR2)
            }
            _ = unsafe Glibc.write(other, "x", 1)
        }
        #expect(guest.read(4, from: 4) == "x")
        helper.join()
        close(other)
    }
}
