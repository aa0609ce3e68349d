import Testing

@testable import WasmText

struct NumberTests {
    @Test(
        "TEXT-7: an integer is signed or not, and fits",
        arguments: [
            ("0", [0x41, 0x00]), ("-1", [0x41, 0x7F]), ("0xffff_ffff", [0x41, 0x7F]), ("4294967295", [0x41, 0x7F]),
            ("+0x7f", [0x41, 0xFF, 0x00]), ("-0x8000_0000", [0x41, 0x80, 0x80, 0x80, 0x80, 0x78]),
            ("1_0", [0x41, 0x0A]),
        ] as [(String, [UInt8])])
    func integers(text: String, bytes: [UInt8]) throws {
        #expect(try instructions("(drop (i32.const \(text)))") == bytes + [0x1A])
    }

    @Test(
        "TEXT-7: an integer that does not fit is refused",
        arguments: [
            "i32.const 4294967296", "i32.const -2147483649", "i64.const 18446744073709551616",
            "i64.const -9223372036854775809", "i64.const 0x1_0000_0000_0000_0000",
            "v128.const i8x16 256 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
            "i32.const 1__0", "i32.const _1", "i32.const 1_", "i32.const 0x", "i32.const 1a", "i32.const 0xg",
            "i32.const --1",
            "i32.const 1.0", "i8x16.extract_lane_s 256", "i8x16.extract_lane_s -1", "i32.load align=3",
            "i32.load align=0",
            "i32.load offset=-1", "i32.load offset=1.0", "i32.load align=", "i32.load offset=18446744073709551616",
        ])
    func tooLarge(text: String) { #expect(refusal("(func \(text))") != nil) }

    /// A float's bits in each format.
    private func bits(_ text: String) throws -> (UInt32, UInt64) {
        let single = try instructions("f32.const \(text)")
        let double = try instructions("f64.const \(text)")
        return (
            single.dropFirst().reversed().reduce(0) { $0 << 8 | UInt32($1) },
            double.dropFirst().reversed().reduce(0) { $0 << 8 | UInt64($1) }
        )
    }

    @Test(
        "TEXT-8: a float is the nearest number of its own format, of two the even one",
        arguments: [
            ("0", 0, 0), ("-0.0", 0x8000_0000, 1 << 63), ("1.", 0x3F80_0000, 0x3FF0_0000_0000_0000),
            ("1e3", 0x447A_0000, 0x408F_4000_0000_0000), ("0x1p-1", 0x3F00_0000, 0x3FE0_0000_0000_0000),
            // Halfway between two floats of 32 bits, and a little more than that: less than 64 bits can tell.
            ("16777217", 0x4B80_0000, 0x4170_0000_1000_0000),
            ("16777217.0000000000000000000000001", 0x4B80_0001, 0x4170_0000_1000_0000),
            ("0x1.000001p0", 0x3F80_0000, 0x3FF0_0000_1000_0000),
            ("0x1.00000100000000000000000000001p0", 0x3F80_0001, 0x3FF0_0000_1000_0000),
            ("1e-60", 0, 0x3379B604AAACA626), ("0x1p-150", 0, 0x3690_0000_0000_0000),
            ("0x1.8p-150", 1, 0x3698_0000_0000_0000), ("0x0.000002p-126", 1, 0x3800_0000_0000_0000 - (22 << 52)),
            ("0x0000000000000000000000000001.8p1", 0x4040_0000, 0x4008_0000_0000_0000),
            ("inf", 0x7F80_0000, 0x7FF0 << 48), ("-inf", 0xFF80_0000, 0xFFF0 << 48),
            ("nan", 0x7FC0_0000, 0x7FF8 << 48), ("-nan", 0xFFC0_0000, 0xFFF8 << 48),
            ("nan:0x1_23", 0x7F80_0123, 0x7FF0_0000_0000_0123),
        ] as [(String, UInt32, UInt64)])
    func floats(text: String, single: UInt32, double: UInt64) throws {
        let bits = try bits(text)
        #expect(bits.0 == single)
        #expect(bits.1 == double)
    }

    @Test(
        "TEXT-8: a float that rounds to infinity, and a NaN without payload, are refused",
        arguments: [
            "f32.const 3.5e38", "f32.const 0x1p128", "f32.const 0x1.ffffffp127", "f64.const 1e309",
            "f64.const 0x1p1024",
            "f32.const nan:0x0", "f32.const nan:0x80_0000", "f64.const nan:0x10_0000_0000_0000", "f32.const 0x1p",
            "f32.const 1e", "f32.const .5", "f32.const 0x.5", "f32.const nan:1", "f32.const infinity", "f32.const 1e_1",
            "f32.const nan:canonical",
        ])
    func refusedFloats(text: String) { #expect(refusal("(func \(text))") != nil) }

    @Test("TEXT-8: of many random floats, text gives back the bits")
    func roundTrip() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let bits = UInt64.random(in: 0..<UInt64(0x7FF0) << 48, using: &generator)
            let single = UInt32.random(in: 0..<0x7F80_0000, using: &generator)
            for text in ["\(Double(bitPattern: bits))", hexadecimal(bits, fraction: 52, bias: 1023)] {
                #expect(FloatLiteral(Array(text.utf8), from: 0, to: text.utf8.count).bits(.double) == bits, "\(text)")
            }
            let text = "\(Float(bitPattern: single))"
            #expect(FloatLiteral(Array(text.utf8), from: 0, to: text.utf8.count).bits(.single) == UInt64(single))
        }
    }

    private func hexadecimal(_ bits: UInt64, fraction: UInt64, bias: Int) -> String {
        let exponent = Int(bits >> fraction)
        let rest = bits & (1 << fraction - 1)
        let significand = exponent == 0 ? rest : rest | 1 << fraction
        return "0x" + String(significand, radix: 16) + "p\(max(exponent, 1) - bias - Int(fraction))"
    }

    @Test("TEXT-7: a vector has as many lanes as its shape")
    func vectors() throws {
        let vector = try instructions("v128.const i16x8 1 -1 0x8000 65535 0 0 0 2")
        #expect(vector == [0xFD, 0x0C, 1, 0, 0xFF, 0xFF, 0, 0x80, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 2, 0])
        #expect(
            try instructions("v128.const f64x2 1 nan:0x1").suffix(16) == [
                0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 1, 0, 0, 0, 0, 0, 0xF0, 0x7F,
            ])
        #expect(refusal("(func v128.const i32x4 1 2 3)")?.contains("wrong number of lane literals") == true)
        #expect(refusal("(func v128.const i32x4 1 2 3 4 5)")?.contains("wrong number of lane literals") == true)
    }
}
