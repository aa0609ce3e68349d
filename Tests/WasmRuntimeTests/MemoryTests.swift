import Foundation
import Testing
import WasmModule
import WasmRuntime
import WasmText

@Suite struct MemoryTests {
    private struct Missing: Error {}

    private func instance(
        _ text: String, memory: LinearMemory? = nil, in store: Store
    ) throws -> Instance {
        try Instance(Module(try assemble(Array(text.utf8))), in: store) { _, _ in memory.map { .memory($0) } }
    }

    private func call(_ instance: Instance, _ name: String, _ arguments: UInt64...) throws -> [UInt64] {
        guard case .function(let function) = instance.export(name) else { throw Missing() }
        return try function.call(arguments)
    }

    /// Why a call traps.
    private func trap(_ instance: Instance, _ name: String, _ arguments: UInt64...) throws -> String {
        guard case .function(let function) = instance.export(name) else { throw Missing() }
        do throws(CallEnd) {
            _ = try function.call(arguments)
            return "returned"
        } catch {
            guard case .trapped(let trap) = error else { return "exited" }
            return trap.reason
        }
    }

    @Test(
        "MEM-1: an access of any memory is inside it to the byte, or traps; the sum of address and offset never wraps")
    func bounds() throws {
        let store = try Store()
        let instance = try instance(
            """
            (module (memory 1) (memory $b 1) (memory $w i64 1)
              (func (export "narrow") (param i32) (result i64) (i64.load $b offset=8 (local.get 0)))
              (func (export "wide") (param i64) (result i64) (i64.load $w offset=8 (local.get 0)))
              (func (export "far") (param i64) (result i32) (i32.load8_u $w offset=0xffffffffffffffff (local.get 0)))
              (func (export "store") (param i64 f32) (f32.store $w (local.get 0) (local.get 1))))
            """, in: store)
        #expect(try call(instance, "narrow", 65_520) == [0])
        #expect(try trap(instance, "narrow", 65_521) == "out of bounds memory access")
        #expect(try trap(instance, "narrow", 0xFFFF_FFF8) == "out of bounds memory access")
        // What stands above an i32 in its slot means nothing.
        #expect(try call(instance, "narrow", 1 << 40) == [0])
        #expect(try call(instance, "wide", 65_520) == [0])
        for address: UInt64 in [65_521, 1 << 32, .max, .max - 7, .max - 8] {
            #expect(try trap(instance, "wide", address) == "out of bounds memory access")
        }
        #expect(try trap(instance, "far", 1) == "out of bounds memory access")
        #expect(try trap(instance, "far", 2) == "out of bounds memory access")
        #expect(try trap(instance, "store", 65_533, 0) == "out of bounds memory access")
        #expect(try call(instance, "store", 65_532, 0) == [])
    }

