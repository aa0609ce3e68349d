import Foundation
import TestSupport
import Testing
import WasmModule
import WasmRuntime

@Suite struct RunTests {
    typealias Kind = ModuleBuilder.Kind

    /// Calls the export `f` of a module without imports.
    private func run(_ bytes: [UInt8], _ arguments: [UInt64] = []) throws -> Result<[UInt64], CallEnd> {
        let store = try Store()
        let instance = try Instance(Module(bytes), in: store) { _, _ in nil }
        guard case .function(let function) = instance.export("f") else { throw Missing() }
        do throws(CallEnd) {
            return .success(try function.call(arguments))
        } catch {
            return .failure(error)
        }
    }

    private struct Missing: Error {}

    private func trap(_ result: Result<[UInt64], CallEnd>) -> Trap? {
        if case .failure(.trapped(let trap)) = result { trap } else { nil }
    }

    @Test("RUN-1: an access beyond the memory is a trap, at its very end and 8 GiB away")
    func memoryFaultsAreTraps() throws {
        // i32.load offset=0xffffffff of the argument.
        let far = ModuleBuilder.function(
            [Kind.i32], [Kind.i32], memory: 1, [0x20, 0, 0x28, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x0B])
        #expect(trap(try run(far, [0xFFFF_FFFF]))?.reason == "out of bounds memory access")
        let near = ModuleBuilder.function([Kind.i32], [Kind.i32], memory: 1, [0x20, 0, 0x28, 0, 0, 0x0B])
        #expect(try run(near, [65_532]).get() == [0])
        #expect(trap(try run(near, [65_533]))?.reason == "out of bounds memory access")
    }

