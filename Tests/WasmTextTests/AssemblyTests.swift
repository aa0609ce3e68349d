import Testing

@testable import WasmText

struct AssemblyTests {
    @Test(
        "TEXT-12: folded instructions are the unfolded ones with operands first",
        arguments: [
            (
                "(i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3)))",
                "i32.const 1 i32.const 2 i32.const 3 i32.mul i32.add"
            ),
            ("(if (i32.const 1) (then nop) (else unreachable))", "i32.const 1 if nop else unreachable end"),
            ("(if $l (i32.const 1) (i32.eqz) (then (br $l)))", "i32.const 1 i32.eqz if br 0 end"),
            (
                "(block (result i32) (loop nop (br 1 (i32.const 0))))",
                "block (result i32) loop nop i32.const 0 br 1 end end"
            ),
            ("(br_table 0 0 0 (i32.const 1))", "i32.const 1 br_table 0 0 0"),
            (
                "(select (result i64) (i64.const 1) (i64.const 2) (i32.const 3))",
                "i64.const 1 i64.const 2 i32.const 3 select (result i64)"
            ),
            ("(call_indirect 0 (type 0) (i32.const 7))", "i32.const 7 call_indirect 0 (type 0)"),
            ("(try (do nop) (catch 0 drop) (catch_all nop))", "try nop catch 0 drop catch_all nop end"),
            (
                "(try_table (result i32) (catch_ref 0 0) (i32.const 1))",
                "try_table (result i32) (catch_ref 0 0) i32.const 1 end"
            ),
            (
                "(v128.load8_lane offset=4 3 (i32.const 0) (v128.const i64x2 0 0))",
                "i32.const 0 v128.const i64x2 0 0 v128.load8_lane offset=4 3"
            ),
        ])
    func folding(folded: String, unfolded: String) throws {
        #expect(try instructions(folded) == instructions(unfolded))
    }

