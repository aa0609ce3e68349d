/// The rows of vectors.def as a list of their instructions: FORM(name) for each, in the order of their numbers.
/// Whoever includes this defines FORM.

#define WASM_VECTOR_COMMUTATIVE(code, name, text, from, to, body)                                                 \
    FORM(name##_ss) FORM(name##_as) LONG(name##_si, 4) LONG(name##_ai, 4)
#define WASM_VECTOR_BINARY(code, name, text, from, to, body)                                                      \
    WASM_VECTOR_COMMUTATIVE(code, name, text, from, to, body) FORM(name##_sa)
#define WASM_VECTOR_UNARY(code, name, text, from, to, body) FORM(name##_s) FORM(name##_a)
#define WASM_VECTOR_TERNARY(code, name, text, from, to, body)                                                     \
    FORM(name##_sss) FORM(name##_ass) FORM(name##_sas) FORM(name##_ssa)
#define WASM_VECTOR_SHIFT(code, name, text, shape, mask, body)                                                    \
    FORM(name##_ss) FORM(name##_as) FORM(name##_si) FORM(name##_ai)
#define WASM_VECTOR_TEST(code, name, text, shape, body)                                                           \
    FORM(name##_s_r) FORM(name##_s_s) FORM(name##_a_r) FORM(name##_a_s)
#define WASM_VECTOR_SPLAT(code, name, text, scalar, to, body) FORM(name##_s) FORM(name##_a)
#define WASM_VECTOR_EXTRACT(code, name, text, scalar, lane, lanes) FORM(name##_r) FORM(name##_s)
#define WASM_VECTOR_REPLACE(code, name, text, scalar, shape, lane, lanes)                                         \
    FORM(name##_ss) FORM(name##_as) FORM(name##_sa) FORM(name##_aa)
#define WASM_VECTOR_SHUFFLE(code, name, text, lanes) LONG(name##_ss, 4) LONG(name##_as, 4) LONG(name##_sa, 4)
#define WASM_VECTOR_CONST(code, name, text, lanes) LONG(name, 4)
#define WASM_VECTOR_LOAD(code, name, text, memory_type, log2, to, body) FORM(name##_s) FORM(name##_a) FORM(name##_p)
#define WASM_VECTOR_STORE(code, name, text, memory_type, log2)                                                    \
    FORM(name##_ss) FORM(name##_as) FORM(name##_sa) FORM(name##_aa) FORM(name##_ps) FORM(name##_pa)
#define WASM_VECTOR_LOAD_LANE(code, name, text, lane, log2, shape, lanes)                                         \
    LONG(name##_s, 3) LONG(name##_a, 3) LONG(name##_p, 3)
#define WASM_VECTOR_STORE_LANE(code, name, text, lane, log2, lanes) WASM_VECTOR_LOAD_LANE(, name, , , , , )
#define WASM_VECTOR_CONTROL(name, length) LONG(name, length)
#define FORM(name) LONG(name, 2)
