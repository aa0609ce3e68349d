import Testing
import WasmModule
import WasmRuntime
import WasmText

/// Instructions that are made of two: that they are written, and that they do what the two do.
@Suite struct FusedInstructionTests {
    /// A module whose function "f" has one fused instruction, and what it gives.
    struct Case: CustomTestStringConvertible, Sendable {
        let instruction: String
        let text: String
        let calls: [(arguments: [UInt64], results: [UInt64])]

        var testDescription: String { instruction }

        init(_ instruction: String, _ text: String, _ calls: ([UInt64], [UInt64])...) {
            self.instruction = instruction
            self.text = text
            self.calls = calls
        }
    }

    static let cases = [
        Case(
            "i32_add_add",
            """
            (func (export "f") (param i32 i32) (result i32 i32)
              (local.set 0 (i32.add (local.get 0) (i32.const 7)))
              (local.set 1 (i32.add (local.get 1) (i32.const -1)))
              (local.get 0) (local.get 1))
            """, ([1, 0], [8, 0xFFFF_FFFF]), ([0xFFFF_FFFF, 5], [6, 4])),
        // The second reads what the first wrote: through the accumulator.
        Case(
            "i32_add_si_s",
            """
            (func (export "f") (param i32 i32) (result i32 i32)
              (local.set 0 (i32.add (local.get 0) (i32.const 7)))
              (local.set 1 (i32.add (local.get 0) (i32.const 1)))
              (local.get 0) (local.get 1))
            """, ([1, 0], [8, 9])),
        // The sum is still wanted after the two became one.
        Case(
            "i32_add_add",
            """
            (func (export "f") (param i32 i32) (result i32)
              (local.set 0 (i32.add (local.get 0) (i32.const 7)))
              (i32.mul (local.tee 1 (i32.add (local.get 1) (i32.const 2))) (local.get 0)))
            """, ([1, 3], [40])),
        Case(
            "i32_add_br",
            """
            (func (export "f") (param i32) (result i32) (local i32)
              (block (loop
                (br_if 1 (i32.ge_u (local.get 1) (local.get 0)))
                (local.set 1 (i32.add (local.get 1) (i32.const 3)))
                (br 0)))
              (local.get 1))
            """, ([10], [12]), ([0], [0])),
        Case(
            "i32_add_br_if",
            """
            (func (export "f") (param i32) (result i32) (local i32)
              (loop
                (local.set 1 (i32.xor (local.get 1) (local.get 0)))
                (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))
              (local.get 1))
            """, ([3], [0]), ([5], [1])),
        Case(
            "i32_add_br_unless",
            """
            (func (export "f") (param i32) (result i32)
              (if (result i32) (local.tee 0 (i32.add (local.get 0) (i32.const -4)))
                (then (local.get 0)) (else (i32.const 99))))
            """, ([3], [0xFFFF_FFFF]), ([4], [99])),
        Case(
            "i32_add_br_unless",
            """
            (func (export "f") (param i32) (result i32)
              (block (br_if 0 (i32.eqz (local.tee 0 (i32.add (local.get 0) (i32.const 1)))))
                (return (local.get 0)))
              (i32.const 77))
            """, ([0xFFFF_FFFF], [77]), ([4], [5])),
        Case(
            "copy_br",
            """
            (func (export "f") (param i32 i32) (result i32)
              (block (if (local.get 0) (then (local.set 0 (local.get 1)) (br 1)))
                (local.set 0 (i32.const 5)))
              (local.get 0))
            """, ([1, 9], [9]), ([0, 9], [5])),
        Case(
            "br_unless_and_s",
            """
            (func (export "f") (param i32) (result i32)
              (if (result i32) (i32.and (local.get 0) (i32.const 0x80000001))
                (then (i32.const 1)) (else (i32.const 2))))
            """, ([1], [1]), ([0x8000_0000], [1]), ([0x7FFF_FFFE], [2])),
        Case(
            "br_if_and_s",
            """
            (func (export "f") (param i32) (result i32)
              (block (br_if 0 (i32.and (local.get 0) (i32.const 6))) (return (i32.const 3)))
              (local.get 0))
            """, ([9], [3]), ([2], [2])),
        Case(
            "br_if_and_a",
            """
            (func (export "f") (param i32) (result i32)
              (if (result i32) (i32.eqz (i32.and (i32.mul (local.get 0) (local.get 0)) (i32.const 4)))
                (then (i32.const 1)) (else (i32.const 2))))
            """, ([3], [1]), ([2], [2])),
        Case(
            "br_unless_and_a",
            """
            (func (export "f") (param i32) (result i32)
              (block (br_if 0 (i32.eqz (i32.and (i32.mul (local.get 0) (local.get 0)) (i32.const 4))))
                (return (i32.const 2)))
              (i32.const 1))
            """, ([3], [1]), ([2], [2])),
        // Another value waits on the stack while the condition is masked.
        Case(
            "br_unless_and_s",
            """
            (func (export "f") (param i32) (result i32)
              (i32.add (i32.const 3) (local.get 0))
              (if (result i32) (i32.and (local.get 0) (i32.const 1)) (then (i32.const 10)) (else (i32.const 20)))
              (i32.sub))
            """, ([1], [0xFFFF_FFFA]), ([2], [0xFFFF_FFF1])),
        Case(
            "i32_store_add_s",
            """
            (func (export "f") (param i32 i32) (result i32)
              (i32.store offset=8 (local.get 0) (i32.add (local.get 1) (i32.const -3)))
              (i32.load offset=8 (local.get 0)))
            """, ([0, 2], [0xFFFF_FFFF]), ([65_524, 10], [7])),
        Case(
            "i32_store_add_a",
            """
            (func (export "f") (param i32) (result i32)
              (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 2)))
              (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 2)))
              (i32.load (local.get 0)))
            """, ([16], [4])),
        // The sum is kept, so it has to be made.
        Case(
            "i32_store_sa",
            """
            (func (export "f") (param i32) (result i32)
              (i32.store (i32.const 0) (local.tee 0 (i32.add (local.get 0) (i32.const 2))))
              (i32.add (local.get 0) (i32.load (i32.const 0))))
            """, ([16], [36])),
        Case(
            "i32_load8_u_shift_s_r",
            """
            (func (export "f") (param i32) (result i32)
              (i32.load8_u offset=1 (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 32))))
            """, ([0], [0x22]), ([1], [0x66]), ([0x4000_0001], [0x66]), ([0xFFFF_FFF8], [0])),
        Case(
            "i64_load_shift_a_s",
            """
            (func (export "f") (param i32) (result i64) (local i64)
              (local.set 1 (i64.load
                (i32.add (i32.shl (i32.mul (local.get 0) (i32.const 3)) (i32.const 1)) (i32.const 26))))
              (local.get 1))
            """, ([1], [0x8877_6655_4433_2211])),
        Case(
            "copy_call",
            """
            (func (export "f") (param i32 i32) (result i32)
              (i32.sub (call $two (i32.const 1) (local.get 0)) (local.get 1)))
            (func $two (param i32 i32) (result i32) (i32.add (i32.mul (local.get 0) (i32.const 10)) (local.get 1)))
            """, ([4, 1], [13])),
        Case(
            "const_call",
            """
            (func (export "f") (param i32 i64) (result i64)
              (call $two (local.get 0) (i64.const 0xffffffff)))
            (func $two (param i32 i64) (result i64)
              (i64.add (i64.extend_i32_u (local.get 0)) (local.get 1)))
            """, ([4, 1], [0x1_0000_0003])),
        Case(
            "global_set_add_return_s",
            """
            (global $stack (mut i32) (i32.const 1000))
            (func (export "f") (param i32) (result i32) (local i32)
              (global.set $stack (local.tee 1 (i32.sub (global.get $stack) (i32.const 16))))
              (call $none (local.get 1))
              (local.set 0 (i32.add (local.get 0) (i32.sub (global.get $stack) (i32.const 900))))
              (nop)
              (global.set $stack (i32.add (local.get 1) (i32.const 16)))
              (local.get 0))
            (func $none (param i32)
              (global.set $stack (i32.add (local.get 0) (i32.const 0))))
            """, ([5], [89]), ([5], [89])),
        Case(
            "global_set_add_return_none",
            """
            (global $stack (mut i32) (i32.const 1000))
            (func $f (param i32)
              (global.set $stack (i32.add (local.get 0) (i32.const 3))))
            (func (export "f") (param i32) (result i32) (call $f (local.get 0)) (global.get $stack))
            """, ([5], [8])),
    ]

