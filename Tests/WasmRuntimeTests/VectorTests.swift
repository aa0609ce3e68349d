import Testing
import WasmModule
import WasmRuntime
import WasmText

/// What the official suite leaves out: its scripts on vectors look at one instruction at a time.
@Suite struct VectorTests {
    private let x = Value(0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
    private let y = Value(0x1716_1514_1312_1110, high: 0x1F1E_1D1C_1B1A_1918)

    private struct Missing: Error {}

    /// The instance of a module in the text format, which keeps its store.
    private struct Guest {
        let store: Store
        let instance: Instance

        init(_ text: String) throws {
            store = try Store()
            instance = try Instance(Module(assemble(Array("(module \(text))".utf8))), in: store) { _, _ in nil }
        }

        func call(_ name: String, _ arguments: Value...) throws -> [Value] {
            guard case .function(let function) = instance.export(name) else { throw Missing() }
            return try function.call(arguments)
        }
    }

    @Test(
        "SIMD-1: a vector goes through every kind of call, between values of other types",
        arguments: ["call", "call_indirect", "call_ref", "return_call", "return_call_indirect", "return_call_ref"])
    func calls(_ name: String) throws {
        let target = [
            "call": "$g", "call_indirect": "(type $t)", "call_ref": "$t", "return_call": "$g",
            "return_call_indirect": "(type $t)", "return_call_ref": "$t",
        ]
        let operand = name.hasSuffix("indirect") ? "(i32.const 0)" : name.hasSuffix("ref") ? "(ref.func $g)" : ""
        let guest = try Guest(
            """
            (type $t (func (param i32 v128 i64 v128 f32) (result v128 i32 v128)))
            (func $g (type $t) (local v128 i32 v128)
              (local.set 5 (local.get 3)) (local.set 7 (local.get 1))
              (local.set 6 (i32.add (local.get 0) (i32.const 1)))
              (local.get 5) (local.get 6) (local.get 7))
            (table funcref (elem $g))
            (func (export "f") (param v128 v128) (result v128 i32 v128)
              (\(name) \(target[name] ?? "")
                (i32.const 6) (local.get 0) (i64.const 9) (local.get 1) (f32.const 1) \(operand)))
            """)
        #expect(try guest.call("f", x, y) == [y, Value(7), x])
    }

    @Test("SIMD-2: tail calls with vectors take no stack, whatever the sizes of the frames")
    func tailCalls() throws {
        let guest = try Guest(
            """
            (func $odd (param v128 i32) (result v128)
              (if (i32.eqz (local.get 1)) (then (return (local.get 0))))
              (return_call $even (i64.const 1) (i32.sub (local.get 1) (i32.const 1)) (local.get 0) (local.get 0)))
            (func $even (export "f") (param i64 i32 v128 v128) (result v128) (local v128)
              (if (i32.eqz (local.get 1)) (then (return (local.get 3))))
              (local.set 4 (i64x2.add (local.get 2) (i64x2.splat (i64.const 1))))
              (return_call $odd (local.get 4) (i32.sub (local.get 1) (i32.const 1))))
            """)
        let sum = Value(x.low + 500_000, high: x.high + 500_000)
        #expect(try guest.call("f", Value(0), Value(1_000_000), x, y) == [sum])
    }

    @Test("SIMD-3: branches, tables of them, blocks and selections carry vectors", arguments: [0, 1, 2] as [UInt64])
    func branches(_ which: UInt64) throws {
        let guest = try Guest(
            """
            (func (export "table") (param i32 v128 v128) (result i32 v128 i64)
              (block $a (result i32 v128 i64)
                (block $b (result i32 v128 i64)
                  (block $c (result i32 v128 i64)
                    (v128.const i64x2 1 2)
                    (i32.const 10) (local.get 1) (i64.const 20)
                    (br_table $a $b $c (local.get 0)))
                  (drop) (v128.xor (local.get 2)) (i64.const 22) (br $a))
                (drop) (v128.not) (i64.const 21)))
            (func (export "if") (param i32 v128 v128) (result v128)
              (block $out (result v128)
                (i32.const 77)
                (br_if $out (v128.xor (local.get 1) (local.get 2)) (i32.eqz (local.get 0)))
                (drop) (local.get 2)
                (br_if $out (i32.eq (local.get 0) (i32.const 1)))
                (drop) (drop) (local.get 1)))
            (func (export "else") (param i32 v128 v128) (result v128 v128)
              (local.get 1) (local.get 2)
              (if (param v128 v128) (result v128 v128) (local.get 0)
                (then (local.set 1) (local.set 2) (local.get 1) (local.get 2))
                (else)))
            (func (export "select") (param i32 v128 v128) (result v128)
              (i8x16.add (select (local.get 1) (local.get 2) (local.get 0))
                (select (result v128) (v128.not (local.get 1)) (v128.not (local.get 2)) (i32.eqz (local.get 0)))))
            (func (export "loop") (param i32 v128 v128) (result v128 i32 v128)
              (local.get 1) (i32.const 0) (local.get 2)
              (loop (param v128 i32 v128) (result v128 i32 v128)
                (local.set 1) (local.set 0 (i32.add (i32.const 1))) (local.set 2)
                (local.get 1) (local.get 0) (local.get 2)
                (br_if 0 (i32.lt_u (local.get 0) (i32.const 5)))))
            """)
        let both = Value(x.low ^ y.low, high: x.high ^ y.high)
        let tables = [
            [Value(10), x, Value(20)], [Value(10), Value(~x.low, high: ~x.high), Value(21)],
            [Value(10), both, Value(22)],
        ]
        #expect(try guest.call("table", Value(which), x, y) == tables[Int(which)])
        #expect(try guest.call("if", Value(which), x, y) == [[both, y, x][Int(which)]])
        #expect(try guest.call("else", Value(which), x, y) == (which == 0 ? [x, y] : [y, x]))
        // x and the complement of y, or y and that of x: they differ by 16 in every byte.
        let difference: UInt64 = which == 0 ? 0x0F0F_0F0F_0F0F_0F0F : 0xEFEF_EFEF_EFEF_EFEF
        #expect(try guest.call("select", Value(which), x, y) == [Value(difference, high: difference)])
        #expect(try guest.call("loop", Value(which), x, y) == [y, Value(5), x])
    }

    @Test("SIMD-4: a local keeps its old value for the operands that were taken before it changed")
    func locals() throws {
        let many = (0..<20).map { "(local $m\($0) v128) (local $n\($0) i32)" }.joined()
        let guest = try Guest(
            """
            (func (export "f") (param v128 v128) (result v128 v128 v128)
              \(many)
              (local.set $m19 (local.get 1))
              (local.set $n18 (i32.const -1))
              (local.get 0)
              (local.set 0 (v128.xor (local.get 0) (local.get 1)))
              (local.get 0)
              (local.set $m18 (local.tee 0 (v128.and (local.get 0) (v128.const i64x2 -1 0))))
              (drop)
              (local.get $m18) (v128.or (local.get $m19) (local.get $m0)))
            """)
        #expect(try guest.call("f", x, y) == [x, Value(x.low ^ y.low), y])
    }

    @Test("SIMD-5: exceptions, globals and objects hold vectors")
    func storage() throws {
        let guest = try Guest(
            """
            (tag $e (param i32 v128 i64 v128))
            (global $g (mut v128) (v128.const i64x2 7 8))
            (type $s (struct (field i32) (field $v (mut v128)) (field $w v128)))
            (type $a (array (mut v128)))
            (func $throws (param v128 v128)
              (throw $e (i32.const 1) (local.get 0) (i64.const 2) (local.get 1)))
            (func (export "exception") (param v128 v128) (result i32 v128 i64 v128)
              (block $h (result i32 v128 i64 v128)
                (try_table (catch $e $h) (call $throws (local.get 0) (local.get 1)))
                (unreachable)))
            (func (export "legacy") (param v128 v128) (result v128)
              (try (result v128)
                (do (call $throws (local.get 0) (local.get 1)) (v128.const i64x2 0 0))
                (catch $e (local.set 1) (drop) (local.set 0) (drop) (v128.xor (local.get 0) (local.get 1)))))
            (func (export "global") (param v128) (result v128 v128)
              (global.get $g) (global.set $g (local.get 0)) (global.get $g))
            (func (export "structure") (param v128 v128) (result v128 v128 v128) (local (ref null $s))
              (local.set 2 (struct.new $s (i32.const 5) (local.get 0) (v128.not (local.get 1))))
              (struct.get $s $v (local.get 2))
              (struct.set $s $v (local.get 2) (local.get 1))
              (struct.get $s $v (local.get 2)) (struct.get $s $w (local.get 2)))
            (func (export "array") (param v128 v128) (result v128 v128 v128 v128) (local (ref null $a) (ref null $a))
              (local.set 2 (array.new $a (local.get 0) (i32.const 4)))
              (array.set $a (local.get 2) (i32.const 1) (v128.not (local.get 1)))
              (local.set 3 (array.new_fixed $a 3 (local.get 1) (v128.const i64x2 1 2) (local.get 0)))
              (array.fill $a (local.get 2) (i32.const 3) (local.get 1) (i32.const 1))
              (array.get $a (local.get 2) (i32.const 0)) (array.get $a (local.get 2) (i32.const 1))
              (array.get $a (local.get 2) (i32.const 3)) (array.get $a (local.get 3) (i32.const 2)))
            """)
        let complement = Value(~y.low, high: ~y.high)
        #expect(try guest.call("exception", x, y) == [Value(1), x, Value(2), y])
        #expect(try guest.call("legacy", x, y) == [Value(x.low ^ y.low, high: x.high ^ y.high)])
        #expect(try guest.call("global", x) == [Value(7, high: 8), x])
        #expect(try guest.call("structure", x, y) == [x, y, complement])
        #expect(try guest.call("array", x, y) == [x, complement, y, x])
    }

    @Test("SIMD-6: accesses of vectors trap at the memory's end, in every kind of memory, and write nothing")
    func memories() throws {
        for (memory, address) in [("(memory 1)", "i32"), ("(memory i64 1)", "i64"), ("(memory 0) (memory 1)", "i32")] {
            let index = memory.hasPrefix("(memory 0)") ? "1 " : ""
            let guest = try Guest(
                """
                \(memory)
                (func (export "store") (param \(address) v128) (v128.store \(index)offset=8 (local.get 0) (local.get 1)))
                (func (export "load") (param \(address)) (result v128) (v128.load \(index)offset=8 (local.get 0)))
                (func (export "lane") (param \(address) v128) (result v128)
                  (v128.load32_lane \(index)offset=8 2 (local.get 0) (local.get 1)))
                (func (export "keep") (param \(address) v128)
                  (v128.store64_lane \(index)offset=8 1 (local.get 0) (local.get 1)))
                """)
            let last = Value(65_536 - 24)
            #expect(try guest.call("store", last, x) == [])
            #expect(try guest.call("load", last) == [x])
            #expect(
                try guest.call("lane", last, y) == [Value(y.low, high: y.high & ~0xFFFF_FFFF | x.low & 0xFFFF_FFFF)])
            #expect(throws: CallEnd.self) { try guest.call("store", Value(65_536 - 23), y) }
            #expect(throws: CallEnd.self) { try guest.call("load", Value(65_536 - 23)) }
            #expect(throws: CallEnd.self) { try guest.call("keep", Value(65_536 - 15), y) }
            #expect(throws: CallEnd.self) { try guest.call("lane", Value(65_536 - 11), y) }
            #expect(try guest.call("load", last) == [x])
            #expect(try guest.call("keep", Value(65_536 - 16), y) == [])
            #expect(try guest.call("load", last) == [Value(x.low, high: y.high)])
        }
    }

