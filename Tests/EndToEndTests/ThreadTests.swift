import LinuxSystem
import TestSupport
import Testing

/// Programs with threads, as a user runs them.
@Suite("guests with threads")
struct ThreadTests {
    /// A module with threads: `start` is the body of `wasi_thread_start`, whose parameters are $number and $argument.
    private static func program(thread: String, main: String, exportsThread: Bool = true) -> String {
        """
        (module
          (import "env" "memory" (memory 1 1 shared))
          (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
          (func \(exportsThread ? "(export \"wasi_thread_start\")" : "") (param $number i32) (param $argument i32)
            \(thread))
          ;; Adds, and wakes whoever waits for the sum at 0.
          (func $add (param i32)
            (drop (i32.atomic.rmw.add (i32.const 0) (local.get 0)))
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
          (func $await (param $sum i32) (local $now i32)
            (loop $again
              (local.set $now (i32.atomic.load (i32.const 0)))
              (if (i32.ne (local.get $now) (local.get $sum))
                (then
                  (drop (memory.atomic.wait32 (i32.const 0) (local.get $now) (i64.const -1)))
                  (br $again)))))
          (func (export "_start") (local $i i32)
            \(main)))
        """
    }

    private func run(_ text: String) throws -> (end: Int32?, errors: String)? {
        guard let session = try Session() else { return nil }
        let path = try session.folder.write(text, to: "program.wat")
        let outcome = try session.run(["run", path])
        guard case .exited(let code) = outcome.end else { return (nil, outcome.errors) }
        return (code, outcome.errors)
    }

    @Test("THR-1: threads have the memory together, and run at once: each waits for the others")
    func shared() throws {
        // Every thread adds its argument, and waits until all of them have: only threads that run at once get there.
        let outcome = try run(
            Self.program(
                thread: "(call $add (local.get $argument)) (call $await (i32.const 36)) (call $add (i32.const 0))",
                main: """
                    (loop $more
                      (local.set $i (i32.add (local.get $i) (i32.const 1)))
                      (if (i32.le_s (call $spawn (local.get $i)) (i32.const 0)) (then unreachable))
                      (br_if $more (i32.lt_u (local.get $i) (i32.const 8))))
                    (call $await (i32.const 36))
                    (call $exit (i32.atomic.load (i32.const 0)))
                    """))
        #expect(outcome == nil || outcome?.end == 36, "\(outcome?.errors ?? "")")
    }

    @Test("THR-2: a trap in any thread ends the program, with its reason and place")
    func trap() throws {
        let outcome = try run(
            Self.program(
                thread: "unreachable",
                main: "(drop (call $spawn (i32.const 0))) (call $await (i32.const 1))"))
        #expect(outcome == nil || outcome?.end == 134)
        #expect(outcome == nil || outcome?.errors.contains("unreachable executed\n    at wasi_thread_start") == true)
    }

    @Test("THR-2: proc_exit in any thread ends the program; returning from the first does, whatever the others do")
    func exit() throws {
        let busy = "(loop $ever (br $ever))"
        let outcome = try run(
            Self.program(
                thread: "(call $exit (local.get $argument))", main: "(drop (call $spawn (i32.const 7))) \(busy)"))
        #expect(outcome == nil || outcome?.end == 7)
        let returned = try run(Self.program(thread: busy, main: "(drop (call $spawn (i32.const 7)))"))
        #expect(returned == nil || returned?.end == 0)
    }

    @Test("THR-3: no more than 1024 threads; a module without wasi_thread_start has none")
    func refused() throws {
        let outcome = try run(
            Self.program(
                thread: "(call $await (i32.const -1))",
                main: """
                    (loop $more
                      (local.set $i (i32.add (local.get $i) (i32.const 1)))
                      (br_if $more (i32.gt_s (call $spawn (i32.const 0)) (i32.const 0))))
                    (call $exit (i32.and (i32.div_u (local.get $i) (i32.const 25)) (i32.const 127)))
                    """))
        // The 1025th is refused; 1025 / 25 is 41.
        #expect(outcome == nil || outcome?.end == 41, "\(outcome?.errors ?? "")")
        let none = try run(
            Self.program(
                thread: "", main: "(call $exit (i32.sub (i32.const 0) (call $spawn (i32.const 0))))",
                exportsThread: false))
        #expect(none == nil || none?.end == 58)
    }

    @Test("THR-4: calls of the host from many threads at once leave its descriptors whole")
    func host() throws {
        // Descriptor 0 goes to 2 and nothing else: of all the moves one is done.
        let outcome = try run(
            Self.program(
                thread: """
                    (local $times i32)
                    (loop $again
                      (drop (call $yield))
                      (drop (call $read (i32.const 77) (i32.const 16) (i32.const 0) (i32.const 8)))
                      (local.set $times (i32.add (local.get $times) (i32.const 1)))
                      (br_if $again (i32.lt_u (local.get $times) (i32.const 2000))))
                    (if (i32.eqz (call $renumber (i32.const 0) (i32.const 2))) (then (call $add (i32.const 100))))
                    (call $add (i32.const 1))
                    """,
                main: """
                    (loop $more
                      (local.set $i (i32.add (local.get $i) (i32.const 1)))
                      (drop (call $spawn (local.get $i)))
                      (br_if $more (i32.lt_u (local.get $i) (i32.const 6))))
                    (call $await (i32.const 106))
                    (call $exit (i32.atomic.load (i32.const 0)))
                    """))
        #expect(outcome == nil || outcome?.end == 106, "\(outcome?.errors ?? "")")
    }
}
