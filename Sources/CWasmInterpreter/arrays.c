/// Structures and arrays: making them, and what is done to many elements at once.

#include "arrays.h"

#include <string.h>

#include "wasm_interpreter.h"

uint64_t wasm_new_structure(
    wasm_context *ctx, const wasm_type *type, const uint64_t *pc, const uint64_t *sp, uint64_t accumulator) {
    uint64_t *object = wasm_allocate(ctx, type->bytes, pc, sp, accumulator);
    if (!object) return 0;
    *(const wasm_type **)object = type;
    return (uint64_t)object;
}

uint64_t wasm_new_array(
    wasm_context *ctx, const wasm_type *type, uint32_t length, const uint64_t *pc, const uint64_t *sp) {
    size_t bytes = WASM_ARRAY_HEADER + ((size_t)length << type->element_log2);
    wasm_array *array = (wasm_array *)wasm_allocate(ctx, bytes, pc, sp, 0);
    if (!array) return 0;
    array->type = type;
    array->length = length;
    return (uint64_t)array;
}

void wasm_write(uint64_t object, size_t offset, uint8_t log2, uint64_t low, uint64_t high) {
    uint8_t *place = (uint8_t *)object + offset;
    uint64_t value[2] = {low, high};
    switch (log2) {
    case 0: *place = (uint8_t)low; break;
    case 1: *(uint16_t *)place = (uint16_t)low; break;
    case 2: *(uint32_t *)place = (uint32_t)low; break;
    case 3: *(uint64_t *)place = low; break;
    default: memcpy(place, value, sizeof value);
    }
}

static uint8_t *elements_of(uint64_t array) { return (uint8_t *)array + WASM_ARRAY_HEADER; }

static uint8_t log2_of(uint64_t array) { return ((const wasm_array *)array)->type->element_log2; }

/// Slots that an element takes.
static size_t slots_of(uint8_t log2) { return log2 == 4 ? 2 : 1; }

