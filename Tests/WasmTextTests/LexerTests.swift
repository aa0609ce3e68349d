import Testing

@testable import WasmText

struct LexerTests {
    @Test("TEXT-3: an error tells line and column, in bytes from 1, of what is wrong")
    func positions() {
        #expect(refusal("(module\n  (func\n    i32.cnst 1))") == "3:5: unknown operator i32.cnst")
        #expect(refusal("(func)\r\n(func)\r(func (local.get $é))") == "3:18: empty identifier")
        #expect(refusal("(module (func)")?.contains("unexpected end of text") == true)
        #expect(refusal("(; ä ;) (func \u{1})")?.hasPrefix("1:16: ") == true)
    }

    @Test(
        "TEXT-4: white space and comments separate tokens and mean nothing",
        arguments: [
            "(module(func nop))", "(;a(;b;);c;)(module;;x\n(func;;)\rnop))", "(module\t(func\r\n nop)) ;; end",
            "( module ( func nop ) )", "(module(func(;;)nop(;;)))",
        ])
    func whiteSpace(text: String) throws {
        #expect(try binary(text) == binary("(module (func nop))"))
    }

    @Test("TEXT-4: tokens that touch are one token, and not two")
    func touching() {
        for text in ["(func nop\"\")", "(data \"a\"\"b\")", "(func i32.const 0drop)", "(data \"a\"x)"] {
            #expect(refusal(text) != nil, "\(text)")
        }
        #expect(refusal("(func nop,nop)") != nil)
        #expect(refusal("(func (; nop)") == "1:7: unclosed comment")
        #expect(refusal("(func) ë") != nil)
    }

    @Test("TEXT-5: a string has any bytes by escapes, and its characters in UTF-8")
    func strings() throws {
        let data = try section(11, of: #"(data "a\00\ff\t\n\r\"\'\\\u{e9}\u{1F_6_0_0}é")"#)
        #expect(Array(data.dropFirst(3)) == [0x61, 0, 0xFF, 9, 10, 13, 0x22, 0x27, 0x5C] + Array("é\u{1F600}é".utf8))
        #expect(refusal(#"(data "\u{D800}")"#)?.contains("illegal escape") == true)
        #expect(refusal(#"(data "\u{110000}")"#)?.contains("illegal escape") == true)
        #expect(refusal(#"(data "\x")"#)?.contains("illegal escape") == true)
        #expect(refusal("(data \"a\nb\")")?.contains("unclosed string") == true)
        #expect(refusal("(data \"a\u{7}b\")")?.contains("illegal control character") == true)
    }

    @Test("TEXT-5: names are UTF-8, and so is the text")
    func encoding() {
        #expect(refusal(#"(func (export "\ff"))"#)?.contains("malformed UTF-8") == true)
        #expect(refusal(#"(import "\c0\80" "" (func))"#)?.contains("malformed UTF-8") == true)
        for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
            #expect(throws: TextError("malformed UTF-8 encoding", at: TextPosition(line: 2, column: 3))) {
                try assemble(Array("(;\n;)".utf8) + bytes)
            }
        }
    }

    @Test("TEXT-6: an identifier in quotation marks is the one without them")
    func quotedIdentifiers() throws {
        #expect(
            try binary(#"(func $a (call $"a")) (func $"b\63" (call $bc))"#)
                == binary("(func $a (call 0)) (func $bc (call 1))"))
        #expect(try instructions(#"(block $"two words" (br $"two words"))"#) == [0x02, 0x40, 0x0C, 0x00, 0x0B])
        #expect(refusal(#"(func $"")"#) == "1:7: empty identifier")
        #expect(refusal("(func $)") == "1:7: empty identifier")
    }
}
