import Testing

@testable import WasmText

struct ScriptTests {
    private func kinds(_ text: String) throws(TextError) -> [ScriptCommand.Kind] {
        try Script(Array(text.utf8)).commands.map(\.kind)
    }

    @Test("TEXT-18: commands are read with their places, names, arguments and patterns")
    func commands() throws {
        let script = try Script(
            Array(
                """
                (module $M (func (export "f")))
                  (register "n" $M)
                (assert_return (invoke $M "f" (i32.const -1) (f32.const nan:0x1) (ref.null func) (ref.extern 7) (v128.const i32x4 1 2 3 4))
                  (f64.const nan:canonical) (f32.const nan:arithmetic) (ref.func) (ref.null) (ref.host 2)
                  (either (i64.const 1) (i64.const 2)) (v128.const f32x4 0 nan:canonical 0 0))
                (assert_trap (get "g") "why")
                """.utf8)
        ).commands
        #expect(script.map(\.position.description) == ["1:1", "2:3", "3:1", "6:1"])
        guard case .module(let module) = script[0].kind, case .register(let name, let instance) = script[1].kind,
            case .assertReturn(.invoke(let target, let export, let arguments), let patterns) = script[2].kind,
            case .assertTrap(.get(nil, let global), let reason) = script[3].kind
        else {
            Issue.record("other commands: \(script)")
            return
        }
        #expect(module.name == "M")
        #expect(try module.binary.get() == binary("(module $M (func (export \"f\")))"))
        #expect(name == Array("n".utf8) && instance == "M" && target == "M" && export == Array("f".utf8))
        #expect(
            arguments == [
                .i32(0xFFFF_FFFF), .f32(0x7F80_0001), .null(.func), .extern(7),
                .v128([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0]),
            ])
        #expect(
            patterns == [
                .f64(.canonicalNaN), .f32(.arithmeticNaN), .function, .null(nil), .host(2),
                .either([.i64(1), .i64(2)]),
                .v128(.f32, [.bits(0), .canonicalNaN, .bits(0), .bits(0)]),
            ])
        #expect(global == Array("g".utf8) && reason == "why")
    }

    @Test("TEXT-18: definitions, instances, threads, and every assertion about a module")
    func moduleCommands() throws {
        let commands = try kinds(
            """
            (module definition $D (func)) (module instance $I $D) (module binary "\\00" "asm") (module quote "(func")
            (assert_malformed (module quote "(") "a") (assert_invalid (module definition (func)) "b")
            (assert_unlinkable (module) "c") (assert_trap (module) "d") (assert_exception (invoke "e"))
            (assert_exhaustion (invoke "f") "f") (assert_malformed_custom (module quote "") "g") (assert_invalid_custom (module) "h")
            (thread $T (shared (module $D)) (invoke "i")) (wait $T) (invoke "j")
            """)
        let names = commands.map { "\($0)".prefix { $0 != "(" } }
        #expect(
            names == [
                "definition", "instance", "module", "module", "assertMalformed", "assertInvalid", "assertUnlinkable",
                "assertTrapAtStart", "assertException", "assertExhaustion", "assertMalformedCustom",
                "assertInvalidCustom", "thread", "wait", "action",
            ])
        guard case .instance("I", "D") = commands[1], case .module(let bytes) = commands[2],
            case .module(let quote) = commands[3], case .thread("T", ["D"], let inner) = commands[12]
        else {
            Issue.record("other commands: \(commands)")
            return
        }
        #expect(bytes.form == .binary && quote.form == .quote && inner.count == 1)
        #expect(try bytes.binary.get() == [0, 0x61, 0x73, 0x6D])
        #expect(
            throws: TextError(
                "unexpected end of text: this parenthesis is not closed", at: TextPosition(line: 1, column: 1))
        ) {
            try quote.binary.get()
        }
    }

    @Test("TEXT-18: a text of fields alone is a script of one module")
    func bareModule() throws {
        let commands = try kinds("(func) (memory 0)")
        guard commands.count == 1, case .module(let module) = commands[0] else {
            Issue.record("other commands: \(commands)")
            return
        }
        #expect(try module.binary.get() == binary("(func) (memory 0)"))
    }

    @Test("TEXT-19: a module that cannot be assembled leaves the other commands as they are")
    func wrongModule() throws {
        let commands = try kinds("(module (func (block $x (foo)))) (module $N (func (block $x) (i32.const 0) drop))")
        guard commands.count == 2, case .module(let wrong) = commands[0], case .module(let right) = commands[1] else {
            Issue.record("other commands: \(commands)")
            return
        }
        #expect(throws: TextError("unknown operator foo", at: TextPosition(line: 1, column: 26))) {
            try wrong.binary.get()
        }
        #expect(try right.binary.get() == binary("(module $N (func (block $x) (i32.const 0) drop))"))
    }

    @Test("TEXT-19: nothing of a module that cannot be assembled gets into the next")
    func nothingIsLeft() throws {
        let commands = try kinds(
            #"""
            (module $a (@custom "c") (type (func)) (data "") (func $f (param $x i32) (block $l) (data.drop 0)
              (@metadata.code.branch_hint "\01") (if (i32.const 0) (then)) (foo))) (module (func))
            """#)
        guard commands.count == 2, case .module(let right) = commands[1] else {
            Issue.record("other commands: \(commands)")
            return
        }
        #expect(try right.binary.get() == binary("(module (func))"))
    }

    @Test(
        "TEXT-19: what is no command refuses the script",
        arguments: [
            "(modul)", "(assert_return)", "(assert_return (invoke \"f\") (i32.const))",
            "(invoke \"f\" (f32.const nan:canonical))",
            "(assert_trap (invoke \"f\"))", "(register)", "module", "(module",
            "(assert_return (invoke \"f\") (either (either (i32.const 1))))",
            "(thread $a (thread $b))", "(assert_invalid (func) \"\")",
        ])
    func noCommand(text: String) {
        #expect(throws: TextError.self) { try Script(Array(text.utf8)) }
    }

    @Test(
        "TEXT-18: NaN patterns take either sign; canonical ones one payload, arithmetic ones any with the highest bit")
    func nanPatterns() {
        typealias Number = ScriptPattern.Number
        for (bits, canonical, arithmetic): (UInt64, Bool, Bool) in [
            (0x7FC0_0000, true, true), (0xFFC0_0000, true, true), (0x7FC0_0001, false, true),
            (0x7F80_0001, false, false),
            (0x7F80_0000, false, false), (0, false, false),
        ] {
            #expect(Number.canonicalNaN.matches(bits, isDouble: false) == canonical)
            #expect(Number.arithmeticNaN.matches(bits, isDouble: false) == arithmetic)
        }
        #expect(Number.canonicalNaN.matches(0xFFF8 << 48, isDouble: true))
        #expect(!Number.canonicalNaN.matches(0xFFF8 << 48 | 1, isDouble: true))
        #expect(Number.arithmeticNaN.matches(0x7FF8 << 48 | 1, isDouble: true))
        #expect(Number.bits(5).matches(5, isDouble: true) && !Number.bits(5).matches(4, isDouble: true))
    }
}
