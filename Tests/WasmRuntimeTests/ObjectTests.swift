import Testing
import WasmModule
import WasmRuntime
import WasmText

/// Structures, arrays, references and legacy exceptions, as far as the official suite does not say it.
@Suite struct ObjectTests {
    @Test("GC-1: references converted to external ones and back are the same bits")
    func conversionsKeepBits() throws {
        let guest = try TextGuest(
            """
            (module
              (type $s (struct (field i32)))
              (func (export "out") (param externref) (result externref)
                (extern.convert_any (any.convert_extern (local.get 0))))
              (func (export "i31") (result i32)
                (i31.get_s (ref.cast i31ref (any.convert_extern (extern.convert_any (ref.i31 (i32.const -5)))))))
              (func (export "object") (result i32) (local anyref)
                (local.set 0 (struct.new $s (i32.const 7)))
                (ref.eq (ref.cast eqref (local.get 0))
                  (ref.cast eqref (any.convert_extern (extern.convert_any (local.get 0))))))
              (func (export "kind") (param externref) (result i32)
                (ref.test eqref (any.convert_extern (local.get 0)))))
            """)
        #expect(try guest.call("out", 5 << 2 | 2) == 5 << 2 | 2)
        #expect(try guest.call("out", 0) == 0)
        #expect(UInt32(truncatingIfNeeded: try guest.call("i31")) == UInt32(bitPattern: -5))
        #expect(try guest.call("object") == 1)
        // A host's reference is no object of the guest's.
        #expect(try guest.call("kind", 5 << 2 | 2) == 0)
    }

