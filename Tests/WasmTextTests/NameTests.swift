import Testing

@testable import WasmText

struct NameTests {
    @Test("TEXT-9: every index space has names, which may be used before they are given")
    func spaces() throws {
        let named = """
            (module
              (start $f) (export "f" (func $f)) (export "t" (table $t)) (export "m" (memory $m)) (export "g" (global $g))
              (export "x" (tag $x))
              (func $f (local $a i32) (local $b i64)
                (drop (global.get $g)) (local.set $b (i64.const 0)) (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0))
                (memory.init $m $d (i32.const 0) (i32.const 0) (i32.const 0)) (throw $x)
                (drop (struct.get $s $y (struct.new_default $s))))
              (elem $e func $f) (data $d "") (tag $x) (global $g i32 (i32.const 0)) (memory $m 1) (table $t 1 funcref)
              (type $s (struct (field $x i32) (field $y i64))))
            """
        let numbered = """
            (module
              (start 0) (export "f" (func 0)) (export "t" (table 0)) (export "m" (memory 0)) (export "g" (global 0))
              (export "x" (tag 0))
              (func (local i32) (local i64)
                (drop (global.get 0)) (local.set 1 (i64.const 0)) (table.init 0 0 (i32.const 0) (i32.const 0) (i32.const 0))
                (memory.init 0 0 (i32.const 0) (i32.const 0) (i32.const 0)) (throw 0)
                (drop (struct.get 0 1 (struct.new_default 0))))
              (elem func 0) (data "") (tag) (global i32 (i32.const 0)) (memory 1) (table 1 funcref)
              (type (struct (field i32) (field i64))))
            """
        let module = try binary(named)
        let other = try binary(numbered)
        #expect(!sections(0, of: module).isEmpty)
        #expect(sections(0, of: other).isEmpty)
        #expect(module.starts(with: other))
    }

    @Test(
        "TEXT-9: a name that is not there, and one given twice, are refused",
        arguments: [
            ("(func (call $f))", "unknown function $f"), ("(func (local.get $x))", "unknown local $x"),
            ("(func $f (br $f))", "unknown label $f"),
            ("(type $t (struct (field $x i32))) (func struct.get $t $y)", "unknown field $y"),
            ("(func $f) (func $f)", "duplicate func $f"),
            ("(func (param $x i32) (local $x i32))", "duplicate local $x"),
            ("(global $g i32 (i32.const 0)) (import \"\" \"\" (global $g i32))", "duplicate global $g"),
            ("(type $t (struct (field $x i32) (field $x i32)))", "duplicate field $x"),
            ("(func (block $a) (br $a))", "unknown label $a"), ("(func (type $t))", "unknown type $t"),
        ])
    func unknownAndDuplicate(text: String, reason: String) {
        #expect(refusal(text)?.contains(reason) == true, "\(refusal(text) ?? "accepted")")
    }

    @Test("TEXT-10: a label's name hides that of an outer one, and may stand at the end again")
    func labels() throws {
        #expect(
            try instructions("block $a loop $b block $a br $a br $b end $a br $a end $b end $a")
                == instructions("block loop block br 0 br 1 end br 1 end end"))
        #expect(
            try instructions("i32.const 0 if $a else $a br $a end $a") == instructions("i32.const 0 if else br 0 end"))
        #expect(refusal("(func block $a end $b)")?.contains("mismatching label $b") == true)
        #expect(refusal("(func block end $b)")?.contains("mismatching label $b") == true)
        #expect(refusal("(func i32.const 0 if $a else $b end)")?.contains("mismatching label $b") == true)
    }

    @Test("TEXT-10: the labels of a try_table's clauses are those around it, and of delegate those around its try")
    func clauses() throws {
        #expect(
            try body("(tag $e) (func (block $a (try_table $a (catch $e $a) (catch_all $a) (br $a))))")
                == body("(tag) (func (block (try_table (catch 0 0) (catch_all 0) (br 0))))"))
        #expect(
            try instructions("(try $a (do (try $a (do) (delegate $a))))")
                == [0x06, 0x40, 0x06, 0x40, 0x18, 0x00, 0x0B])
        #expect(try instructions("try $a try $a delegate $a end") == [0x06, 0x40, 0x06, 0x40, 0x18, 0x00, 0x0B])
    }

    @Test("TEXT-11: the names of the text are in the module's name section")
    func nameSection() throws {
        let custom = try section(0, of: "(module $m (func $f (param $x i32) (local i32) (local $y i32) (block $l)))")
        #expect(
            custom == [4] + Array("name".utf8) + [0, 2, 1] + Array("m".utf8) + [1, 4, 1, 0, 1] + Array("f".utf8)
                + [2, 9, 1, 0, 2, 0, 1] + Array("x".utf8) + [2, 1] + Array("y".utf8) + [3, 6, 1, 0, 1, 0, 1]
                + Array("l".utf8))
    }

    @Test(
        "TEXT-11: a name of an annotation stands in the name section instead of the identifier's, and may be there twice"
    )
    func nameAnnotations() throws {
        let custom = try section(
            0,
            of: #"(module $m (@name "é") (func $f (@name "x") (param (@name "p") i32)) (func (@name "x") (call $f)))"#)
        #expect(
            custom == [4] + Array("name".utf8) + [0, 3, 2] + Array("é".utf8) + [1, 7, 2, 0, 1] + Array("x".utf8) + [
                1, 1,
            ]
                + Array("x".utf8) + [2, 6, 1, 0, 1, 0, 1] + Array("p".utf8))
        #expect(refusal(#"(module (@name "a") (@name "b"))"#) == #"1:21: @name annotation: multiple module names"#)
        #expect(refusal(#"(func (nop (@name "a")))"#) == "1:12: misplaced @name annotation")
    }
}