    @Test("RUN-2: a store that is partly out of bounds traps and writes nothing")
    func partialStoreWritesNothing() throws {
        // i64.store at the argument, then nothing; and a load of the last four bytes.
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], []), ([], [Kind.i32])])
        builder.functions([0, 1])
        builder.memory(1)
        builder.exports([("store", 0, 0), ("load", 0, 1)])
        builder.code([
            ([], [0x20, 0, 0x42, 0x7F, 0x37, 0, 0, 0x0B]), ([], [0x41, 0, 0x28, 0, 0xFC, 0xFF, 0x03, 0x0B]),
        ])
        let store = try Store()
        let instance = try Instance(Module(builder.bytes), in: store) { _, _ in nil }
        guard case .function(let write) = instance.export("store"), case .function(let read) = instance.export("load")
        else { throw Missing() }
        #expect(throws: CallEnd.self) { try write.call([65_532]) }
        #expect(try read.call() == [0])
    }

    @Test("RUN-3: endless recursion is a trap, and the store is good for the next call")
    func recursionTraps() throws {
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], [Kind.i32])])
        builder.functions([0])
        builder.exports([("f", 0, 0)])
        // f(n) = n == 0 ? 0 : f(n - 1)
        builder.code([([], [0x20, 0, 0x04, 0x7F, 0x20, 0, 0x41, 1, 0x6B, 0x10, 0, 0x05, 0x41, 0, 0x0B, 0x0B])])
        let store = try Store()
        let instance = try Instance(Module(builder.bytes), in: store) { _, _ in nil }
        guard case .function(let function) = instance.export("f") else { throw Missing() }
        do throws(CallEnd) {
            _ = try function.call([0xFFFF_FFFF])
            Issue.record("returned")
        } catch {
            guard case .trapped(let trap) = error else { throw error }
            #expect(trap.reason == "call stack exhausted")
            #expect(trap.frames.count == 32)
            #expect(trap.omittedFrames > 1_000)
        }
        #expect(try function.call([1_000]) == [0])
    }

    @Test("RUN-4: a backtrace names functions and bytes, innermost first")
    func backtraceNamesFunctions() throws {
        var builder = ModuleBuilder()
        builder.types([([], [])])
        builder.functions([0, 0])
        builder.exports([("f", 0, 0)])
        builder.code([([], [0x10, 1, 0x0B]), ([], [0x01, 0x00, 0x0B])])
        builder.names([(0, "outer"), (1, "inner")])
        let bytes = builder.bytes
        let trap = try #require(trap(try run(bytes)))
        #expect(trap.reason == "unreachable executed")
        #expect(trap.frames.map(\.name) == ["inner", "outer"])
        // The last body is a size, no locals, nop, unreachable, end; before it stand call, 1, end.
        let end = try #require(Module(bytes).bodies.last?.range.upperBound)
        #expect(trap.frames[0].offset == end - 2)
        #expect(trap.frames[1].offset == end - 8)
    }

    @Test("RUN-5: a host function's exit unwinds all guest frames")
    func hostExitUnwinds() throws {
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], []), ([], [])])
        builder.imports([("host", "exit", 0)])
        builder.functions([1, 1])
        builder.exports([("f", 0, 1)])
        builder.code([([], [0x10, 2, 0x00, 0x0B]), ([], [0x41, 42, 0x10, 0, 0x00, 0x0B])])
        let store = try Store()
        let instance = try Instance(Module(builder.bytes), in: store) { _, _ in
            .function(Function(HostFunction(FunctionType([.i32])) { .exits($0.i32(0)) }, in: store))
        }
        guard case .function(let function) = instance.export("f") else { throw Missing() }
        do throws(CallEnd) {
            _ = try function.call()
            Issue.record("returned")
        } catch {
            guard case .exited(let code) = error else { throw error }
            #expect(code == 42)
        }
    }

    @Test("RUN-6: all missing and wrong imports are named at once")
    func unresolvedImportsAreListed() throws {
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], []), ([], [])])
        builder.imports([("a", "b", 0), ("c", "d", 1)])
        let store = try Store()
        let unlinked = try Module(builder.bytes)
        do throws(RuntimeError) {
            _ = try Instance(unlinked, in: store) { module, _ in
                module == "c"
                    ? .function(Function(HostFunction(FunctionType([.i64])) { _ in .returned }, in: store)) : nil
            }
            Issue.record("linked")
        } catch {
            #expect(error.description.contains("a.b (function [i32] -> [])"))
            #expect(error.description.contains("c.d: incompatible import type"))
        }
    }

    @Test("RUN-7: memory grows up to its maximum, and what is new is zero and accessible")
    func memoryGrows() throws {
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], [Kind.i32])])
        builder.functions([0, 0])
        builder.memory(1, maximum: 3)
        builder.exports([("grow", 0, 0), ("load", 0, 1)])
        builder.code([([], [0x20, 0, 0x40, 0, 0x0B]), ([], [0x20, 0, 0x28, 0, 0, 0x0B])])
        let store = try Store()
        let instance = try Instance(Module(builder.bytes), in: store) { _, _ in nil }
        guard case .function(let grow) = instance.export("grow"), case .function(let load) = instance.export("load")
        else { throw Missing() }
        #expect(throws: CallEnd.self) { try load.call([65_536]) }
        #expect(try grow.call([2]) == [1])
        #expect(try load.call([3 * 65_536 - 4]) == [0])
        #expect(try grow.call([1]) == [0xFFFF_FFFF])
        #expect(try grow.call([0]) == [3])
    }

    @Test("RUN-8: a tail call takes no stack")
    func tailCallsTakeNoStack() throws {
        // f(n) = n == 0 ? 7 : return_call f(n - 1)
        let code: [UInt8] = [
            0x20, 0, 0x45, 0x04, 0x40, 0x41, 7, 0x0F, 0x0B, 0x20, 0, 0x41, 1, 0x6B, 0x12, 0, 0x0B,
        ]
        #expect(try run(ModuleBuilder.function([Kind.i32], [Kind.i32], code), [3_000_000]).get() == [7])
    }

    @Test("RUN-9: what a failed instance put into a shared table stays callable")
    func functionsOutliveTheirInstance() throws {
        var shared = ModuleBuilder()
        shared.types([([], [Kind.i32])])
        shared.functions([0])
        shared.table(1)
        shared.exports([("table", 1, 0), ("f", 0, 0)])
        shared.code([([], [0x41, 0, 0x11, 0, 0, 0x0B])])
        let store = try Store()
        let owner = try Instance(Module(shared.bytes), in: store) { _, _ in nil }
        var failing = ModuleBuilder()
        failing.types([([], [Kind.i32])])
        failing.section(2, [1] + ModuleBuilder.name("m") + ModuleBuilder.name("table") + [1, Kind.funcref, 0, 1])
        failing.functions([0])
        failing.memory(0)
        failing.section(9, [1, 0, 0x41, 0, 0x0B, 1, 0])
        failing.code([([], [0x41, 23, 0x0B])])
        // A data segment that does not fit.
        failing.section(11, [1, 0, 0x41, 0, 0x0B, 1, 1])
        let module = try Module(failing.bytes)
        #expect(throws: RuntimeError.self) {
            _ = try Instance(module, in: store) { _, name in owner.export(name) }
        }
        guard case .function(let function) = owner.export("f") else { throw Missing() }
        #expect(try function.call() == [23])
    }

    @Test("RUN-12: a thousand values are carried out of a block by one instruction, and arrive in order")
    func manyValuesMoveAsABlock() throws {
        let count = 1_000
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], [Kind.i32]), ([], [UInt8](repeating: Kind.i32, count: count))])
        builder.functions([0, 1])
        builder.exports([("f", 0, 0)])
        // The last of the values that a block gives, left by a branch with one value too many below.
        var block: [UInt8] = [0x02, 1, 0x41, 7]
        for value in 0..<count { block += [0x41] + Self.signed(value) }
        block += [0x20, 0, 0x0D, 0, 0x0C, 0, 0x0B, 0x21, 0]
        block += [UInt8](repeating: 0x1A, count: count - 1) + [0x20, 0, 0x0B]
        builder.code([([], block), ([], [0x00, 0x0B])])
        let module = try Module(builder.bytes)
        let listing = FunctionTranslator.translate(module, body: 0).listing
        #expect(listing.components(separatedBy: "copy_range").count == 3)
        #expect(try run(builder.bytes, [1]).get() == [999])
        #expect(try run(builder.bytes, [0]).get() == [999])
    }

    /// A small number as the format writes signed ones.
    private static func signed(_ value: Int) -> [UInt8] {
        value < 64 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80, UInt8(value >> 7)]
    }

    @Test("RUN-13: when the stack runs out on a first call, the backtrace begins at the caller")
    func exhaustionOnFirstCallIsTraced() throws {
        var builder = ModuleBuilder()
        builder.types([([], [])])
        builder.functions([0, 0])
        builder.exports([("f", 0, 0)])
        // The callee's frame is larger than the whole stack of this store.
        builder.code([([], [0x10, 1, 0x0B]), ([(40_000, Kind.i64)], [0x0B])])
        let store = try Store(stackBytes: 64 << 10)
        let instance = try Instance(Module(builder.bytes), in: store) { _, _ in nil }
        guard case .function(let function) = instance.export("f") else { throw Missing() }
        do throws(CallEnd) {
            _ = try function.call()
            Issue.record("returned")
        } catch {
            guard case .trapped(let trap) = error else { throw error }
            #expect(trap.reason == "call stack exhausted")
            #expect(trap.frames.map(\.function) == [0])
        }
    }

    @Test("RUN-14: memory that the system refuses is an error that says what it was for, and nothing is freed twice")
    func refusedMemoryIsAnError() throws {
        let type = TableType(element: .funcref, limits: Limits(minimum: 6_000_000))
        let store = try Store()
        let first = try Table(type, in: store)
        do throws(RuntimeError) {
            _ = try Table(type, in: store)
            Issue.record("more elements than the limit")
        } catch {
            #expect(error.description.contains("no memory for a table of 6000000 elements"))
        }
        #expect(first.currentType.limits.minimum == 6_000_000)
    }

    @Test("RUN-15: of a global of 32 bits the host sees 32 bits, whatever the guest's slot has above them")
    func narrowGlobal() throws {
        let store = try Store()
        let instance = try Instance(
            text: """
                (module (global (export "g") (mut i32) (i32.const 0))
                  (func (export "f") (param i64) (global.set 0 (i32.wrap_i64 (i64.add (local.get 0) (i64.const 1))))))
                """, in: store)
        _ = try instance.call("f", 0xFFFF_FFFF_FFFF_FFEF)
        guard case .global(let global) = instance.export("g") else { throw NoSuchExport(name: "g") }
        #expect(global.value == Value(0xFFFF_FFF0))
    }

    @Test("RUN-16: a host function sees the memory of the instance that calls it, by a tail call too")
    func memoryOfTailCaller() throws {
        let store = try Store()
        let peek = HostFunction(FunctionType([.i32], [.i32])) { call in
            let byte = (try? call.memory.load(UInt8.self, at: call.i32(0))) ?? 0
            call.setResult(UInt64(byte))
            return .returned
        }
        let host = Function(peek, in: store)
        let second = try Instance(
            text: """
                (module (import "" "peek" (func $peek (param i32) (result i32)))
                  (memory 1) (data (i32.const 0) "2")
                  (func (export "tail") (param i32) (result i32) (return_call $peek (local.get 0))))
                """, imports: ["peek": .function(host)], in: store)
        guard case .function(let tail) = second.export("tail") else { throw NoSuchExport(name: "tail") }
        let first = try Instance(
            text: """
                (module (import "" "tail" (func $tail (param i32) (result i32)))
                  (import "" "peek" (func $peek (param i32) (result i32)))
                  (memory 1) (data (i32.const 0) "1")
                  (func (export "both") (result i32 i32)
                    (call $tail (i32.const 0)) (call $peek (i32.const 0))))
                """, imports: ["tail": .function(tail), "peek": .function(host)], in: store)
        #expect(try first.call("both") == [0x32, 0x31])
    }
}
