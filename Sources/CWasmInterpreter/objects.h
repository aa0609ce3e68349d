/// Handlers of the instructions on references and objects: a part of interpreter.c.

// ---- References ----

INSTRUCTION(as_non_null_s) {
    if (!sp[U16(0)]) TRAP(NULL_REFERENCE);
    NEXT(2);
}

INSTRUCTION(as_non_null_a) {
    if (!acc) TRAP(NULL_REFERENCE);
    NEXT(2);
}

#define WASM_REFERENCE(name, from, to, body)                                                                      \
    ONE(name, s, from, to, SLOT_##from(U16(1)), body)                                                             \
    ONE(name, a, from, to, ACC_##from, body)

/// The type that a test is for.
#define TYPE ((const wasm_type *)pc[2])

// Field 0 is the result's slot or the operand's, field 1 part of the condition, field 2 the operand's slot of a test;
// a branch's distance is the upper half of word 1.
#define TEST(name, form, operand, condition, length)                                                              \
    INSTRUCTION(test_##name##_##form##_r) {                                                                       \
        uint64_t x = operand;                                                                                     \
        acc = (uint64_t)(condition);                                                                              \
        NEXT(length);                                                                                             \
    }                                                                                                             \
    INSTRUCTION(test_##name##_##form##_s) {                                                                       \
        uint64_t x = operand;                                                                                     \
        acc = (uint64_t)(condition);                                                                              \
        sp[U16(0)] = acc;                                                                                         \
        NEXT(length);                                                                                             \
    }
#define CAST(name, form, operand, condition, length)                                                              \
    INSTRUCTION(cast_##name##_##form) {                                                                           \
        uint64_t x = operand;                                                                                     \
        if (!(condition)) TRAP(CAST_FAILURE);                                                                     \
        NEXT(length);                                                                                             \
    }                                                                                                             \
    INSTRUCTION(br_if_##name##_##form) {                                                                          \
        uint64_t x = operand;                                                                                     \
        if (condition) NEXT(S32(1));                                                                              \
        NEXT(length);                                                                                             \
    }                                                                                                             \
    INSTRUCTION(br_unless_##name##_##form) {                                                                      \
        uint64_t x = operand;                                                                                     \
        if (!(condition)) NEXT(S32(1));                                                                           \
        NEXT(length);                                                                                             \
    }
#define WASM_REFERENCE_TEST(name, length, operand, condition)                                                     \
    TEST(name, s, sp[U16(2)], condition, length)                                                                  \
    TEST(name, a, acc, condition, length)                                                                         \
    CAST(name, s, sp[U16(0)], condition, length)                                                                  \
    CAST(name, a, acc, condition, length)

// ---- Structures ----

/// Makes a structure when the run of cells has none left.
__attribute__((noinline, cold)) INSTRUCTION(struct_new_slowly_r) {
    uint64_t object = wasm_new_structure(ctx, TYPE, pc, sp, acc);
    if (!object) TRAP(OUT_OF_MEMORY);
    acc = object;
    NEXT(3);
}

__attribute__((noinline, cold)) INSTRUCTION(struct_new_slowly_s) {
    uint64_t object = wasm_new_structure(ctx, TYPE, pc, sp, acc);
    if (!object) TRAP(OUT_OF_MEMORY);
    acc = object;
    sp[U16(0)] = acc;
    NEXT(3);
}

#define NEW_STRUCTURE(form, write)                                                                                \
    INSTRUCTION(struct_new_##form) {                                                                              \
        const wasm_type *type = TYPE;                                                                             \
        wasm_run *run = &ctx->heap.runs[type->size_class];                                                        \
        uint8_t *cell = run->next;                                                                                \
        if (__builtin_expect(cell == run->end, 0)) TAIL op_struct_new_slowly_##form(REGISTERS);                   \
        run->next = cell + type->bytes;                                                                           \
        *(const wasm_type **)cell = type;                                                                         \
        acc = (uint64_t)cell;                                                                                     \
        write;                                                                                                    \
        NEXT(3);                                                                                                  \
    }
NEW_STRUCTURE(r, (void)0)
NEW_STRUCTURE(s, sp[U16(0)] = acc)

/// A field's address: the upper half of word 1 from the object's start.
#define FIELD(object) ((uint8_t *)(object) + U32(1))

#define INIT_FIELD(name, form, memory_type, operand)                                                              \
    INSTRUCTION(name##_##form##_r) {                                                                              \
        *(memory_type *)FIELD(acc) = (memory_type)(operand);                                                      \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    INSTRUCTION(name##_##form##_s) {                                                                              \
        *(memory_type *)FIELD(acc) = (memory_type)(operand);                                                      \
        sp[U16(0)] = acc;                                                                                         \
        NEXT(2);                                                                                                  \
    }
#define WASM_FIELD_INIT(name, memory_type)                                                                        \
    INIT_FIELD(name, s, memory_type, sp[U16(1)])                                                                  \
    INIT_FIELD(name, i, memory_type, (int16_t)U16(1))

#define GET_FIELD(name, form, type, memory_type, operand)                                                         \
    INSTRUCTION(name##_##form##_r) {                                                                              \
        uint64_t object = operand;                                                                                \
        if (!object) TRAP(NULL_STRUCTURE);                                                                        \
        memory_type value = *(const memory_type *)FIELD(object);                                                  \
        SET_ACC_##type(EXTENDED_##type(value));                                                                   \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    INSTRUCTION(name##_##form##_s) {                                                                              \
        uint64_t object = operand;                                                                                \
        if (!object) TRAP(NULL_STRUCTURE);                                                                        \
        memory_type value = *(const memory_type *)FIELD(object);                                                  \
        SET_ACC_##type(EXTENDED_##type(value));                                                                   \
        SET_SLOT_##type(U16(0), EXTENDED_##type(value));                                                          \
        NEXT(2);                                                                                                  \
    }
#define WASM_FIELD_GET(name, type, memory_type)                                                                   \
    GET_FIELD(name, s, type, memory_type, sp[U16(1)])                                                             \
    GET_FIELD(name, a, type, memory_type, acc)

#define SET_FIELD(name, form, memory_type, place, operand)                                                        \
    INSTRUCTION(name##_##form) {                                                                                  \
        uint64_t object = place;                                                                                  \
        if (!object) TRAP(NULL_STRUCTURE);                                                                        \
        *(memory_type *)FIELD(object) = (memory_type)(operand);                                                   \
        NEXT(2);                                                                                                  \
    }
#define WASM_FIELD_SET(name, type, memory_type)                                                                   \
    SET_FIELD(name, ss, memory_type, sp[U16(0)], sp[U16(1)])                                                      \
    SET_FIELD(name, as, memory_type, acc, sp[U16(1)])                                                             \
    SET_FIELD(name, sa, memory_type, sp[U16(0)], acc)                                                             \
    SET_FIELD(name, si, memory_type, sp[U16(0)], (int16_t)U16(1))                                                 \
    SET_FIELD(name, ai, memory_type, acc, (int16_t)U16(1))
#define WASM_FIELD_SET_FLOAT(name, type, memory_type)                                                             \
    SET_FIELD(name, ss, memory_type, sp[U16(0)], SLOT_##type(U16(1)))                                             \
    SET_FIELD(name, as, memory_type, acc, SLOT_##type(U16(1)))                                                    \
    SET_FIELD(name, sa, memory_type, sp[U16(0)], ACC_##type)                                                      \
    SET_FIELD(name, aa, memory_type, acc, ACC_##type)

// ---- Arrays ----

/// An element's address, for an array and an index that are in range.
#define ELEMENT(memory_type, array, index) ((memory_type *)((array) + WASM_ARRAY_HEADER) + (index))

/// Ends the run unless `array` has an element `index`.
#define CHECK_ELEMENT(array, index)                                                                               \
    if (!(array)) TRAP(NULL_ARRAY);                                                                               \
    if ((index) >= ((const wasm_array *)(array))->length) TRAP(OUT_OF_BOUNDS_ARRAY)

#define GET_ELEMENT(name, form, type, memory_type, place, where)                                                  \
    INSTRUCTION(name##_##form##_r) {                                                                              \
        uint64_t array = place;                                                                                   \
        uint32_t index = (uint32_t)(where);                                                                       \
        CHECK_ELEMENT(array, index);                                                                              \
        memory_type value = *ELEMENT(const memory_type, array, index);                                            \
        SET_ACC_##type(EXTENDED_##type(value));                                                                   \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    INSTRUCTION(name##_##form##_s) {                                                                              \
        uint64_t array = place;                                                                                   \
        uint32_t index = (uint32_t)(where);                                                                       \
        CHECK_ELEMENT(array, index);                                                                              \
        memory_type value = *ELEMENT(const memory_type, array, index);                                            \
        SET_ACC_##type(EXTENDED_##type(value));                                                                   \
        SET_SLOT_##type(U16(0), EXTENDED_##type(value));                                                          \
        NEXT(2);                                                                                                  \
    }
#define WASM_ELEMENT_GET(name, type, memory_type)                                                                 \
    GET_ELEMENT(name, ss, type, memory_type, sp[U16(1)], sp[U16(2)])                                              \
    GET_ELEMENT(name, as, type, memory_type, acc, sp[U16(2)])                                                     \
    GET_ELEMENT(name, sa, type, memory_type, sp[U16(1)], acc)                                                     \
    GET_ELEMENT(name, si, type, memory_type, sp[U16(1)], U32(1))                                                  \
    GET_ELEMENT(name, ai, type, memory_type, acc, U32(1))

#define SET_ELEMENT(name, form, memory_type, where, operand)                                                      \
    INSTRUCTION(name##_##form) {                                                                                  \
        uint64_t array = sp[U16(0)];                                                                              \
        uint32_t index = (uint32_t)(where);                                                                       \
        CHECK_ELEMENT(array, index);                                                                              \
        *ELEMENT(memory_type, array, index) = (memory_type)(operand);                                             \
        NEXT(2);                                                                                                  \
    }
#define WASM_ELEMENT_SET(name, type, memory_type)                                                                 \
    SET_ELEMENT(name, sss, memory_type, sp[U16(1)], sp[U16(2)])                                                   \
    SET_ELEMENT(name, sas, memory_type, acc, sp[U16(2)])                                                          \
    SET_ELEMENT(name, ssa, memory_type, sp[U16(1)], acc)                                                          \
    SET_ELEMENT(name, ssi, memory_type, sp[U16(1)], (int16_t)U16(2))
#define WASM_ELEMENT_SET_FLOAT(name, type, memory_type)                                                           \
    SET_ELEMENT(name, ssa, memory_type, sp[U16(1)], ACC_##type)

/// What a plain function does, with operands from consecutive slots.
#define IN_SLOTS(name, length)                                                                                    \
    INSTRUCTION(name) {                                                                                           \
        wasm_status status = wasm_##name(ctx, inst, pc, sp);                                                      \
        if (status != WASM_RETURNED) TRAP_STATUS(status);                                                         \
        NEXT(length);                                                                                             \
    }
IN_SLOTS(array_new, 3)
IN_SLOTS(array_new_default, 3)
IN_SLOTS(array_new_fixed, 3)
IN_SLOTS(array_new_data, 3)
IN_SLOTS(array_new_elem, 3)
IN_SLOTS(array_fill, 2)
IN_SLOTS(array_copy, 2)
IN_SLOTS(array_init_data, 2)
IN_SLOTS(array_init_elem, 2)

#include "gc.def"
