/// The instructions that work on vectors. interpreter.c includes this once for each set of handlers that it has:
///
/// - VECTOR(name) begins the definition of a handler of the set;
/// - SWIZZLE and SHUFFLE are the set's lookups;
/// - VECTOR_ROUNDS says whether the machine has instructions that round.
///
/// Results go to `va` and to the slots that field 0 names; specs/bytecode.md has the rest of the fields.

#define SLOTS(i) (*(const v128_in_slots *)&sp[i])
#define SET_SLOTS(i, r) (*(v128_in_slots *)&sp[i] = (r))
/// The fields of word 2.
#define SECOND_U16(i) (((const uint16_t *)(pc + 2))[i])
#define VECTOR_RESULT(r, length)                                                                                  \
    va = (v128)(r);                                                                                               \
    SET_SLOTS(U16(0), va);                                                                                        \
    NEXT(length)

#define BITS_bits16(x) ((uint32_t)__builtin_bit_cast(uint16_t, x))
#define BITS_bits8(x) ((uint32_t)__builtin_bit_cast(uint8_t, x))
#define BITS_bits4(x) (__builtin_bit_cast(uint8_t, x) & 0xFU)
#define BITS_bits2(x) (__builtin_bit_cast(uint8_t, x) & 0x3U)
/// A bit for each lane in which a condition holds.
#define LANE_BITS(shape, bits, condition) BITS_##bits(__builtin_convertvector((condition), bits))

#if VECTOR_ROUNDS
#define ROUND_CEIL(shape, x) __builtin_elementwise_ceil(x)
#define ROUND_FLOOR(shape, x) __builtin_elementwise_floor(x)
#define ROUND_TRUNC(shape, x) __builtin_elementwise_trunc(x)
#define ROUND_NEAREST(shape, x) __builtin_elementwise_roundeven(x)
#else
#define ROUND_CEIL(shape, x) wasm_ceil_##shape(x)
#define ROUND_FLOOR(shape, x) wasm_floor_##shape(x)
#define ROUND_TRUNC(shape, x) wasm_trunc_##shape(x)
#define ROUND_NEAREST(shape, x) wasm_nearest_##shape(x)
#endif

// ---- Two vectors, one, three ----

/// The constant in words 2 and 3.
#define CONSTANT (*(const v128_in_slots *)(pc + 2))

#define VECTOR_TWO(name, from, to, left, right, body, length)                                                     \
    VECTOR(name) {                                                                                                \
        from x = (from)(left), y = (from)(right);                                                                 \
        to r;                                                                                                     \
        body;                                                                                                     \
        VECTOR_RESULT(r, length);                                                                                 \
    }
