import TestSupport
import Testing
import WasmModule

@Suite struct ModuleTests {
    typealias Kind = ModuleBuilder.Kind

    private func error(_ bytes: [UInt8]) -> ModuleError? {
        do throws(ModuleError) {
            _ = try Module(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("WASM-3: an invalid body refuses the module, with its function and the byte")
    func invalidBodyIsRefusedWithItsPlace() {
        var builder = ModuleBuilder()
        builder.types([([], []), ([], [Kind.i32])])
        builder.functions([0, 1])
        // The second body leaves an i64 where an i32 is promised.
        builder.code([([], [0x0B]), ([], [0x42, 0x07, 0x0B])])
        let bytes = builder.bytes
        let error = error(bytes)
        #expect(error?.kind == .invalid)
        #expect(error?.function == 1)
        #expect(error?.offset == bytes.count - 1)
        #expect(error?.description.contains("type mismatch: expected i32, found i64") == true)
    }

    @Test("WASM-5: a component is told from a module")
    func componentIsNamed() {
        #expect(error([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0])?.kind == .unsupported("component-model"))
    }

    @Test("WASM-6: a count that its section cannot hold is refused before anything is reserved")
    func lyingCountIsRefused() {
        var builder = ModuleBuilder()
        builder.section(1, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
        #expect(error(builder.bytes)?.kind == .malformed)
    }

    @Test("WASM-7: locals over the limit are refused, however short they are written")
    func tooManyLocalsAreRefused() {
        let bytes = ModuleBuilder.function([], [], locals: [(50_001, Kind.i32)], [0x0B])
        #expect(error(bytes)?.kind == .limit)
        #expect(error(ModuleBuilder.function([], [], locals: [(50_000, Kind.i32)], [0x0B])) == nil)
    }

    @Test("WASM-8: names are compared by their bytes")
    func namesAreBytes() throws {
        var builder = ModuleBuilder()
        builder.types([([], [])])
        builder.functions([0])
        // One letter, written as one scalar and as two.
        builder.exports([("\u{E5}", 0, 0), ("a\u{30A}", 0, 0)])
        builder.code([([], [0x0B])])
        let module = try Module(builder.bytes)
        #expect(module.exports.count == 2)
        #expect(module.export("a\u{30A}")?.name.utf8.count == 3)
    }

    @Test("WASM-9: no change of one byte and no cut makes the reader do anything but accept or refuse")
    func damagedModulesAreRefusedOrAccepted() {
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], [Kind.i32]), ([], [])])
        builder.imports([("m", "f", 0)])
        builder.functions([0, 1])
        builder.table(2)
        builder.memory(1, maximum: 2)
        builder.exports([("f", 0, 1), ("memory", 2, 0)])
        builder.section(9, [1, 0, 0x41, 0, 0x0B, 1, 1])
        builder.code([
            (
                [(2, Kind.i64), (1, Kind.f64)],
                [
                    0x20, 0, 0x04, 0x7F, 0x20, 0, 0x41, 1, 0x6B, 0x10, 1, 0x05, 0x41, 7, 0x0B,
                    0x02, 0x40, 0x20, 0, 0x0E, 2, 0, 0, 0, 0x0B, 0x28, 2, 0, 0x0B,
                ]
            ),
            ([], [0x03, 0x40, 0x41, 0, 0x0D, 0, 0x0B, 0x41, 0, 0x41, 0, 0x36, 2, 8, 0x0B]),
        ])
        builder.section(11, [1, 0, 0x41, 0, 0x0B, 3, 1, 2, 3])
        builder.names([(1, "one"), (2, "two")])
        let whole = builder.bytes
        #expect(error(whole) == nil)
        var refused = 0
        for length in 0..<whole.count where error(Array(whole[..<length])) != nil { refused += 1 }
        #expect(refused > whole.count / 2)
        for place in whole.indices {
            for value in [0x00, 0x0B, 0x40, 0x80, 0xFF] as [UInt8] {
                var damaged = whole
                damaged[place] = value
                guard let module = try? Module(damaged) else { continue }
                // What was accepted can be translated.
                for body in module.bodies.indices { _ = FunctionTranslator.translate(module, body: body) }
            }
        }
    }

    @Test("WASM-10: function names come from the name section, as far as it is sound")
    func functionNames() throws {
        var builder = ModuleBuilder()
        builder.types([([], [])])
        builder.functions([0, 0])
        builder.code([([], [0x0B]), ([], [0x0B])])
        var damaged = builder
        builder.names([(0, "first"), (1, "second")])
        #expect(NameSection.functionNames(of: try Module(builder.bytes)) == [0: "first", 1: "second"])
        // The second name is longer than the section.
        damaged.section(0, ModuleBuilder.name("name") + [1, 20, 2, 0, 1, 0x61, 1, 99])
        #expect(NameSection.functionNames(of: try Module(damaged.bytes)) == [0: "a"])
    }

    @Test("WASM-11: a memory access's offset may be written with more bytes than it needs, but has 32 bits")
    func offsetsMayBeWrittenLong() {
        // 5 in eight bytes; and 2^32.
        let long: [UInt8] = [0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]
        let large: [UInt8] = [0x80, 0x80, 0x80, 0x80, 0x10]
        func load(_ offset: [UInt8]) -> [UInt8] {
            ModuleBuilder.function([], [Kind.i32], memory: 1, [0x41, 0, 0x28, 0] + offset + [0x0B])
        }
        #expect(error(load(long)) == nil)
        #expect(error(load(large))?.kind == .invalid)
    }

    @Test("WASM-9: of a legacy try's clauses catch_all is the last", arguments: [[0x19], [0x07, 0]])
    func nothingAfterCatchAll(clause: [UInt8]) throws {
        var builder = ModuleBuilder()
        builder.types([([], [])])
        builder.functions([0])
        builder.section(13, [1, 0, 0])
        let body: ([UInt8]) -> [UInt8] = { [0x06, 0x40, 0x07, 0, 0x19] + $0 + [0x0B, 0x0B] }
        var accepted = builder
        accepted.code([([], body([]))])
        _ = try Module(accepted.bytes)
        builder.code([([], body(clause))])
        #expect(throws: ModuleError.self) { try Module(builder.bytes) }
    }

    @Test("WASM-9: a type that is its own supertype is refused before anything is compared with it")
    func circularSupertype() throws {
        // Two structures of one group: the first's field is compared with the second, which is its own supertype.
        var builder = ModuleBuilder()
        let above: [UInt8] = [0x50, 0, 0x5F, 1, 0x64, 0, 0]
        let first: [UInt8] = [0x50, 1, 0, 0x5F, 1, 0x64, 2, 0]
        let second: [UInt8] = [0x50, 1, 2, 0x5F, 1, 0x64, 0, 0]
        builder.section(1, [2] + above + [0x4E, 2] + first + second)
        #expect(error(builder.bytes)?.description.contains("a supertype must come before") == true)
    }
}