    @Test(
        "TEXT-12: what is opened is closed in its own way",
        arguments: [
            "block", "block end end", "else", "i32.const 0 if else else end", "(block", "(if (i32.const 0))", "(then)",
            "(if (i32.const 0) (else))", "(if (i32.const 0) (then) (then))", "(if (i32.const 0) (then) (else) (else))",
            "(if i32.const 0 (then))", "(nop end)", "(i32.add nop)", "(block end)", "try catch_all catch_all end",
            "(try)", "(try nop)", "(try (catch_all))", "(try (do) (catch_all) (catch 0))",
            "(try (do) (catch 0) (delegate 0))",
            "catch_all", "delegate 0", "(end)", "(else)", "block (result i32) (type 0) end", "(block (param $x i32))",
        ])
    func structure(text: String) { #expect(refusal("(func \(text))") != nil) }

    @Test("TEXT-12: how deep instructions are nested is not bounded by the stack")
    func depth() throws {
        let depth = 100_000
        let folded = try instructions(
            String(repeating: "(block ", count: depth) + String(repeating: ")", count: depth))
        #expect(folded.count == depth * 3)
        let operands = try body(
            "(func (drop " + String(repeating: "(i32.eqz ", count: depth) + "(i32.const 0)"
                + String(repeating: ")", count: depth + 2))
        #expect(operands.suffix(4) == [0x45, 0x45, 0x1A, 0x0B])
        #expect(refusal(String(repeating: "(", count: depth)) != nil)
        #expect(refusal(String(repeating: "(@a ", count: depth)) != nil)
        #expect(refusal(String(repeating: "(;", count: depth)) != nil)
    }

    @Test(
        "TEXT-13: a signature without a type is the first type that has it, is final and stands alone; else a new last one"
    )
    func implicitTypes() throws {
        let text = """
            (type $sub (sub (func))) (rec (type (func (param i64))) (type (func)))
            (func) (func (param i32)) (func (param i64)) (type $plain (func)) (func (param i32) (block (param i32) drop))
            """
        #expect(try section(3, of: text) == [4, 3, 4, 5, 4])
        #expect(try section(1, of: text).first == 5)
        #expect(try section(3, of: "(rec (type (sub final (func))) (type (func))) (func)") == [1, 2])
        #expect(try section(3, of: "(rec (type (sub final (func)))) (func)") == [1, 0])
        #expect(
            try section(3, of: "(type (func (param i32))) (func (type 0)) (func (type 0) (param i32))") == [2, 0, 0])
        #expect(
            refusal("(type (func (param i32))) (func (type 0) (param i64))")?.contains("inline function type") == true)
        #expect(
            refusal("(type (func (param i32))) (func (type 0) (result i32))")?.contains("inline function type") == true)
    }

    @Test(
        "TEXT-14: abbreviations are what they stand for",
        arguments: [
            (#"(func (export "a") (export "b"))"#, #"(export "a" (func 0)) (export "b" (func 0)) (func)"#),
            (
                #"(func (export "a") (import "m" "n") (param i32))"#,
                #"(import "m" "n" (func (param i32))) (export "a" (func 0))"#
            ),
            (#"(memory (import "m" "n") 1 2)"#, #"(import "m" "n" (memory 1 2))"#),
            (#"(table (import "m" "n") i64 1 2 funcref)"#, #"(import "m" "n" (table i64 1 2 funcref))"#),
            (#"(global (import "m" "n") (mut i32))"#, #"(import "m" "n" (global (mut i32)))"#),
            (#"(tag (import "m" "n") (param i32))"#, #"(import "m" "n" (tag (param i32)))"#),
            (#"(memory (data "abc"))"#, #"(memory 1 1) (data (i32.const 0) "abc")"#),
            (#"(memory i64 (data "a" "bc"))"#, #"(memory i64 1 1) (data (i64.const 0) "abc")"#),
            (#"(memory (pagesize 1) (data "abc"))"#, #"(memory 3 3 (pagesize 1)) (data (i32.const 0) "abc")"#),
            ("(table funcref (elem 0 0)) (func)", "(table 2 2 funcref) (elem (table 0) (i32.const 0) func 0 0) (func)"),
            (
                "(type $t (func)) (table (ref null $t) (elem $f)) (func $f)",
                "(type $t (func)) (table 1 1 (ref null 0)) (elem (table 0) (offset i32.const 0) (ref null 0) (item ref.func $f)) (func $f)"
            ),
            (
                "(table anyref (elem (ref.null any)))",
                "(table 1 1 anyref) (elem (table 0) (offset i32.const 0) anyref (item ref.null any))"
            ),
            (
                "(table 1 funcref) (elem (i32.const 0) 0) (func)",
                "(table 1 funcref) (elem (offset (i32.const 0)) func 0) (func)"
            ),
            (
                "(func (param i32 i64) (local i32 i32) (local f32))",
                "(func (param i32) (param i64) (local i32) (local i32) (local f32))"
            ),
            ("(type (struct (field i32 i64)))", "(type (struct (field i32) (field i64)))"),
            ("(type (sub final (func)))", "(type (func))"),
            ("(global (ref null func) (ref.null func))", "(global funcref (ref.null func))"),
            ("(func (drop (i32.load (i32.const 0))))", "(func (drop (i32.load 0 offset=0 align=4 (i32.const 0))))"),
            ("(module (func))", "(func)"), (#"(module quote "(func)")"#, "(func)"),
        ])
    func abbreviations(short: String, long: String) throws {
        #expect(try binary(short) == binary(long))
    }

    @Test("TEXT-14: no import follows what the module defines")
    func importOrder() {
        for (kind, text) in [
            ("function", "(func)"), ("table", "(table 0 funcref)"), ("memory", "(memory 0)"), ("tag", "(tag)"),
            ("global", "(global i32 (i32.const 0))"),
        ] {
            #expect(refusal(#"\#(text) (import "" "" (func))"#)?.contains("import after \(kind)") == true)
            #expect(refusal(#"\#(text) (memory (import "" "") 0)"#)?.contains("import after \(kind)") == true)
        }
    }

    @Test("TEXT-15: the data count section is there where a function's instruction names a segment")
    func dataCount() throws {
        #expect(try section(12, of: #"(memory 1) (data "a") (func (data.drop 0))"#) == [1])
        #expect(try section(12, of: #"(memory 1) (data (i32.const 0) "a") (func)"#) == [])
    }

    @Test("TEXT-16: a custom section stands where its annotation says; without that, last")
    func customSections() throws {
        let module = try binary(
            #"(module (@custom "a" "x" "y") (type (func)) (@custom "b" (before type)) (@custom "c" (after type) "z") (func $f))"#
        )
        #expect(
            sections(0, of: module) == [
                [1, 0x62], [1, 0x63, 0x7A], [1, 0x61, 0x78, 0x79], [4] + Array("name".utf8) + [1, 4, 1, 0, 1, 0x66],
            ])
        #expect(module[8...].starts(with: [0, 2, 1, 0x62, 1, 4, 1, 0x60, 0, 0, 0, 3, 1, 0x63, 0x7A, 3]))
        #expect(refusal(#"(func (@custom "a"))"#) == "1:7: misplaced @custom annotation")
        #expect(refusal("(module (@custom))")?.contains("missing section name") == true)
    }

    @Test("TEXT-16: a branch hint is kept with the place of its if or br_if")
    func branchHints() throws {
        let module = try binary(
            #"(func) (func (local i32) i32.const 0 (@metadata.code.branch_hint "\01") (if (i32.const 1) (then)) (@metadata.code.branch_hint "\00") br_if 0)"#
        )
        #expect(
            sections(0, of: module) == [
                [25] + Array("metadata.code.branch_hint".utf8) + [1, 1, 2, 7, 1, 1, 10, 1, 0]
            ])
        #expect(refusal(#"(func (@metadata.code.branch_hint "\00") nop)"#)?.contains("invalid target") == true)
        #expect(
            refusal(#"(func (@metadata.code.branch_hint "\02") (if (i32.const 0) (then)))"#)?.contains("invalid value")
                == true)
    }

    @Test("TEXT-16: any other annotation is white space")
    func otherAnnotations() throws {
        #expect(
            try binary(#"((@a) module (@x (y "z") $ 1.2.3 ,;) (@"q r") (func (@producer) nop))"#)
                == binary("(module (func nop))"))
        #expect(refusal("(@ a)")?.contains("empty annotation id") == true)
        #expect(refusal("(module (@a )")?.contains("unexpected end of text") == true)
        #expect(refusal("(module (@a (b)") == "1:9: unclosed annotation")
    }
}