    @Test("SIMD-7: relaxed instructions give what the deterministic profile says")
    func relaxed() throws {
        let guest = try Guest(
            """
            (func (export "madd") (param v128 v128 v128) (result v128)
              (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
            (func (export "swizzle") (param v128 v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
            (func (export "select") (param v128 v128 v128) (result v128)
              (i32x4.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
            (func (export "trunc") (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
            (func (export "dot") (param v128 v128) (result v128)
              (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1)))
            """)
        func floats(_ value: Float) -> Value {
            let word = UInt64(value.bitPattern) << 32 | UInt64(value.bitPattern)
            return Value(word, high: word)
        }
        let greatest = Float.greatestFiniteMagnitude
        #expect(try guest.call("madd", floats(greatest), floats(2), floats(-greatest)) == [floats(.infinity)])
        #expect(try guest.call("swizzle", x, Value(0x0110_8F0F, high: 0)) == [Value(0x0100_000F, high: 0)])
        #expect(
            try guest.call("select", x, y, Value(0xF0, high: 1)) == [
                Value(y.low & ~0xF0 | x.low & 0xF0, high: y.high & ~1 | x.high & 1)
            ])
        #expect(try guest.call("trunc", floats(.nan)) == [Value(0)])
        #expect(try guest.call("trunc", floats(3e9)) == [Value(0x7FFF_FFFF_7FFF_FFFF, high: 0x7FFF_FFFF_7FFF_FFFF)])
        let least = Value(0x8080_8080_8080_8080, high: 0x8080_8080_8080_8080)
        #expect(try guest.call("dot", least, least) == [Value(0x7FFF_7FFF_7FFF_7FFF, high: 0x7FFF_7FFF_7FFF_7FFF)])
    }

    @Test("SIMD-8: locals and operands that are vectors count twice towards the limits")
    func limits() throws {
        func text(locals: Int, operands: Int) -> [UInt8] {
            let declared = String(repeating: " v128", count: locals)
            let pushed =
                String(repeating: "(local.get 0)", count: operands) + String(repeating: "(drop)", count: operands)
            return Array("(module (func (local\(declared)) \(pushed)))".utf8)
        }
        _ = try Module(assemble(text(locals: 25_000, operands: 6_500)))
        #expect(throws: ModuleError.self) { try Module(assemble(text(locals: 25_001, operands: 0))) }
        #expect(throws: ModuleError.self) { try Module(assemble(text(locals: 1, operands: 6_501))) }
    }

    /// Instructions of two vectors, of one, and of a vector and a count, whose results have no NaN.
    private static let operations: (two: [String], one: [String], shifts: [String]) = (
        [
            "i8x16.swizzle", "i8x16.add_sat_s", "i8x16.sub_sat_u", "i8x16.min_s", "i8x16.max_u", "i8x16.avgr_u",
            "i8x16.narrow_i16x8_s", "i8x16.narrow_i16x8_u", "i8x16.gt_u", "i16x8.le_s", "i16x8.mul", "i16x8.avgr_u",
            "i16x8.q15mulr_sat_s", "i16x8.narrow_i32x4_s", "i16x8.narrow_i32x4_u", "i16x8.extmul_low_i8x16_s",
            "i16x8.extmul_high_i8x16_u", "i16x8.relaxed_dot_i8x16_i7x16_s", "i32x4.mul", "i32x4.max_s", "i32x4.ge_u",
            "i32x4.dot_i16x8_s", "i64x2.mul", "i64x2.lt_s", "i64x2.eq", "i64x2.extmul_low_i32x4_u", "f32x4.lt",
            "f32x4.pmin", "f64x2.pmax", "f64x2.ne",
        ],
        [
            "i8x16.popcnt", "i8x16.abs", "i64x2.abs", "i16x8.extadd_pairwise_i8x16_s", "i32x4.extadd_pairwise_i16x8_u",
            "i64x2.extend_high_i32x4_s", "i16x8.extend_low_i8x16_u", "i32x4.trunc_sat_f32x4_s",
            "i32x4.trunc_sat_f32x4_u", "i32x4.trunc_sat_f64x2_s_zero", "i32x4.trunc_sat_f64x2_u_zero",
            "f32x4.convert_i32x4_u", "f64x2.convert_low_i32x4_u", "f32x4.neg", "f64x2.abs",
        ], ["i8x16.shl", "i8x16.shr_s", "i8x16.shr_u", "i16x8.shr_s", "i32x4.shl", "i64x2.shr_s"]
    )

    /// A function for each of them; and those on floats, with a NaN's lane made zero.
    private static var operationsText: String {
        let two = operations.two.map {
            "(func (export \"\($0)\") (param v128 v128) (result v128) (\($0) (local.get 0) (local.get 1)))"
        }
        let one = operations.one.map {
            "(func (export \"\($0)\") (param v128 v128) (result v128) (\($0) (local.get 0)))"
        }
        let shifts = operations.shifts.map {
            "(func (export \"\($0)\") (param v128 v128) (result v128) "
                + "(\($0) (local.get 0) (i32x4.extract_lane 2 (local.get 1))))"
        }
        let floats = ["f32x4", "f64x2"].flatMap { shape in
            ["ceil", "floor", "trunc", "nearest", "sqrt", "add", "div", "min", "max"].map { name in
                let right = ["add", "div", "min", "max"].contains(name) ? "(local.get 1)" : ""
                return "(func (export \"\(shape).\(name)\") (param v128 v128) (result v128) "
                    + "(local.set 0 (\(shape).\(name) (local.get 0) \(right)))"
                    + "(v128.and (local.get 0) (\(shape).eq (local.get 0) (local.get 0))))"
            }
        }
        return (two + one + shifts + floats).joined(separator: "\n")
    }

    @Test("SIMD-9: both sets of handlers give the same")
    func portableHandlers() throws {
        var values: [Value] = [
            x, y, Value(0), Value(.max, high: .max), Value(0x8000_0000_8000_0000, high: 0x8000_0000_0000_0000),
            Value(0x7FC0_0000_7F80_0001, high: 0x4F80_0000_CF00_0000),
            Value((-0.5).bitPattern, high: (2.5).bitPattern),
            Value((4_503_599_627_370_497.5).bitPattern, high: (-1e300).bitPattern),
            Value(0x3F00_0000_BF00_0000, high: 0x4B00_0001_C020_0000),
            Value(0x8080_8080_8080_8080, high: 0x0000_8000_7FFF_8000),
        ]
        var state: UInt64 = 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
        for _ in 0..<20 { values.append(Value(next(), high: next())) }
        let names = Self.operationsText.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
        #expect(names.count == 69)
        /// What all functions give for all pairs, translated meanwhile.
        func results(portable: Bool) throws -> [Value] {
            Store.usePortableVectors(portable)
            defer { Store.usePortableVectors(false) }
            let guest = try Guest(Self.operationsText)
            var results: [Value] = []
            for name in names {
                for left in values { for right in values { results += try guest.call(name, left, right) } }
            }
            return results
        }
        #expect(try results(portable: true) == results(portable: false))
    }
}
