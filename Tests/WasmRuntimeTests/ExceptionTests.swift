import TestSupport
import Testing
import WasmModule
import WasmRuntime

@Suite struct ExceptionTests {
    typealias Kind = ModuleBuilder.Kind

    private struct Missing: Error {}

    private func function(_ builder: ModuleBuilder, in store: Store) throws -> Function {
        let instance = try Instance(Module(builder.bytes), in: store) { _, _ in nil }
        guard case .function(let function) = instance.export("f") else { throw Missing() }
        return function
    }

    @Test("RUN-10: an exception reaches the innermost clause for its tag, through calls, with its value")
    func exceptionsAreCaught() throws {
        var builder = ModuleBuilder()
        // Type 0: what f is; 1: the tags'; 2: the thrower.
        builder.types([([Kind.i32], [Kind.i32]), ([Kind.i32], []), ([Kind.i32], [])])
        builder.functions([0, 2])
        builder.section(13, [2, 0, 1, 0, 1])
        builder.exports([("f", 0, 0)])
        builder.code([
            // block (result i32) try_table (catch tag0 0): call 1 with the argument; end; 1000; return; end; 1 +
            (
                [],
                [
                    0x02, 0x7F, 0x1F, 0x40, 1, 0, 0, 0, 0x20, 0, 0x10, 1, 0x0B, 0x41, 0xE8, 0x07, 0x0F, 0x0B,
                    0x41, 1, 0x6A, 0x0B,
                ]
            ),
            // 0 returns; 7 throws tag 1; anything else throws tag 0 with itself.
            (
                [],
                [
                    0x20, 0, 0x45, 0x04, 0x40, 0x0F, 0x0B, 0x20, 0, 0x41, 7, 0x46, 0x04, 0x40, 0x20, 0, 0x08, 1,
                    0x0B, 0x20, 0, 0x08, 0, 0x0B,
                ]
            ),
        ])
        let store = try Store()
        let function = try function(builder, in: store)
        #expect(try function.call([0]) == [1000])
        #expect(try function.call([41]) == [42])
        do throws(CallEnd) {
            _ = try function.call([7])
            Issue.record("returned")
        } catch {
            guard case .trapped(let trap) = error else { throw error }
            #expect(trap.reason == "uncaught exception")
            #expect(trap.frames.map(\.function) == [1, 0])
        }
        #expect(try function.call([5]) == [6])
    }

    @Test("RUN-11: a million exceptions whose references are taken and forgotten leave no memory behind")
    func exceptionsAreFreed() throws {
        let store = try Store()
        let function = try function(Self.counting(), in: store)
        _ = try function.call([1_000_000])
        #expect(store.residentObjectBytes < 8 << 20)
    }

    /// f(n): n times, throws and catches with a reference, and drops both value and reference.
    private static func counting() -> ModuleBuilder {
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], []), ([], []), ([], [Kind.i32, 0x69])])
        builder.functions([0])
        builder.section(13, [1, 0, 0])
        builder.exports([("f", 0, 0)])
        builder.code([
            (
                [],
                [
                    0x03, 0x40, 0x02, 2, 0x1F, 0x40, 1, 1, 0, 0, 0x20, 0, 0x08, 0, 0x0B, 0x00, 0x0B, 0x1A, 0x1A,
                    0x20, 0, 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B, 0x0B,
                ]
            )
        ])
        return builder
    }
}
