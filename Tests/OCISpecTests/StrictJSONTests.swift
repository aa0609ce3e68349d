internal import OCISpec
internal import Testing

@Suite struct StrictJSONTests {
    @Test(
        "LAY-3: what every reader understands is taken",
        arguments: [
            "{}", "[]", " [ ] ", "null", "-0.5e+10", #""""#, #"{"a":[1,{"b":[]},"\ud83d\ude00\n"],"c":{}}"#,
            #"{"a":{"x":1},"b":{"x":2}}"#,
        ])
    func good(_ text: String) throws { try StrictJSON.check(Array(text.utf8)) }

    @Test(
        "LAY-3: what readers differ about, or what is no JSON, is refused with its place",
        arguments: [
            (#"{"a":1,"a":2}"#, "appears twice"), (#"{"a":1,"\u0061":2}"#, "appears twice"),
            (#"{"a":{"b":1,"b":1}}"#, "appears twice"), ("{}{}", "something follows"), ("", "expected a value"),
            ("[1,]", "expected a value"), ("[1 2]", "expected a comma"), (#"{"a":NaN}"#, "expected a value"),
            ("01", "something follows"), ("1.", "expected a value"), ("+1", "expected a value"),
            ("nul", "expected null"),
            (#"{"a" 1}"#, "expected a colon"), ("{a:1}", "expected a member's name"), ("\"a", "without an end"),
            ("\"\u{1}\"", "control character"), (#""\x""#, "unknown escape"), (#""\ud800""#, "surrogate"),
            (#""\udc00""#, "surrogate"), (#""\u12g4""#, "four hexadecimal"), ("[}", "expected a value"),
        ])
    func bad(_ text: String, reason: String) {
        let error = #expect(throws: SpecError.self) { try StrictJSON.check(Array(text.utf8)) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test("LAY-3: bytes that are not UTF-8 are refused where they begin")
    func notUTF8() {
        let bytes = Array(#"{"é":""#.utf8) + [0xFF, 0xC0] + Array(#""}"#.utf8)
        #expect(throws: SpecError(.invalidJSON(reason: "not UTF-8", offset: 7))) { try StrictJSON.check(bytes) }
    }

    @Test("LAY-3: 64 levels are taken, 65 are not, and 100000 do not use up the stack")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            [UInt8](repeating: UInt8(ascii: "["), count: levels) + [UInt8](repeating: UInt8(ascii: "]"), count: levels)
        }
        try StrictJSON.check(nested(64))
        #expect(throws: SpecError.self) { try StrictJSON.check(nested(65)) }
        #expect(throws: SpecError.self) { try StrictJSON.check(nested(100_000)) }
    }
}