#define WASM_VECTOR_COMMUTATIVE(code, name, text, from, to, body)                                                 \
    VECTOR_TWO(name##_ss, from, to, SLOTS(U16(1)), SLOTS(U16(2)), body, 2)                                        \
    VECTOR_TWO(name##_as, from, to, va, SLOTS(U16(2)), body, 2)                                                   \
    VECTOR_TWO(name##_si, from, to, SLOTS(U16(1)), CONSTANT, body, 4)                                             \
    VECTOR_TWO(name##_ai, from, to, va, CONSTANT, body, 4)
#define WASM_VECTOR_BINARY(code, name, text, from, to, body)                                                      \
    WASM_VECTOR_COMMUTATIVE(code, name, text, from, to, body)                                                     \
    VECTOR_TWO(name##_sa, from, to, SLOTS(U16(1)), va, body, 2)

#define VECTOR_ONE(name, from, to, operand, body)                                                                 \
    VECTOR(name) {                                                                                                \
        from x = (from)(operand);                                                                                 \
        to r;                                                                                                     \
        body;                                                                                                     \
        VECTOR_RESULT(r, 2);                                                                                      \
    }
#define WASM_VECTOR_UNARY(code, name, text, from, to, body)                                                       \
    VECTOR_ONE(name##_s, from, to, SLOTS(U16(1)), body)                                                           \
    VECTOR_ONE(name##_a, from, to, va, body)

#define VECTOR_THREE(name, from, to, first, second, third, body)                                                  \
    VECTOR(name) {                                                                                                \
        from x = (from)(first), y = (from)(second), z = (from)(third);                                            \
        to r;                                                                                                     \
        body;                                                                                                     \
        VECTOR_RESULT(r, 2);                                                                                      \
    }
#define WASM_VECTOR_TERNARY(code, name, text, from, to, body)                                                     \
    VECTOR_THREE(name##_sss, from, to, SLOTS(U16(1)), SLOTS(U16(2)), SLOTS(U16(3)), body)                         \
    VECTOR_THREE(name##_ass, from, to, va, SLOTS(U16(2)), SLOTS(U16(3)), body)                                    \
    VECTOR_THREE(name##_sas, from, to, SLOTS(U16(1)), va, SLOTS(U16(3)), body)                                    \
    VECTOR_THREE(name##_ssa, from, to, SLOTS(U16(1)), SLOTS(U16(2)), va, body)

#define VECTOR_SHIFT(name, shape, mask, operand, count, body)                                                     \
    VECTOR(name) {                                                                                                \
        shape x = (shape)(operand), y = EVERY(shape, (uint32_t)(count) & (mask)), r;                              \
        body;                                                                                                     \
        VECTOR_RESULT(r, 2);                                                                                      \
    }
#define WASM_VECTOR_SHIFT(code, name, text, shape, mask, body)                                                    \
    VECTOR_SHIFT(name##_ss, shape, mask, SLOTS(U16(1)), sp[U16(2)], body)                                         \
    VECTOR_SHIFT(name##_as, shape, mask, va, sp[U16(2)], body)                                                    \
    VECTOR_SHIFT(name##_si, shape, mask, SLOTS(U16(1)), U16(2), body)                                             \
    VECTOR_SHIFT(name##_ai, shape, mask, va, U16(2), body)

#define VECTOR_TEST(name, shape, operand, body)                                                                   \
    VECTOR(name##_r) {                                                                                            \
        shape x = (shape)(operand);                                                                               \
        uint32_t r;                                                                                               \
        body;                                                                                                     \
        acc = r;                                                                                                  \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    VECTOR(name##_s) {                                                                                            \
        shape x = (shape)(operand);                                                                               \
        uint32_t r;                                                                                               \
        body;                                                                                                     \
        acc = r;                                                                                                  \
        sp[U16(0)] = acc;                                                                                         \
        NEXT(2);                                                                                                  \
    }
#define WASM_VECTOR_TEST(code, name, text, shape, body)                                                           \
    VECTOR_TEST(name##_s, shape, SLOTS(U16(1)), body)                                                             \
    VECTOR_TEST(name##_a, shape, va, body)

// ---- Lanes ----

#define VECTOR_SPLAT(name, scalar, to, operand, body)                                                             \
    VECTOR(name) {                                                                                                \
        c_##scalar x = operand;                                                                                   \
        to r;                                                                                                     \
        body;                                                                                                     \
        VECTOR_RESULT(r, 2);                                                                                      \
    }
#define WASM_VECTOR_SPLAT(code, name, text, scalar, to, body)                                                     \
    VECTOR_SPLAT(name##_s, scalar, to, SLOT_##scalar(U16(1)), body)                                               \
    VECTOR_SPLAT(name##_a, scalar, to, ACC_##scalar, body)

/// Field 2: the lane. It is read from the slots: no machine can name a register's lane by a number it computes.
#define VECTOR_LANE(lane, slot, number)                                                                           \
    lane value;                                                                                                   \
    __builtin_memcpy(&value, (const uint8_t *)&sp[slot] + (number) * sizeof value, sizeof value)
#define WASM_VECTOR_EXTRACT(code, name, text, scalar, lane, lanes)                                                \
    VECTOR(name##_r) {                                                                                            \
        VECTOR_LANE(lane, U16(1), U16(2));                                                                        \
        SET_ACC_##scalar(EXTENDED_##scalar(value));                                                               \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    VECTOR(name##_s) {                                                                                            \
        VECTOR_LANE(lane, U16(1), U16(2));                                                                        \
        SET_ACC_##scalar(EXTENDED_##scalar(value));                                                               \
        SET_SLOT_##scalar(U16(0), EXTENDED_##scalar(value));                                                      \
        NEXT(2);                                                                                                  \
    }

#define VECTOR_REPLACE(name, shape, lane, vector, scalar)                                                         \
    VECTOR(name) {                                                                                                \
        lane x = (lane)(scalar);                                                                                  \
        VECTOR_RESULT(CHOOSE(shape, IS_LANE(shape, U16(3)), SPLAT_##shape(x), vector), 2);                       \
    }
#define WASM_VECTOR_REPLACE(code, name, text, scalar, shape, lane, lanes)                                         \
    VECTOR_REPLACE(name##_ss, shape, lane, SLOTS(U16(1)), SLOT_##scalar(U16(2)))                                  \
    VECTOR_REPLACE(name##_as, shape, lane, va, SLOT_##scalar(U16(2)))                                             \
    VECTOR_REPLACE(name##_sa, shape, lane, SLOTS(U16(1)), ACC_##scalar)                                           \
    VECTOR_REPLACE(name##_aa, shape, lane, va, ACC_##scalar)

/// Words 2 and 3: the bytes' numbers.
#define WASM_VECTOR_SHUFFLE(code, name, text, lanes)                                                              \
    VECTOR(name##_ss) {                                                                                           \
        u8x16 numbers = (u8x16)CONSTANT;                                                                          \
        VECTOR_RESULT(SHUFFLE((u8x16)SLOTS(U16(1)), (u8x16)SLOTS(U16(2)), numbers), 4);                           \
    }                                                                                                             \
    VECTOR(name##_as) {                                                                                           \
        u8x16 numbers = (u8x16)CONSTANT;                                                                          \
        VECTOR_RESULT(SHUFFLE((u8x16)va, (u8x16)SLOTS(U16(2)), numbers), 4);                                      \
    }                                                                                                             \
    VECTOR(name##_sa) {                                                                                           \
        u8x16 numbers = (u8x16)CONSTANT;                                                                          \
        VECTOR_RESULT(SHUFFLE((u8x16)SLOTS(U16(1)), (u8x16)va, numbers), 4);                                      \
    }

#define WASM_VECTOR_CONST(code, name, text, lanes)                                                                \
    VECTOR(name) { VECTOR_RESULT(CONSTANT, 4); }

// ---- Memory: the address in a slot or the accumulator, or in the accumulator a pointer ----

#define VECTOR_LOAD(name, memory_type, to, place, body)                                                           \
    VECTOR(name) {                                                                                                \
        memory_type m;                                                                                            \
        __builtin_memcpy(&m, place, sizeof m);                                                                    \
        to r;                                                                                                     \
        body;                                                                                                     \
        VECTOR_RESULT(r, 2);                                                                                      \
    }
#define WASM_VECTOR_LOAD(code, name, text, memory_type, log2, to, body)                                           \
    VECTOR_LOAD(name##_s, memory_type, to, AT(sp[U16(1)]), body)                                                  \
    VECTOR_LOAD(name##_a, memory_type, to, AT(acc), body)                                                         \
    VECTOR_LOAD(name##_p, memory_type, to, (const uint8_t *)acc, body)

#define VECTOR_STORE(name, memory_type, place, operand)                                                           \
    VECTOR(name) {                                                                                                \
        memory_type value = (memory_type)(operand);                                                               \
        __builtin_memcpy(place, &value, sizeof value);                                                            \
        NEXT(2);                                                                                                  \
    }
#define WASM_VECTOR_STORE(code, name, text, memory_type, log2)                                                    \
    VECTOR_STORE(name##_ss, memory_type, AT(sp[U16(0)]), SLOTS(U16(1)))                                           \
    VECTOR_STORE(name##_as, memory_type, AT(acc), SLOTS(U16(1)))                                                  \
    VECTOR_STORE(name##_sa, memory_type, AT(sp[U16(0)]), va)                                                      \
    VECTOR_STORE(name##_aa, memory_type, AT(acc), va)                                                             \
    VECTOR_STORE(name##_ps, memory_type, (uint8_t *)acc, SLOTS(U16(1)))                                           \
    VECTOR_STORE(name##_pa, memory_type, (uint8_t *)acc, va)

/// Word 2: the vector's slot and the lane.
#define VECTOR_LOAD_LANE(name, lane, shape, place)                                                                \
    VECTOR(name) {                                                                                                \
        lane value;                                                                                               \
        __builtin_memcpy(&value, place, sizeof value);                                                            \
        VECTOR_RESULT(                                                                                            \
            CHOOSE(shape, IS_LANE(shape, SECOND_U16(1)), SPLAT_##shape(value), SLOTS(SECOND_U16(0))), 3);         \
    }
#define WASM_VECTOR_LOAD_LANE(code, name, text, lane, log2, shape, lanes)                                         \
    VECTOR_LOAD_LANE(name##_s, lane, shape, AT(sp[U16(1)]))                                                       \
    VECTOR_LOAD_LANE(name##_a, lane, shape, AT(acc))                                                              \
    VECTOR_LOAD_LANE(name##_p, lane, shape, (const uint8_t *)acc)

#define VECTOR_STORE_LANE(name, lane, place)                                                                      \
    VECTOR(name) {                                                                                                \
        VECTOR_LANE(lane, SECOND_U16(0), SECOND_U16(1));                                                          \
        __builtin_memcpy(place, &value, sizeof value);                                                            \
        NEXT(3);                                                                                                  \
    }
#define WASM_VECTOR_STORE_LANE(code, name, text, lane, log2, lanes)                                               \
    VECTOR_STORE_LANE(name##_s, lane, AT(sp[U16(1)]))                                                             \
    VECTOR_STORE_LANE(name##_a, lane, AT(acc))                                                                    \
    VECTOR_STORE_LANE(name##_p, lane, (uint8_t *)acc)

#include "vectors.def"

// ---- What moves vectors ----

VECTOR(vector_copy) {
    SET_SLOTS(U16(0), SLOTS(U16(1)));
    NEXT(2);
}

#define VECTOR_SELECT(form, condition)                                                                            \
    VECTOR(vector_select_##form) {                                                                                \
        const uint64_t *chosen = sp + ((uint32_t)(condition) ? U16(2) : U16(3));                                  \
        VECTOR_RESULT(*(const v128_in_slots *)chosen, 2);                                                         \
    }
VECTOR_SELECT(s, sp[U16(1)])
VECTOR_SELECT(a, acc)

VECTOR(vector_global_get) { VECTOR_RESULT(*(const v128_in_slots *)inst->globals[U32(1)]->value, 2); }

VECTOR(vector_global_set) {
    *(v128_in_slots *)inst->globals[U32(1)]->value = SLOTS(U16(0));
    NEXT(2);
}

// ---- Objects that hold vectors: objects.h ----

#define VECTOR_FIELD_GET(form, place)                                                                             \
    VECTOR(vector_field_get_##form) {                                                                             \
        uint64_t object = place;                                                                                  \
        if (!object) TRAP(NULL_STRUCTURE);                                                                        \
        VECTOR_RESULT(*(const v128_in_slots *)FIELD(object), 2);                                                  \
    }
VECTOR_FIELD_GET(s, sp[U16(1)])
VECTOR_FIELD_GET(a, acc)

VECTOR(vector_field_set) {
    uint64_t object = sp[U16(0)];
    if (!object) TRAP(NULL_STRUCTURE);
    *(v128_in_slots *)FIELD(object) = SLOTS(U16(1));
    NEXT(2);
}

VECTOR(vector_field_init_r) {
    *(v128_in_slots *)FIELD(acc) = SLOTS(U16(1));
    NEXT(2);
}

VECTOR(vector_field_init_s) {
    *(v128_in_slots *)FIELD(acc) = SLOTS(U16(1));
    sp[U16(0)] = acc;
    NEXT(2);
}

VECTOR(vector_element_get) {
    uint64_t array = sp[U16(1)];
    uint32_t index = (uint32_t)sp[U16(2)];
    CHECK_ELEMENT(array, index);
    VECTOR_RESULT(*ELEMENT(const v128_in_slots, array, index), 2);
}

VECTOR(vector_element_set) {
    uint64_t array = sp[U16(0)];
    uint32_t index = (uint32_t)sp[U16(1)];
    CHECK_ELEMENT(array, index);
    *ELEMENT(v128_in_slots, array, index) = SLOTS(U16(2));
    NEXT(2);
}

// The set is complete: the next one has its own.
#undef SLOTS
#undef SET_SLOTS
#undef SECOND_U16
#undef VECTOR_RESULT
#undef BITS_bits16
#undef BITS_bits8
#undef BITS_bits4
#undef BITS_bits2
#undef LANE_BITS
#undef ROUND_CEIL
#undef ROUND_FLOOR
#undef ROUND_TRUNC
#undef ROUND_NEAREST
#undef CONSTANT
#undef VECTOR_TWO
#undef VECTOR_ONE
#undef VECTOR_THREE
#undef VECTOR_SHIFT
#undef VECTOR_TEST
#undef VECTOR_SPLAT
#undef VECTOR_LANE
#undef VECTOR_REPLACE
#undef VECTOR_LOAD
#undef VECTOR_STORE
#undef VECTOR_LOAD_LANE
#undef VECTOR_STORE_LANE
#undef VECTOR_SELECT
#undef VECTOR_FIELD_GET
#undef VECTOR
#undef SWIZZLE
#undef SHUFFLE
#undef VECTOR_ROUNDS
