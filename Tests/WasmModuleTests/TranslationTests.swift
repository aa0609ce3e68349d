import TestSupport
import Testing
import WasmModule

/// Golden listings: what specs/bytecode.md promises of the code.
@Suite struct TranslationTests {
    typealias Kind = ModuleBuilder.Kind

    private func listing(_ bytes: [UInt8]) throws -> [String] {
        FunctionTranslator.translate(try Module(bytes), body: 0).listing.split(separator: "\n").map(String.init)
    }

    @Test("BC-1: reading a local and a constant writes no code")
    func localsAndConstantsAreOperands() throws {
        let code: [UInt8] = [0x20, 0, 0x41, 5, 0x6A, 0x0B]
        #expect(
            try listing(ModuleBuilder.function([Kind.i32], [Kind.i32], code)) == [
                "0 i32_add_si_r 0x500000000", "2 return_a 0x1",
            ])
    }

    @Test("BC-2: a result used at once stays in its accumulator, and is stored by its own instruction if not")
    func resultsStayInAccumulators() throws {
        // (a + b) * (a - b): the sum must wait for the difference, so the addition stores it.
        let code: [UInt8] = [0x20, 0, 0x20, 1, 0x6A, 0x20, 0, 0x20, 1, 0x6B, 0x6C, 0x0B]
        let lines = try listing(ModuleBuilder.function([Kind.i32, Kind.i32], [Kind.i32], code))
        #expect(
            lines.map { $0.split(separator: " ")[1] } == ["i32_add_ss_s", "i32_sub_ss_r", "i32_mul_as_r", "return_a"])
    }

    @Test("BC-3: a comparison becomes part of its branch, and a counting loop is two instructions")
    func comparisonsFuseWithBranches() throws {
        // loop: i += 1; if i < n, again.
        let code: [UInt8] = [
            0x03, 0x40, 0x20, 1, 0x41, 1, 0x6A, 0x22, 1, 0x20, 0, 0x48, 0x0D, 0, 0x0B, 0x0B,
        ]
        #expect(
            try listing(ModuleBuilder.function([Kind.i32], [], locals: [(1, Kind.i32)], code)) == [
                "0 i32_add_si_s 0x100040004", "2 br_if_i32_lt_s_as 0xfffffffe00000000", "4 return_none 0x1",
            ])
    }

    @Test("BC-4: an operand that still is in a local's slot is saved before the local changes")
    func operandsOutliveTheirLocal() throws {
        // The old value is returned; the local is set meanwhile.
        let code: [UInt8] = [0x20, 0, 0x41, 9, 0x21, 0, 0x0B]
        #expect(
            try listing(ModuleBuilder.function([Kind.i32], [Kind.i32], code)) == [
                "0 copy 0x4", "2 const_u32 0x900000000", "4 return_s 0x40001",
            ])
    }

    @Test("BC-5: neighbouring copies are one instruction, up to four")
    func copiesMerge() throws {
        var builder = ModuleBuilder()
        builder.types([([Kind.i32], []), ([Kind.i32, Kind.i32, Kind.i32, Kind.i32], [])])
        builder.functions([0, 1])
        builder.code([([], [0x20, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0x10, 1, 0x0B]), ([], [0x0B])])
        #expect(
            try listing(builder.bytes).map { $0.split(separator: " ")[1] } == ["copy4", "call", "return_none"])
    }

    @Test("BC-6: code that cannot be reached is not written")
    func unreachableCodeIsLeftOut() throws {
        let code: [UInt8] = [0x00, 0x41, 1, 0x41, 2, 0x6A, 0x1A, 0x02, 0x40, 0x0B, 0x0B]
        #expect(try listing(ModuleBuilder.function([], [], code)) == ["0 unreachable"])
    }

    @Test("BC-7: the source map leads from an instruction to its byte in the module")
    func sourceMapNamesBytes() throws {
        let bytes = ModuleBuilder.function([Kind.i32, Kind.i32], [Kind.i32], [0x20, 0, 0x20, 1, 0x6D, 0x0B])
        let code = FunctionTranslator.translate(try Module(bytes), body: 0, wantsSourceMap: true)
        // The division is the first instruction written; its byte is the last but one.
        #expect(code.sourceMap.first { $0.word == 0 }?.byte == bytes.count - 2)
    }
}