    @Test("BC-8: neighbours that one instruction can do become that, and do what they did", arguments: cases)
    func fused(_ one: Case) throws {
        let text = """
            (module (memory 1) (data (i32.const 32) "\\11\\22\\33\\44\\55\\66\\77\\88") \(one.text))
            """
        let module = try Module(try assemble(Array(text.utf8)))
        let names = FunctionTranslator.translate(module, body: 0).listing.split(separator: "\n")
            .map { $0.split(separator: " ")[1] }
        #expect(names.contains { $0 == one.instruction }, "\(names)")
        let store = try Store()
        let instance = try Instance(module, in: store) { _, _ in nil }
        guard case .function(let function) = instance.export("f") else { throw NoSuchExport(name: "f") }
        for (arguments, results) in one.calls {
            #expect(try function.call(arguments) == results, "\(arguments)")
        }
    }

    @Test("BC-8: an access with an address added is checked in the memories that need it")
    func otherMemories() throws {
        let store = try Store()
        let instance = try Instance(
            text: """
                (module (memory 1) (memory $second 1) (memory $wide i64 1)
                  (func (export "load") (param i32) (result i32)
                    (i32.load $second (i32.add (local.get 0) (i32.const 4))))
                  (func (export "shift") (param i32) (result i32)
                    (i32.load $second (i32.add (i32.shl (local.get 0) (i32.const 2)) (i32.const 4))))
                  (func (export "store") (param i32 i32)
                    (i32.store $second (local.get 0) (i32.add (local.get 1) (i32.const 1))))
                  (func (export "wide") (param i64) (result i32)
                    (i32.load $wide (i64.add (local.get 0) (i64.const 4))))
                  (func (export "first") (param i32) (result i32) (i32.load (local.get 0))))
                """, in: store)
        _ = try instance.call("store", 8, 41)
        #expect(try instance.call("first", 8) == [0])
        #expect(try instance.call("load", 4) == [42])
        #expect(try instance.call("shift", 1) == [42])
        #expect(try instance.call("wide", 4) == [0])
        for (name, address) in [("load", UInt64(65_532)), ("shift", 16_383), ("wide", 65_532), ("wide", 1 << 32)] {
            #expect(try instance.trap(name, address) == "out of bounds memory access", "\(name) \(address)")
        }
        #expect(try instance.trap("store", 65_533, 0) == "out of bounds memory access")
    }

    @Test("BC-7: what was taken back leaves no place of its own: a fault is told of the access")
    func sourceMap() throws {
        let text = """
            (module (memory 1) (func (param i32) (drop (i32.load (i32.add (local.get 0) (i32.const 4))))))
            """
        let bytes = try assemble(Array(text.utf8))
        let code = FunctionTranslator.translate(try Module(bytes), body: 0, wantsSourceMap: true)
        let place = try #require(code.sourceMap.last { $0.word == 0 })
        #expect(bytes[place.byte] == 0x28)
    }
}
