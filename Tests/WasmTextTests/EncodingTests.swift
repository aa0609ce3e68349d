import Testing

@testable import WasmText

struct EncodingTests {
    @Test(
        "TEXT-17: what stands behind an instruction's name is encoded as the binary format has it",
        arguments: [
            ("block (result i32) end", [0x02, 0x7F, 0x0B]), ("block (type 3) end", [0x02, 0x03, 0x0B]),
            ("loop (param i32) (result i32) end", [0x03, 0x02, 0x0B]), ("throw 1", [0x08, 0x01]),
            ("rethrow 2", [0x09, 0x02]),
            ("br_table 1 2 3", [0x0E, 0x02, 0x01, 0x02, 0x03]), ("br_table 7", [0x0E, 0x00, 0x07]),
            ("call_indirect 1 (type 3)", [0x11, 0x03, 0x01]), ("return_call_indirect (type 3)", [0x13, 0x03, 0x00]),
            ("call_ref 3", [0x14, 0x03]), ("return_call_ref 3", [0x15, 0x03]), ("return_call 9", [0x12, 0x09]),
            ("select (result i64)", [0x1C, 0x01, 0x7E]), ("select", [0x1B]), ("select (result)", [0x1C, 0x00]),
            (
                "try_table (catch 1 0) (catch_ref 2 0) (catch_all 0) (catch_all_ref 3) end",
                [0x1F, 0x40, 0x04, 0x00, 0x01, 0x00, 0x01, 0x02, 0x00, 0x02, 0x00, 0x03, 0x03, 0x0B]
            ),
            ("local.tee 300", [0x22, 0xAC, 0x02]), ("table.get 1", [0x25, 0x01]), ("table.set", [0x26, 0x00]),
            ("i32.load", [0x28, 0x02, 0x00]), ("i64.load32_u offset=16 align=1", [0x35, 0x00, 0x10]),
            ("i32.load8_s 2 offset=1", [0x2C, 0x40, 0x02, 0x01]), ("f64.store 0", [0x39, 0x03, 0x00]),
            ("i32.load offset=0x1_0000_0000", [0x28, 0x02, 0x80, 0x80, 0x80, 0x80, 0x10]),
            ("memory.size 1", [0x3F, 0x01]), ("memory.grow", [0x40, 0x00]), ("i64.const -64", [0x42, 0x40]),
            ("i64.const 64", [0x42, 0xC0, 0x00]), ("ref.null extern", [0xD0, 0x6F]), ("ref.null 3", [0xD0, 0x03]),
            ("ref.null 64", [0xD0, 0xC0, 0x00]), ("ref.func 1", [0xD2, 0x01]), ("br_on_null 1", [0xD5, 0x01]),
            ("struct.new 3", [0xFB, 0x00, 0x03]), ("struct.set 3 1", [0xFB, 0x05, 0x03, 0x01]),
            ("array.new_fixed 3 7", [0xFB, 0x08, 0x03, 0x07]), ("array.new_elem 3 4", [0xFB, 0x0A, 0x03, 0x04]),
            ("array.copy 3 4", [0xFB, 0x11, 0x03, 0x04]), ("array.init_data 3 4", [0xFB, 0x12, 0x03, 0x04]),
            ("ref.test (ref any)", [0xFB, 0x14, 0x6E]), ("ref.test anyref", [0xFB, 0x15, 0x6E]),
            ("ref.cast (ref 3)", [0xFB, 0x16, 0x03]), ("ref.cast (ref null 3)", [0xFB, 0x17, 0x03]),
            ("br_on_cast 1 anyref (ref eq)", [0xFB, 0x18, 0x01, 0x01, 0x6E, 0x6D]),
            ("br_on_cast_fail 1 (ref any) eqref", [0xFB, 0x19, 0x02, 0x01, 0x6E, 0x6D]),
            ("br_on_cast 1 (ref any) (ref 3)", [0xFB, 0x18, 0x00, 0x01, 0x6E, 0x03]),
            ("memory.init 5", [0xFC, 0x08, 0x05, 0x00]), ("memory.init 1 5", [0xFC, 0x08, 0x05, 0x01]),
            ("memory.copy", [0xFC, 0x0A, 0x00, 0x00]), ("memory.copy 1 2", [0xFC, 0x0A, 0x01, 0x02]),
            ("memory.fill 1", [0xFC, 0x0B, 0x01]), ("table.init 5", [0xFC, 0x0C, 0x05, 0x00]),
            ("table.init 1 5", [0xFC, 0x0C, 0x05, 0x01]), ("table.copy 1 2", [0xFC, 0x0E, 0x01, 0x02]),
            ("elem.drop 5", [0xFC, 0x0D, 0x05]), ("i64.mul_wide_u", [0xFC, 0x16]),
            ("v128.load8_lane 3", [0xFD, 0x54, 0x00, 0x00, 0x03]),
            ("v128.load8_lane 1 3", [0xFD, 0x54, 0x40, 0x01, 0x00, 0x03]),
            ("v128.store64_lane offset=8 align=4 1", [0xFD, 0x5B, 0x02, 0x08, 0x01]),
            (
                "i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 255",
                [0xFD, 0x0D, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]
            ), ("i16x8.replace_lane 7", [0xFD, 0x1A, 0x07]),
            ("i32x4.relaxed_dot_i8x16_i7x16_add_s", [0xFD, 0x93, 0x02]), ("atomic.fence", [0xFE, 0x03, 0x00]),
            ("i64.atomic.rmw32.cmpxchg_u offset=4", [0xFE, 0x4E, 0x02, 0x04]),
        ] as [(String, [UInt8])])
    func immediates(text: String, bytes: [UInt8]) throws {
        let types = "(type (func)) (type (func)) (type (func (param i32) (result i32))) (type (func))"
        #expect(try body("\(types) (memory 1) (func (type 0) \(text))") == bytes + [0x0B])
    }

