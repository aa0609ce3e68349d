import TestSupport
import Testing

@testable import WasmText

struct PrintTests {
    /// A module's text.
    private func text(_ module: [UInt8]) throws(BinaryError) -> String {
        String(decoding: try disassemble(module), as: UTF8.self)
    }

    @Test("TEXT-21: of every module of the official suite, the text that is written gives back the module")
    func officialSuite() throws {
        guard let scripts = try Suite.scripts() else { return }
        var same = 0
        var equal = 0
        for (name, script) in scripts {
            for command in try Script(script).commands {
                let module: ScriptModule
                switch command.kind {
                case .module(let of), .definition(let of), .assertUnlinkable(let of, _), .assertTrapAtStart(let of, _),
                    .assertInvalid(let of, _):
                    module = of
                default: continue
                }
                let binary = try module.binary.get()
                let written = try disassemble(binary)
                let again = try assemble(written)
                if again == binary {
                    same += 1
                } else {
                    // Binaries that are written by hand have numbers that are longer than need be.
                    #expect(module.form == .binary, "\(name):\(command.position.line)")
                    #expect(try disassemble(again) == written, "\(name):\(command.position.line)")
                    equal += 1
                }
            }
        }
        print("round trips: \(same) give the same bytes, \(equal) the same text")
        #expect(same > 5500 && equal < 70)
    }

    @Test("TEXT-22: what has a name of its own is called by it; a name that was given before is an annotation")
    func names() throws {
        let module = try binary(
            #"(module $m (func $f (param $x i32) (local i32 i64) (local $"a b" f32) (drop (local.get $"a b")) (call $f (local.get $x))) (func $g (@name "f") (call $g)) (func (@name "")))"#
        )
        #expect(
            try text(module) == #"""
                (module (@name "m")
                  (type (;0;) (func (param i32)))
                  (type (;1;) (func))
                  (func $f (;0;) (type 0) (param $x i32)
                    (local i32) (local i64) (local $"a b" f32)
                    local.get $"a b"
                    drop
                    local.get $x
                    call $f
                  )
                  (func (;1;) (@name "f") (type 1)
                    call 1
                  )
                  (func (;2;) (@name "") (type 1)
                  )
                )

                """#)
        #expect(try assemble(disassemble(module)) == module)
    }

    @Test("TEXT-22: a name of what is not there is not used")
    func namesOfNothing() throws {
        // Functions 0 and 7 have a name, of which there is the first; and so has local 5 of it.
        let names: [UInt8] = [4] + Array("name".utf8) + [1, 7, 2, 0, 1, 0x66, 7, 1, 0x67, 2, 6, 1, 0, 1, 5, 1, 0x78]
        let module = try binary("(func (local.get 5) (call 7))") + [0, UInt8(names.count)] + names
        #expect(
            try text(module).hasSuffix(
                "(func $f (;0;) (type 0)\n    local.get 5\n    call 7\n  )\n)\n"))
    }

    @Test("TEXT-22: a label that an inner one hides is a number")
    func labels() throws {
        let module = try binary("(func block $a loop $b block $a br $a br $b br 2 br 3 end end end)")
        let written = try text(module)
        #expect(written.contains("br $a\n          br $b\n          br 2\n          br 3\n"))
        #expect(try binary(written) == module)
    }

    @Test(
        "TEXT-23: floats are written so that every bit comes back",
        arguments: [
            0, 0x8000_0000, 1, 0x7F7F_FFFF, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001,
            0xFFFF_FFFF,
        ] as [UInt32])
    func floats(bits: UInt32) throws {
        var constant: [UInt8] = [0x43]
        constant.appendLittleEndian(UInt64(bits), count: 4)
        let written = try disassemble(
            try binary("(func f32.const 42 drop)").replacing([0x43, 0, 0, 0x28, 0x42], with: constant))
        #expect(Array(try body(String(decoding: written, as: UTF8.self)).prefix(5)) == constant)
    }

    @Test("TEXT-24: custom sections and branch hints are annotations at their place")
    func annotations() throws {
        let module = try binary(
            #"(module (@custom "a" (before first) "\00x\"") (@custom "b" (after func)) (@custom "c") (func (@metadata.code.branch_hint "\01") (if (i32.const 0) (then))))"#
        )
        let written = try text(module)
        #expect(written.contains(#"(@custom "a" (before first) "\00x\"")"#))
        #expect(written.contains(#"(@custom "b" (after func) "")"#))
        #expect(written.contains(#"(@metadata.code.branch_hint "\01") if"#))
        #expect(try binary(written) == module)
    }

    @Test(
        "TEXT-25: bytes that are no module are refused with the place of what is wrong",
        arguments: [
            ([], 0, "magic header not detected"), ([0, 0x61, 0x73, 0x6D, 0x0D, 0, 1, 0], 4, "unknown binary version"),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 0x0E, 0], 8, "malformed section id 14"),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 2, 1], 10, "unexpected end"),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0], 11, "unexpected content after last section"),
            (
                [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 6, 0x80, 0x80, 0x80, 0x80, 0x80, 0], 16, "integer too large"
            ),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 2, 1, 0x61], 12, "malformed type"),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0xC7], 17, "illegal opcode c7"),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 3, 2, 1, 0, 10, 4, 1, 2, 0, 0x05], 17, "unexpected else"),
            ([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 3, 2, 1, 0], 12, "function and code section have inconsistent lengths"),
            (
                [
                    0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 3, 2, 1, 0, 10, 10, 1, 8, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F,
                    0x0B,
                ], 22, "too many locals"
            ),
        ] as [([UInt8], Int, String)])
    func refusals(bytes: [UInt8], offset: Int, reason: String) {
        let error = #expect(throws: BinaryError.self) { try disassemble(bytes) }
        #expect(error?.offset == offset)
        #expect(error?.reason.hasPrefix(reason) == true, "\(error?.reason ?? "")")
    }

    @Test("TEXT-25: whatever the bytes are, writing them ends in a text or an error, and the text can be read")
    func mutations() throws {
        guard let scripts = try Suite.scripts()?.filter({ $0.text.count < 100_000 }) else { return }
        var generator = SystemRandomNumberGenerator()
        var written = 0
        for _ in 0..<100 {
            guard let script = scripts.randomElement(using: &generator) else { break }
            for command in try Script(script.text).commands {
                guard case .module(let module) = command.kind, var bytes = try? module.binary.get(), bytes.count > 8
                else {
                    continue
                }
                for _ in 0..<20 {
                    let place = Int.random(in: 8..<bytes.count, using: &generator)
                    let before = bytes[place]
                    bytes[place] = .random(in: .min ... .max, using: &generator)
                    if let text = try? disassemble(bytes) {
                        _ = try assemble(text)
                        written += 1
                    }
                    if Bool.random(using: &generator) { bytes[place] = before }
                }
            }
        }
        #expect(written > 0)
    }
}