void wasm_fill_array(uint64_t array, uint32_t start, uint32_t count, uint64_t low, uint64_t high) {
    uint8_t log2 = log2_of(array);
    uint8_t *place = elements_of(array) + ((size_t)start << log2);
    if (log2 == 0) {
        memset(place, (uint8_t)low, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++) wasm_write((uint64_t)place, (size_t)i << log2, log2, low, high);
}

/// Fields of word 1.
static inline uint32_t field(const uint64_t *pc, unsigned i) { return (uint32_t)(pc[1] >> 16 * i & 0xFFFF); }
static inline uint32_t wide(const uint64_t *pc) { return (uint32_t)(pc[1] >> 32); }
static inline const wasm_type *type_of(const uint64_t *pc) { return (const wasm_type *)pc[2]; }

/// Whether `count` things from `start` are more than `size`.
static inline bool beyond(uint64_t start, uint64_t count, uint64_t size) {
    return start > size || count > size - start;
}

ARRAY_INSTRUCTION(array_new) {
    (void)inst;
    uint64_t *operand = sp + field(pc, 0);
    const wasm_type *type = type_of(pc);
    size_t slots = slots_of(type->element_log2);
    uint32_t length = (uint32_t)operand[slots];
    uint64_t array = wasm_new_array(ctx, type, length, pc, sp);
    if (!array) return WASM_TRAP_OUT_OF_MEMORY;
    // New memory is zero.
    if (operand[0] != 0 || slots > 1) wasm_fill_array(array, 0, length, operand[0], operand[slots - 1]);
    operand[0] = array;
    return WASM_RETURNED;
}

ARRAY_INSTRUCTION(array_new_default) {
    (void)inst;
    uint64_t *operand = sp + field(pc, 0);
    uint64_t array = wasm_new_array(ctx, type_of(pc), (uint32_t)operand[0], pc, sp);
    if (!array) return WASM_TRAP_OUT_OF_MEMORY;
    operand[0] = array;
    return WASM_RETURNED;
}

ARRAY_INSTRUCTION(array_new_fixed) {
    (void)inst;
    uint64_t *operand = sp + field(pc, 0);
    const wasm_type *type = type_of(pc);
    uint32_t length = wide(pc);
    uint64_t array = wasm_new_array(ctx, type, length, pc, sp);
    if (!array) return WASM_TRAP_OUT_OF_MEMORY;
    size_t slots = slots_of(type->element_log2);
    for (uint32_t i = 0; i < length; i++)
        wasm_write(
            (uint64_t)elements_of(array), (size_t)i << type->element_log2, type->element_log2, operand[i * slots],
            operand[i * slots + slots - 1]);
    operand[0] = array;
    return WASM_RETURNED;
}

ARRAY_INSTRUCTION(array_new_data) {
    uint64_t *operand = sp + field(pc, 0);
    const wasm_type *type = type_of(pc);
    uint32_t segment = wide(pc), source = (uint32_t)operand[0], length = (uint32_t)operand[1];
    size_t bytes = (size_t)length << type->element_log2;
    if (beyond(source, bytes, inst->data_sizes[segment])) return WASM_TRAP_OUT_OF_BOUNDS_MEMORY;
    uint64_t array = wasm_new_array(ctx, type, length, pc, sp);
    if (!array) return WASM_TRAP_OUT_OF_MEMORY;
    if (bytes) memcpy(elements_of(array), inst->data[segment] + source, bytes);
    operand[0] = array;
    return WASM_RETURNED;
}

ARRAY_INSTRUCTION(array_new_elem) {
    uint64_t *operand = sp + field(pc, 0);
    uint32_t segment = wide(pc), source = (uint32_t)operand[0], length = (uint32_t)operand[1];
    if (beyond(source, length, inst->element_sizes[segment])) return WASM_TRAP_OUT_OF_BOUNDS_TABLE;
    uint64_t array = wasm_new_array(ctx, type_of(pc), length, pc, sp);
    if (!array) return WASM_TRAP_OUT_OF_MEMORY;
    if (length) memcpy(elements_of(array), inst->elements[segment] + source, length * sizeof(uint64_t));
    operand[0] = array;
    return WASM_RETURNED;
}

/// Operands: the array, the first element, the value, how many. Field 1: the value's slots.
ARRAY_INSTRUCTION(array_fill) {
    (void)ctx, (void)inst;
    const uint64_t *operand = sp + field(pc, 0);
    size_t slots = field(pc, 1);
    uint64_t array = operand[0];
    if (!array) return WASM_TRAP_NULL_ARRAY;
    uint32_t start = (uint32_t)operand[1], count = (uint32_t)operand[2 + slots];
    if (beyond(start, count, ((const wasm_array *)array)->length)) return WASM_TRAP_OUT_OF_BOUNDS_ARRAY;
    wasm_fill_array(array, start, count, operand[2], operand[1 + slots]);
    return WASM_RETURNED;
}

ARRAY_INSTRUCTION(array_copy) {
    (void)ctx, (void)inst;
    const uint64_t *operand = sp + field(pc, 0);
    uint64_t to = operand[0], from = operand[2];
    if (!to || !from) return WASM_TRAP_NULL_ARRAY;
    uint32_t target = (uint32_t)operand[1], source = (uint32_t)operand[3], count = (uint32_t)operand[4];
    if (beyond(target, count, ((const wasm_array *)to)->length) ||
        beyond(source, count, ((const wasm_array *)from)->length))
        return WASM_TRAP_OUT_OF_BOUNDS_ARRAY;
    uint8_t log2 = log2_of(to);
    memmove(
        elements_of(to) + ((size_t)target << log2), elements_of(from) + ((size_t)source << log2),
        (size_t)count << log2);
    return WASM_RETURNED;
}

ARRAY_INSTRUCTION(array_init_data) {
    (void)ctx;
    const uint64_t *operand = sp + field(pc, 0);
    uint32_t segment = wide(pc);
    uint64_t array = operand[0];
    if (!array) return WASM_TRAP_NULL_ARRAY;
    uint32_t target = (uint32_t)operand[1], source = (uint32_t)operand[2], count = (uint32_t)operand[3];
    if (beyond(target, count, ((const wasm_array *)array)->length)) return WASM_TRAP_OUT_OF_BOUNDS_ARRAY;
    uint8_t log2 = log2_of(array);
    size_t bytes = (size_t)count << log2;
    if (beyond(source, bytes, inst->data_sizes[segment])) return WASM_TRAP_OUT_OF_BOUNDS_MEMORY;
    if (bytes) memcpy(elements_of(array) + ((size_t)target << log2), inst->data[segment] + source, bytes);
    return WASM_RETURNED;
}

ARRAY_INSTRUCTION(array_init_elem) {
    (void)ctx;
    const uint64_t *operand = sp + field(pc, 0);
    uint32_t segment = wide(pc);
    uint64_t array = operand[0];
    if (!array) return WASM_TRAP_NULL_ARRAY;
    uint32_t target = (uint32_t)operand[1], source = (uint32_t)operand[2], count = (uint32_t)operand[3];
    if (beyond(target, count, ((const wasm_array *)array)->length)) return WASM_TRAP_OUT_OF_BOUNDS_ARRAY;
    if (beyond(source, count, inst->element_sizes[segment])) return WASM_TRAP_OUT_OF_BOUNDS_TABLE;
    if (count)
        memcpy((uint64_t *)elements_of(array) + target, inst->elements[segment] + source, count * sizeof(uint64_t));
    return WASM_RETURNED;
}