    @Test(
        "TEXT-17: types are encoded as the binary format has them",
        arguments: [
            ("(type (func (param i32 i64 f32 f64 v128)))", [0x60, 5, 0x7F, 0x7E, 0x7D, 0x7C, 0x7B, 0]),
            (
                "(type (func (result funcref externref anyref eqref i31ref structref arrayref exnref)))",
                [0x60, 0, 8, 0x70, 0x6F, 0x6E, 0x6D, 0x6C, 0x6B, 0x6A, 0x69]
            ),
            (
                "(type (func (result nullref nullfuncref nullexternref nullexnref)))",
                [0x60, 0, 4, 0x71, 0x73, 0x72, 0x74]
            ),
            ("(type (array (mut i8)))", [0x5E, 0x78, 1]), ("(type (array (ref null 0)))", [0x5E, 0x63, 0, 0]),
            ("(type (struct (field i16) (field (mut (ref any)))))", [0x5F, 2, 0x77, 0, 0x64, 0x6E, 1]),
            ("(type (sub (array i32)))", [0x50, 0, 0x5E, 0x7F, 0]),
            ("(type (sub final 0 (struct)))", [0x4F, 1, 0, 0x5F, 0]),
            ("(type (sub final (struct)))", [0x5F, 0]),
            ("(rec (type (func)) (type (struct)))", [0x4E, 2, 0x60, 0, 0, 0x5F, 0]), ("(rec)", [0x4E, 0]),
        ] as [(String, [UInt8])])
    func types(text: String, bytes: [UInt8]) throws {
        #expect(try section(1, of: text) == [1] + bytes)
    }

    @Test(
        "TEXT-17: fields are encoded as the binary format has them",
        arguments: [
            (4, "(table 1 funcref)", [0x70, 0, 1]), (4, "(table i64 1 2 (ref null func))", [0x70, 5, 1, 2]),
            (4, "(table 1 (ref func) (ref.func 0)) (func)", [0x40, 0, 0x64, 0x70, 0, 1, 0xD2, 0, 0x0B]),
            (5, "(memory 1)", [0, 1]), (5, "(memory 1 2 shared)", [3, 1, 2]), (5, "(memory i64 1)", [4, 1]),
            (5, "(memory 1 (pagesize 1))", [8, 1, 0]),
            (6, "(global (mut i32) (i32.const 1))", [0x7F, 1, 0x41, 1, 0x0B]),
            (6, "(global i32 i32.const 1 i32.const 2 i32.add)", [0x7F, 0, 0x41, 1, 0x41, 2, 0x6A, 0x0B]),
            (13, "(tag (param i32))", [0, 0]),
            (9, "(table 1 funcref) (func) (elem (i32.const 0) 0)", [0, 0x41, 0, 0x0B, 1, 0]),
            (9, "(func) (elem func 0)", [1, 0, 1, 0]),
            (9, "(table 1 funcref) (func) (elem (table 0) (i32.const 0) func 0)", [2, 0, 0x41, 0, 0x0B, 0, 1, 0]),
            (9, "(func) (elem declare func 0)", [3, 0, 1, 0]),
            (
                9, "(table 1 funcref) (elem (i32.const 0) funcref (ref.null func))",
                [4, 0x41, 0, 0x0B, 1, 0xD0, 0x70, 0x0B]
            ),
            (9, "(elem externref (ref.null extern))", [5, 0x6F, 1, 0xD0, 0x6F, 0x0B]),
            (
                9, "(table 1 anyref) (elem (i32.const 0) anyref (item ref.null any))",
                [6, 0, 0x41, 0, 0x0B, 0x6E, 1, 0xD0, 0x6E, 0x0B]
            ),
            (9, "(elem declare anyref)", [7, 0x6E, 0]), (11, #"(data "a")"#, [1, 1, 0x61]),
            (11, #"(memory 1) (data (i32.const 0) "a")"#, [0, 0x41, 0, 0x0B, 1, 0x61]),
            (11, #"(memory 1) (memory 1) (data (memory 1) (i32.const 0) "a")"#, [2, 1, 0x41, 0, 0x0B, 1, 0x61]),
            (2, #"(import "m" "n" (tag))"#, [1, 0x6D, 1, 0x6E, 4, 0, 0]), (7, #"(tag (export "t"))"#, [1, 0x74, 4, 0]),
        ] as [(UInt8, String, [UInt8])])
    func fields(id: UInt8, text: String, bytes: [UInt8]) throws {
        #expect(try section(id, of: text) == [1] + bytes)
    }
}