    @Test("GC-2: packed fields keep their bits, extend as asked, and leave their neighbours alone")
    func packedFields() throws {
        let guest = try TextGuest(
            """
            (module
              (type $s (struct (field (mut i8)) (field (mut i16)) (field (mut i8)) (field (mut f32)) (field (mut i64))
                (field (mut i8)) (field (mut f64))))
              (type $a (array (mut i16)))
              (global $s (mut (ref null $s)) (ref.null $s))
              (func (export "set")
                (global.set $s (struct.new $s (i32.const 0x1FF) (i32.const 0x18000) (i32.const 3) (f32.const 1.5)
                  (i64.const -1) (i32.const 0x7F) (f64.const 2.5)))
                (struct.set $s 2 (global.get $s) (i32.const 0xFFF0)))
              (func (export "get") (param i32) (result i64)
                (block (block (block (block (block (block (block (block
                  (br_table 0 1 2 3 4 5 6 (local.get 0)))
                  (return (i64.extend_i32_s (struct.get_s $s 0 (global.get $s)))))
                  (return (i64.extend_i32_s (struct.get_u $s 1 (global.get $s)))))
                  (return (i64.extend_i32_s (struct.get_u $s 2 (global.get $s)))))
                  (return (i64.reinterpret_f64 (f64.promote_f32 (struct.get $s 3 (global.get $s))))))
                  (return (struct.get $s 4 (global.get $s))))
                  (return (i64.extend_i32_s (struct.get_s $s 5 (global.get $s)))))
                  (return (i64.reinterpret_f64 (struct.get $s 6 (global.get $s)))))
                (unreachable))
              (func (export "element") (result i32) (local $a (ref $a))
                (local.set $a (array.new $a (i32.const 0x11111) (i32.const 3)))
                (array.set $a (local.get $a) (i32.const 1) (i32.const -2))
                (i32.add (array.get_s $a (local.get $a) (i32.const 1))
                  (i32.add (array.get_u $a (local.get $a) (i32.const 0)) (array.get_u $a (local.get $a) (i32.const 2))))))
            """)
        _ = try guest.call("set")
        let wanted: [UInt64] = [
            .max, 0x8000, 0xF0, 1.5.bitPattern, .max, 0x7F, 2.5.bitPattern,
        ]
        for (index, bits) in wanted.enumerated() { #expect(try guest.call("get", UInt64(index)) == bits) }
        #expect(UInt32(truncatingIfNeeded: try guest.call("element")) == 0x2220)
    }

    @Test("GC-2: vectors in objects keep their bits, through collections too")
    func vectorFields() throws {
        let guest = try TextGuest(
            """
            (module
              (type $s (struct (field (mut i8)) (field (mut v128)) (field (mut i8)) (field (ref null $s))))
              (type $a (array (mut v128)))
              (tag $e (param v128 (ref $s)))
              (func $sum (param v128) (result i64)
                (i64.add (i64x2.extract_lane 0 (local.get 0)) (i64x2.extract_lane 1 (local.get 0))))
              (func $new (param i64) (result (ref $s))
                (struct.new $s (i32.const 1) (i64x2.replace_lane 1 (i64x2.splat (i64.const 100)) (local.get 0)) (i32.const 2)
                  (struct.new_default $s)))
              (func (export "field") (result i64) (local $s (ref $s))
                (local.set $s (call $new (i64.const 5)))
                (struct.set $s 0 (local.get $s) (i32.const -1))
                (struct.set $s 2 (local.get $s) (i32.const -1))
                (drop (call $new (i64.const 6)))
                (call $sum (i64x2.add (struct.get $s 1 (local.get $s)) (struct.get $s 1 (struct.get $s 3 (local.get $s))))))
              (func (export "array") (result i64) (local $a (ref $a))
                (local.set $a (array.new $a (v128.const i64x2 1 2) (i32.const 5)))
                (array.set $a (local.get $a) (i32.const 3) (v128.const i64x2 10 20))
                (array.fill $a (local.get $a) (i32.const 0) (v128.const i64x2 100 200) (i32.const 2))
                (array.copy $a $a (local.get $a) (i32.const 4) (local.get $a) (i32.const 3) (i32.const 1))
                (i64.add (call $sum (array.get $a (local.get $a) (i32.const 4)))
                  (i64.add (call $sum (array.get $a (local.get $a) (i32.const 2)))
                    (i64.add (call $sum (array.get $a (local.get $a) (i32.const 1)))
                      (call $sum (array.get $a (array.new_fixed $a 2 (v128.const i64x2 1000 0) (v128.const i64x2 0 2000))
                        (i32.const 1)))))))
              (func (export "legacy") (result i64) (local $v v128) (local $s (ref null $s))
                (try (result i64)
                  (do
                    (try (do (throw $e (v128.const i64x2 7 8) (call $new (i64.const 1)))) (catch_all (rethrow 0)))
                    (i64.const 0))
                  (catch $e
                    (drop (call $new (i64.const 9)))
                    (local.set $s) (local.set $v)
                    (i64.add (call $sum (local.get $v)) (call $sum (struct.get $s 1 (local.get $s))))))))
            """, collectsEvery: 1)
        #expect(try guest.call("field") == 105)
        #expect(try guest.call("array") == 30 + 3 + 300 + 2000)
        #expect(try guest.call("legacy") == 15 + 101)
    }

    @Test("GC-3: a cast finds a type at any depth; an indirect call takes a subtype's function")
    func subtypes() throws {
        let depth = 40
        var types = "(type $t0 (sub (struct)))"
        for i in 1...depth { types += "(type $t\(i) (sub $t\(i - 1) (struct)))" }
        let tests = (0...depth).map { type in
            "(func (export \"is\(type)\") (result i32) (ref.test (ref $t\(type)) (global.get $o)))"
        }
        let guest = try TextGuest(
            """
            (module \(types)
              (type $f (sub (func (result i32)))) (type $g (sub final $f (func (result i32))))
              (type $other (sub (struct (field i32))))
              (global $o anyref (struct.new_default $t30))
              (table funcref (elem $h))
              (func $h (type $g) (i32.const 42))
              (func (export "call") (result i32) (call_indirect (type $f) (i32.const 0)))
              (func (export "wrong") (result i32) (ref.test (ref $other) (global.get $o)))
              \(tests.joined(separator: "\n")))
            """)
        for i in 0...depth { #expect(try guest.call("is\(i)") == (i <= 30 ? 1 : 0)) }
        #expect(try guest.call("wrong") == 0)
        #expect(try guest.call("call") == 42)
    }

    @Test("GC-4: a constant expression is evaluated once for each instance")
    func constantsAreMadeOnce() throws {
        let text =
            """
            (module
              (type $s (struct (field (mut i32))))
              (global $a (ref $s) (struct.new $s (i32.const 1)))
              (global $b (ref $s) (global.get $a))
              (table $t 3 (ref null $s) (struct.new $s (i32.const 2)))
              (func (export "globals") (result i32) (ref.eq (global.get $a) (global.get $b)))
              (func (export "table") (result i32)
                (ref.eq (table.get $t (i32.const 0)) (table.get $t (i32.const 2))))
              (func (export "a") (result eqref) (global.get $a)))
            """
        let guest = try TextGuest(text)
        #expect(try guest.call("globals") == 1)
        #expect(try guest.call("table") == 1)
        let other = try TextGuest(text, in: guest.store)
        #expect(try guest.call("a") != other.call("a"))
    }

    @Test("GC-11: legacy clauses take exceptions by tag, rethrow the same one, and delegate over blocks between")
    func legacyExceptions() throws {
        let guest = try TextGuest(
            """
            (module
              (tag $e (param i32)) (tag $f)
              (func $throw (param i32) (if (local.get 0) (then (throw $e (local.get 0))) (else (throw $f))))
              (func (export "catch") (param i32) (result i32)
                (i32.add (i32.const 1000)
                  (try (result i32)
                    (do (call $throw (local.get 0)) (i32.const 1))
                    (catch $f (i32.const 2))
                    (catch $e (i32.add (i32.const 10))))))
              (func (export "rethrow") (param i32) (result i32)
                (try (result i32)
                  (do (try (result i32)
                    (do (call $throw (local.get 0)) (i32.const 1))
                    (catch_all
                      (try (do (throw $f)) (catch $f))
                      (rethrow 0))))
                  (catch $e)
                  (catch_all (i32.const 3))))
              (func (export "delegate") (param i32) (result i32)
                (try $outer (result i32)
                  (do (try (result i32)
                    (do (try (result i32) (do (call $throw (local.get 0)) (i32.const 1)) (delegate $outer)))
                    (catch_all (i32.const 4))))
                  (catch $e)
                  (catch_all (i32.const 5)))))
            """)
        #expect(try guest.call("catch", 7) == 1017)
        #expect(try guest.call("catch", 0) == 1002)
        #expect(try guest.call("rethrow", 7) == 7)
        #expect(try guest.call("rethrow", 0) == 3)
        #expect(try guest.call("delegate", 7) == 7)
        #expect(try guest.call("delegate", 0) == 5)
    }
}

/// An instance of a module in the text format.
struct TextGuest {
    let store: Store
    private let instance: Instance

    init(_ text: String, in store: Store) throws {
        self.store = store
        instance = try Instance(Module(try assemble(Array(text.utf8))), in: store) { _, _ in nil }
    }

    init(_ text: String, heapBytes: Int = Store.defaultHeapBytes, collectsEvery: Int = 0) throws {
        try self.init(text, in: Store(heapBytes: heapBytes, collectsEvery: collectsEvery))
    }

    private struct Missing: Error {}

    /// The first result of an exported function; 0 if it has none.
    @discardableResult
    func call(_ name: String, _ arguments: UInt64...) throws -> UInt64 {
        guard case .function(let function) = instance.export(name) else { throw Missing() }
        return try function.call(arguments).first ?? 0
    }
}
