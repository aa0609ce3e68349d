/// The words of the text format and of scripts that are not, or not only, instructions.
enum Word: String, CaseIterable {
    /// Not a word of either, though written like one.
    case unknown = ""
    /// The beginning of a token that goes on with a number.
    case offsetIs = "offset="
    case alignIs = "align="

    // fields of a module
    case module, type, rec, `import`, export, `func`, table, memory, global, tag, start, elem, data

    // types
    case i32, i64, f32, f64, v128, i8, i16
    case ref, null, mut, shared, pagesize, param, result, local, sub, final, `struct`, array, field
    case any, eq, i31, extern, exn, none, nofunc, noextern, noexn
    case funcref, externref, anyref, eqref, i31ref, structref, arrayref, exnref
    case nullref, nullfuncref, nullexternref, nullexnref

    // parts of fields and of folded instructions
    case offset, item, declare, then, `else`, end, `do`, `catch`, delegate
    case catchRef = "catch_ref"
    case catchAll = "catch_all"
    case catchAllRef = "catch_all_ref"
    case i8x16, i16x8, i32x4, i64x2, f32x4, f64x2
    case before, after, first, last, code, datacount

    // scripts
    case binary, quote, definition, instance, register, invoke, get, thread, wait, either, input, output, script
    case assertReturn = "assert_return"
    case assertTrap = "assert_trap"
    case assertExhaustion = "assert_exhaustion"
    case assertMalformed = "assert_malformed"
    case assertInvalid = "assert_invalid"
    case assertMalformedCustom = "assert_malformed_custom"
    case assertInvalidCustom = "assert_invalid_custom"
    case assertUnlinkable = "assert_unlinkable"
    case assertException = "assert_exception"
    case i32Const = "i32.const"
    case i64Const = "i64.const"
    case f32Const = "f32.const"
    case f64Const = "f64.const"
    case v128Const = "v128.const"
    case refNull = "ref.null"
    case refExtern = "ref.extern"
    case refHost = "ref.host"
    case refFunc = "ref.func"
    case refStruct = "ref.struct"
    case refArray = "ref.array"
    case refEq = "ref.eq"
    case refI31 = "ref.i31"
    case refI31Shared = "ref.i31_shared"
    case refAny = "ref.any"
    case refExn = "ref.exn"
    case nanCanonical = "nan:canonical"
    case nanArithmetic = "nan:arithmetic"
}