    @Test("MEM-2: a memory with 64-bit addresses holds more than 4 GiB, and what cannot be given is refused")
    func largeMemories() throws {
        let store = try Store()
        let instance = try instance(
            """
            (module (memory i64 0x10001)
              (func (export "f") (param i64) (result i64)
                (i64.store (local.get 0) (i64.const 0x1122334455667788)) (i64.load (local.get 0)))
              (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
              (func (export "size") (result i64) (memory.size)))
            """, in: store)
        #expect(try call(instance, "f", 1 << 32) == [0x1122_3344_5566_7788])
        #expect(try call(instance, "size") == [0x10001])
        #expect(try call(instance, "grow", 1 << 40) == [.max])
        #expect(try call(instance, "grow", .max) == [.max])
        #expect(try call(instance, "grow", 1) == [0x10001])
        let error = #expect(throws: RuntimeError.self) {
            _ = try self.instance("(module (memory i64 0x1000000000000))", in: store)
        }
        #expect(error?.description.contains("256 GiB") == true)
    }

    @Test("MEM-3: a memory of pages of one byte has exactly its size")
    func smallPages() throws {
        let store = try Store()
        let instance = try instance(
            """
            (module (memory 5 9 (pagesize 1))
              (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0)))
              (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
            """, in: store)
        #expect(try call(instance, "get", 4) == [0])
        #expect(try trap(instance, "get", 5) == "out of bounds memory access")
        #expect(try call(instance, "grow", 4) == [5])
        #expect(try call(instance, "get", 8) == [0])
        #expect(try trap(instance, "get", 9) == "out of bounds memory access")
        #expect(try call(instance, "grow", 1) == [0xFFFF_FFFF])
    }

    @Test("MEM-4: bytes are copied between memories of different addresses")
    func copies() throws {
        let store = try Store()
        let instance = try instance(
            """
            (module (memory $a 1) (memory $b i64 1) (data (memory $a) (i32.const 7) "hello")
              (func (export "f") (param i64 i32 i32) (result i64)
                (memory.copy $b $a (local.get 0) (local.get 1) (local.get 2)) (i64.load $b (local.get 0))))
            """, in: store)
        #expect(try call(instance, "f", 100, 7, 5) == [0x6F_6C6C_6568])
        #expect(try trap(instance, "f", 1 << 32, 7, 5) == "out of bounds memory access")
        #expect(try trap(instance, "f", 65_532, 7, 5) == "out of bounds memory access")
    }

    @Test("MEM-5: a table's 64-bit index is compared whole")
    func wideTables() throws {
        let store = try Store()
        let instance = try instance(
            """
            (module (table $t i64 2 funcref) (elem (table $t) (i64.const 0) func $g $g) (type $s (func (result i32)))
              (func $g (result i32) (i32.const 9))
              (func (export "call") (param i64) (result i32) (call_indirect $t (type $s) (local.get 0)))
              (func (export "null") (param i64) (result i32) (ref.is_null (table.get $t (local.get 0))))
              (func (export "grow") (param i64) (result i64) (table.grow $t (ref.null func) (local.get 0))))
            """, in: store)
        #expect(try call(instance, "call", 1) == [9])
        #expect(try call(instance, "null", 1) == [0])
        #expect(try trap(instance, "call", 1 << 32).hasPrefix("undefined element"))
        #expect(try trap(instance, "null", 1 << 32) == "out of bounds table access")
        #expect(try call(instance, "grow", 1 << 32) == [.max])
        #expect(try call(instance, "grow", 1) == [2])
    }

    // MARK: - Threads

    /// What went wrong on several threads.
    // SAFETY: the list is only touched under the lock.
    private final class Problems: @unchecked Sendable {
        private let lock = NSLock()
        private var list: [any Error] = []

        func add(_ problem: any Error) { lock.withLock { list.append(problem) } }

        var first: (any Error)? { lock.withLock { list.first } }
    }

    /// Two threads with a store and an instance each, and one memory.
    private func inParallel(
        _ text: String, maximum: UInt64 = 8, _ bodies: [@Sendable (Instance) throws -> Void]
    ) throws -> LinearMemory {
        let type = MemoryType(limits: Limits(minimum: 1, maximum: maximum), isShared: true)
        let memory = try LinearMemory(type)
        let problems = Problems()
        let group = DispatchGroup()
        for body in bodies {
            group.enter()
            Thread {
                do {
                    let store = try Store()
                    try withExtendedLifetime(store) {
                        try body(self.instance(text, memory: memory, in: store))
                    }
                } catch {
                    problems.add(error)
                }
                group.leave()
            }.start()
        }
        group.wait()
        if let problem = problems.first { throw problem }
        return memory
    }

    private static let shared = """
        (module (memory (import "m" "m") 1 8 shared)
          (func (export "count") (param i32) (loop
            (drop (i32.atomic.rmw8.add_u (i32.const 3) (i32.const 1)))
            (drop (i64.atomic.rmw.add (i32.const 8) (i64.const 1)))
            (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
          (func (export "wait") (param i32 i64) (result i32)
            (memory.atomic.wait32 (i32.const 64) (local.get 0) (local.get 1)))
          (func (export "wake") (param i32) (result i32) (memory.atomic.notify (i32.const 64) (local.get 0)))
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
          (func (export "put") (param i32) (i32.atomic.store (i32.const 128) (local.get 0)))
          (func (export "get") (result i32) (i32.atomic.load (i32.const 128))))
        """

    @Test("MEM-6: atomic accesses of several threads do not lose each other's changes; one grows, all see it")
    func counting() throws {
        let rounds: UInt64 = 200_000
        let memory = try inParallel(
            Self.shared,
            [UInt64](repeating: rounds, count: 3).map { rounds in
                { instance in
                    _ = try self.call(instance, "count", rounds)
                    _ = try self.call(instance, "grow", 1)
                }
            })
        #expect(try memory.contents.load(UInt64.self, at: 8) == 3 * rounds)
        #expect(try memory.contents.load(UInt8.self, at: 3) == UInt8(truncatingIfNeeded: 3 * rounds))
        #expect(memory.currentType.limits.minimum == 4)
    }

    @Test("MEM-6: of threads that grow a memory at once, each gets pages of its own")
    func growing() throws {
        let text = """
            (module (memory (import "m" "m") 1 8001 shared)
              (func (export "grow") (param $rounds i32) (local $at i32)
                (loop
                  (local.set $at (i32.shl (memory.grow (i32.const 1)) (i32.const 16)))
                  (if (i32.load (local.get $at)) (then (unreachable)))
                  (i32.store (local.get $at) (i32.const 1))
                  (br_if 0 (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))))
            """
        let memory = try inParallel(
            text, maximum: 8001,
            [UInt64](repeating: 2000, count: 4).map { rounds in
                { instance in _ = try self.call(instance, "grow", rounds) }
            })
        #expect(memory.currentType.limits.minimum == 8001)
    }

    @Test("MEM-7: one notification wakes those who wait for either width")
    func bothWidths() throws {
        let text = """
            (module (memory (import "m" "m") 1 8 shared)
              (func (export "wait32") (result i32) (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
                (memory.atomic.wait32 (i32.const 64) (i32.const 0) (i64.const -1)))
              (func (export "wait64") (result i32) (drop (i32.atomic.rmw.add (i32.const 8) (i32.const 1)))
                (memory.atomic.wait64 (i32.const 64) (i64.const 0) (i64.const -1)))
              (func (export "wake") (param $woken i32)
                (loop (br_if 0 (i32.lt_u (i32.atomic.load (i32.const 8)) (i32.const 2))))
                (if (memory.atomic.notify (i32.const 64) (i32.const 0)) (then (unreachable)))
                (if (memory.atomic.notify (i32.const 72) (i32.const -1)) (then (unreachable)))
                (loop
                  (local.set $woken (i32.add (local.get $woken) (memory.atomic.notify (i32.const 64) (i32.const -1))))
                  (br_if 0 (i32.lt_u (local.get $woken) (i32.const 2))))))
            """
        _ = try inParallel(
            text,
            [
                { instance in
                    let result = try self.call(instance, "wait32")
                    #expect(result == [0])
                },
                { instance in
                    let result = try self.call(instance, "wait64")
                    #expect(result == [0])
                },
                { instance in _ = try self.call(instance, "wake", 0) },
            ])
    }

    @Test("MEM-7: who waits at a place is woken there, or not if it holds something else, or its time is over")
    func waiting() throws {
        _ = try inParallel(
            Self.shared,
            [
                { instance in
                    #expect(try self.call(instance, "wait", 1, .max) == [1])
                    #expect(try self.call(instance, "wait", 0, 1_000_000) == [2])
                    _ = try self.call(instance, "put", 1)
                    // Nobody comes but the other thread's notification.
                    #expect(try self.call(instance, "wait", 0, .max) == [0])
                },
                { instance in
                    while try self.call(instance, "get") == [0] { sched_yield() }
                    while try self.call(instance, "wake", 5) == [0] { sched_yield() }
                },
            ])
        let store = try Store()
        let unshared = try instance(
            #"(module (memory 1) (func (export "f") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))"#,
            in: store)
        #expect(try trap(unshared, "f") == "expected shared memory")
    }
}
