/// The tables that Swift reads: what each operation is, and each internal instruction's name and length.

#include "wasm_interpreter.h"

enum { T_v128 = 0x7B };
enum { T_i32 = 0x7F, T_i64 = 0x7E, T_f32 = 0x7D, T_f64 = 0x7C };

const wasm_operation wasm_operations[WASM_OPERATION_COUNT] = {
#define WASM_COMMUTATIVE(code, name, text, type, body)                                                            \
    [code] = {.first = WASM_##name##_ss_r, .family = WASM_FAMILY_COMMUTATIVE, .operand = T_##type, .result = T_##type},
#define WASM_BINARY(code, name, text, type, body)                                                                 \
    [code] = {.first = WASM_##name##_ss_r, .family = WASM_FAMILY_BINARY, .operand = T_##type, .result = T_##type},
#define WASM_COMPARE_INT(code, name, text, type, swapped_, opposite_, condition)                                  \
    [code] = {.first = WASM_##name##_ss_r,                                                                        \
              .branch = WASM_br_if_##name##_ss,                                                                   \
              .swapped = swapped_,                                                                                \
              .opposite = opposite_,                                                                              \
              .family = WASM_FAMILY_COMPARE,                                                                      \
              .operand = T_##type,                                                                                \
              .result = T_i32},
#define WASM_COMPARE_FLOAT(code, name, text, type, swapped_, condition)                                           \
    [code] = {.first = WASM_##name##_ss_r,                                                                        \
              .branch = WASM_br_if_##name##_ss,                                                                   \
              .branch_unless = WASM_br_unless_##name##_ss,                                                        \
              .swapped = swapped_,                                                                                \
              .family = WASM_FAMILY_COMPARE,                                                                      \
              .operand = T_##type,                                                                                \
              .result = T_i32},
#define WASM_UNARY(code, name, text, from, to, body)                                                              \
    [code] = {.first = WASM_##name##_s_r, .family = WASM_FAMILY_UNARY, .operand = T_##from, .result = T_##to},
#define WASM_LOAD(code, name, text, type, memory_type, log2_)                                                     \
    [code] = {.first = WASM_##name##_s_r,                                                                         \
              .family = WASM_FAMILY_LOAD,                                                                         \
              .operand = T_i32,                                                                                   \
              .result = T_##type,                                                                                 \
              .log2 = log2_},
#define WASM_STORE_INT(code, name, text, type, memory_type, log2_)                                                \
    [code] = {.first = WASM_##name##_ss, .family = WASM_FAMILY_STORE, .operand = T_##type, .log2 = log2_},
#define WASM_STORE_FLOAT(code, name, text, type, memory_type, log2_)                                              \
    WASM_STORE_INT(code, name, text, type, memory_type, log2_)
#define WASM_ATOMIC_LOAD(code, name, text, type, memory_type, log2_)                                              \
    [code] = {.first = WASM_##name##_r, .family = WASM_FAMILY_ATOMIC_LOAD, .result = T_##type, .log2 = log2_},
#define WASM_ATOMIC_STORE(code, name, text, type, memory_type, log2_)                                             \
    [code] = {.first = WASM_##name, .family = WASM_FAMILY_ATOMIC_STORE, .operand = T_##type, .log2 = log2_},
#define WASM_ATOMIC_RMW(code, name, text, type, memory_type, log2_, body)                                         \
    [code] = {.first = WASM_##name##_r,                                                                           \
              .family = WASM_FAMILY_ATOMIC_RMW,                                                                   \
              .operand = T_##type,                                                                                \
              .result = T_##type,                                                                                 \
              .log2 = log2_},
#define WASM_ATOMIC_CMPXCHG(code, name, text, type, memory_type, log2_)                                           \
    [code] = {.first = WASM_##name##_r,                                                                           \
              .family = WASM_FAMILY_ATOMIC_CMPXCHG,                                                               \
              .operand = T_##type,                                                                                \
              .result = T_##type,                                                                                 \
              .log2 = log2_},
#define WASM_ATOMIC_WAIT(code, name, text, type, log2_)                                                           \
    [code] = {.first = WASM_##name##_r,                                                                           \
              .family = WASM_FAMILY_ATOMIC_WAIT,                                                                  \
              .operand = T_##type,                                                                                \
              .result = T_i32,                                                                                    \
              .log2 = log2_},
#define WASM_ATOMIC_NOTIFY(code, name, text, log2_)                                                               \
    [code] = {.first = WASM_##name##_r,                                                                           \
              .family = WASM_FAMILY_ATOMIC_NOTIFY,                                                                \
              .operand = T_i32,                                                                                   \
              .result = T_i32,                                                                                    \
              .log2 = log2_},
#define WASM_WIDE(code, name, text, operands, body)                                                               \
    [code] = {.first = WASM_##name, .family = WASM_FAMILY_WIDE, .operand = operands, .result = T_i64},
#define WASM_VECTOR_COMMUTATIVE(code, name, text, from, to, body)                                                 \
    [code] = {.first = WASM_##name##_ss, .family = WASM_FAMILY_VECTOR_COMMUTATIVE},
#define WASM_VECTOR_BINARY(code, name, text, from, to, body)                                                      \
    [code] = {.first = WASM_##name##_ss, .family = WASM_FAMILY_VECTOR_BINARY},
#define WASM_VECTOR_SAME(code, name, text, other, swaps_)                                                         \
    [code] = {.same = other, .swaps = swaps_, .family = WASM_FAMILY_VECTOR_SAME},
#define WASM_VECTOR_UNARY(code, name, text, from, to, body)                                                       \
    [code] = {.first = WASM_##name##_s, .family = WASM_FAMILY_VECTOR_UNARY},
#define WASM_VECTOR_TERNARY(code, name, text, from, to, body)                                                     \
    [code] = {.first = WASM_##name##_sss, .family = WASM_FAMILY_VECTOR_TERNARY},
#define WASM_VECTOR_SHIFT(code, name, text, shape, mask, body)                                                    \
    [code] = {.first = WASM_##name##_ss, .family = WASM_FAMILY_VECTOR_SHIFT, .operand = T_i32},
#define WASM_VECTOR_TEST(code, name, text, shape, body)                                                           \
    [code] = {.first = WASM_##name##_s_r, .family = WASM_FAMILY_VECTOR_TEST, .result = T_i32},
#define WASM_VECTOR_SPLAT(code, name, text, scalar, to, body)                                                     \
    [code] = {.first = WASM_##name##_s, .family = WASM_FAMILY_VECTOR_SPLAT, .operand = T_##scalar},
#define WASM_VECTOR_EXTRACT(code, name, text, scalar, lane, lanes_)                                               \
    [code] = {.first = WASM_##name##_r, .family = WASM_FAMILY_VECTOR_EXTRACT, .result = T_##scalar, .lanes = lanes_},
#define WASM_VECTOR_REPLACE(code, name, text, scalar, shape, lane, lanes_)                                        \
    [code] = {.first = WASM_##name##_ss, .family = WASM_FAMILY_VECTOR_REPLACE, .operand = T_##scalar, .lanes = lanes_},
#define WASM_VECTOR_SHUFFLE(code, name, text, lanes_)                                                             \
    [code] = {.first = WASM_##name##_ss, .family = WASM_FAMILY_VECTOR_SHUFFLE, .lanes = lanes_},
#define WASM_VECTOR_CONST(code, name, text, lanes) [code] = {.first = WASM_##name, .family = WASM_FAMILY_VECTOR_CONST},
#define WASM_VECTOR_LOAD(code, name, text, memory_type, log2_, to, body)                                          \
    [code] = {.first = WASM_##name##_s, .family = WASM_FAMILY_VECTOR_LOAD, .log2 = log2_},
#define WASM_VECTOR_STORE(code, name, text, memory_type, log2_)                                                   \
    [code] = {.first = WASM_##name##_ss, .family = WASM_FAMILY_VECTOR_STORE, .log2 = log2_},
#define WASM_VECTOR_LOAD_LANE(code, name, text, lane, log2_, shape, lanes_)                                       \
    [code] = {.first = WASM_##name##_s, .family = WASM_FAMILY_VECTOR_LOAD_LANE, .log2 = log2_, .lanes = lanes_},
#define WASM_VECTOR_STORE_LANE(code, name, text, lane, log2_, lanes_)                                             \
    [code] = {.first = WASM_##name##_s, .family = WASM_FAMILY_VECTOR_STORE_LANE, .log2 = log2_, .lanes = lanes_},
#include "operations.def"
};

enum { NAME_ROOM = 36 };

static const char operation_names[WASM_OPERATION_COUNT][NAME_ROOM] = {
#define WASM_COMMUTATIVE(code, name, text, type, body) [code] = text,
#define WASM_BINARY(code, name, text, type, body) [code] = text,
#define WASM_COMPARE_INT(code, name, text, type, swapped_, opposite_, condition) [code] = text,
#define WASM_COMPARE_FLOAT(code, name, text, type, swapped_, condition) [code] = text,
#define WASM_UNARY(code, name, text, from, to, body) [code] = text,
#define WASM_LOAD(code, name, text, type, memory_type, log2_) [code] = text,
#define WASM_STORE_INT(code, name, text, type, memory_type, log2_) [code] = text,
#define WASM_STORE_FLOAT(code, name, text, type, memory_type, log2_) [code] = text,
#define WASM_ATOMIC_LOAD(code, name, text, type, memory_type, log2_) [code] = text,
#define WASM_ATOMIC_STORE(code, name, text, type, memory_type, log2_) [code] = text,
#define WASM_ATOMIC_RMW(code, name, text, type, memory_type, log2_, body) [code] = text,
#define WASM_ATOMIC_CMPXCHG(code, name, text, type, memory_type, log2_) [code] = text,
#define WASM_ATOMIC_WAIT(code, name, text, type, log2_) [code] = text,
#define WASM_ATOMIC_NOTIFY(code, name, text, log2_) [code] = text,
#define WASM_WIDE(code, name, text, operands, body) [code] = text,
#define WASM_VECTOR_COMMUTATIVE(code, name, text, from, to, body) [code] = text,
#define WASM_VECTOR_BINARY(code, name, text, from, to, body) [code] = text,
#define WASM_VECTOR_SAME(code, name, text, other, swaps) [code] = text,
#define WASM_VECTOR_UNARY(code, name, text, from, to, body) [code] = text,
#define WASM_VECTOR_TERNARY(code, name, text, from, to, body) [code] = text,
#define WASM_VECTOR_SHIFT(code, name, text, shape, mask, body) [code] = text,
#define WASM_VECTOR_TEST(code, name, text, shape, body) [code] = text,
#define WASM_VECTOR_SPLAT(code, name, text, scalar, to, body) [code] = text,
#define WASM_VECTOR_EXTRACT(code, name, text, scalar, lane, lanes) [code] = text,
#define WASM_VECTOR_REPLACE(code, name, text, scalar, shape, lane, lanes) [code] = text,
#define WASM_VECTOR_SHUFFLE(code, name, text, lanes) [code] = text,
#define WASM_VECTOR_CONST(code, name, text, lanes) [code] = text,
#define WASM_VECTOR_LOAD(code, name, text, memory_type, log2, to, body) [code] = text,
#define WASM_VECTOR_STORE(code, name, text, memory_type, log2) [code] = text,
#define WASM_VECTOR_LOAD_LANE(code, name, text, lane, log2, shape, lanes) [code] = text,
#define WASM_VECTOR_STORE_LANE(code, name, text, lane, log2, lanes) [code] = text,
#include "operations.def"
};

const char *wasm_operation_name(uint32_t opcode) {
    return opcode < WASM_OPERATION_COUNT ? operation_names[opcode] : "";
}

enum { LENGTH_i32 = 2, LENGTH_i64 = 2, LENGTH_f32 = 3, LENGTH_f64 = 3 };

/// Every internal instruction's length, type operand and name: the names apart, because linking looks at the rest.
static const struct {
    uint8_t lengths[WASM_INSTRUCTION_COUNT];
    uint8_t type_operands[WASM_INSTRUCTION_COUNT];
    char names[WASM_INSTRUCTION_COUNT][NAME_ROOM];
} instructions = {
#define ENTRY(name, length) .lengths[WASM_##name] = length, .names[WASM_##name] = #name,
#define WASM_EACH(name, length, operand)                                                                          \
    ENTRY(name, length).type_operands[WASM_##name] = WASM_TYPE_OPERAND_##operand,
#define ENTRIES(name, length) ENTRY(name##_r, length) ENTRY(name##_s, length)
#define ENTRIES4(name, type)                                                                                      \
    ENTRIES(name##_ss, 2) ENTRIES(name##_as, 2) ENTRIES(name##_si, LENGTH_##type) ENTRIES(name##_ai, LENGTH_##type)
#define ENTRIES_BRANCH(name) ENTRY(name##_ss, 2) ENTRY(name##_as, 2) ENTRY(name##_si, 3) ENTRY(name##_ai, 3)
#define WASM_COMMUTATIVE(code, name, text, type, body) ENTRIES4(name, type)
#define WASM_BINARY(code, name, text, type, body)                                                                 \
    ENTRIES4(name, type) ENTRIES(name##_sa, 2) ENTRIES(name##_is, LENGTH_##type) ENTRIES(name##_ia, LENGTH_##type)
#define WASM_COMPARE_INT(code, name, text, type, swapped_, opposite_, condition)                                  \
    ENTRIES4(name, type) ENTRIES_BRANCH(br_if_##name)
#define WASM_COMPARE_FLOAT(code, name, text, type, swapped_, condition)                                           \
    ENTRIES4(name, type) ENTRIES_BRANCH(br_if_##name) ENTRIES_BRANCH(br_unless_##name)
#define WASM_UNARY(code, name, text, from, to, body) ENTRIES(name##_s, 2) ENTRIES(name##_a, 2)
#define WASM_LOAD(code, name, text, type, memory_type, log2_)                                                     \
    ENTRIES(name##_s, 2) ENTRIES(name##_a, 2) ENTRIES(name##_si, 3) ENTRIES(name##_ai, 3)                         \
        ENTRIES(name##_shift_s, 3) ENTRIES(name##_shift_a, 3) ENTRIES(name##_checked_s, 3) ENTRIES(name##_checked_a, 3)
#define ENTRIES_INT(name, length)                                                                                 \
    ENTRY(name##_ss, length) ENTRY(name##_as, length) ENTRY(name##_sa, length) ENTRY(name##_si, length)           \
        ENTRY(name##_ai, length)
#define ENTRIES_FLOAT(name, length)                                                                               \
    ENTRY(name##_ss, length) ENTRY(name##_as, length) ENTRY(name##_sa, length) ENTRY(name##_aa, length)
#define WASM_STORE_INT(code, name, text, type, memory_type, log2_)                                                \
    ENTRIES_INT(name, 2) ENTRIES_INT(name##_checked, 3)
#define WASM_STORE_FLOAT(code, name, text, type, memory_type, log2_)                                              \
    ENTRIES_FLOAT(name, 2) ENTRIES_FLOAT(name##_checked, 3)
#define WASM_ATOMIC_LOAD(code, name, text, type, memory_type, log2_) ENTRIES(name, 2)
#define WASM_ATOMIC_STORE(code, name, text, type, memory_type, log2_) ENTRY(name, 2)
#define WASM_ATOMIC_RMW(code, name, text, type, memory_type, log2_, body) ENTRIES(name, 2)
#define WASM_ATOMIC_CMPXCHG(code, name, text, type, memory_type, log2_) ENTRIES(name, 2)
#define WASM_ATOMIC_WAIT(code, name, text, type, log2_) ENTRIES(name, 2)
#define WASM_ATOMIC_NOTIFY(code, name, text, log2_) ENTRIES(name, 2)
#define WASM_WIDE(code, name, text, operands, body) ENTRY(name, 2)
#define WASM_CONTROL(name, length) ENTRY(name, length)
#define LONG(name, length) ENTRY(name, length)
#include "vector_forms.h"
#include "operations.def"
#undef FORM
#undef LONG
};

const char *wasm_instruction_name(uint32_t instruction) {
    return instruction < WASM_INSTRUCTION_COUNT ? instructions.names[instruction] : "";
}

wasm_type_operand wasm_instruction_type_operand(uint32_t instruction) {
    return instruction < WASM_INSTRUCTION_COUNT ? (wasm_type_operand)instructions.type_operands[instruction]
                                                : WASM_TYPE_OPERAND_NONE;
}

size_t wasm_instruction_length(const uint64_t *code) {
    uint64_t instruction = code[0];
    size_t length = instructions.lengths[instruction];
    if (instruction != WASM_br_table_s && instruction != WASM_br_table_a && instruction != WASM_br_table_add_s &&
        instruction != WASM_br_table_add_a)
        return length;
    // One offset more than the count says, two a word.
    return length + ((code[1] >> 32) + 2) / 2;
}
