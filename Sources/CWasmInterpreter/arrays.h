#ifndef WASM_ARRAYS_H
#define WASM_ARRAYS_H

#include "wasm_runtime.h"

/// Instructions on arrays that handlers call: operands are in consecutive slots from field 0 of word 1 on, and a result
/// takes the first one's place. Word 2 is the type of those that make an array, the upper half of word 1 a segment or
/// a number of elements.
#define ARRAY_INSTRUCTION(name)                                                                                   \
    wasm_status wasm_##name(wasm_context *ctx, const wasm_instance *inst, const uint64_t *pc, uint64_t *sp)

ARRAY_INSTRUCTION(array_new);
ARRAY_INSTRUCTION(array_new_default);
ARRAY_INSTRUCTION(array_new_fixed);
ARRAY_INSTRUCTION(array_new_data);
ARRAY_INSTRUCTION(array_new_elem);
ARRAY_INSTRUCTION(array_fill);
ARRAY_INSTRUCTION(array_copy);
ARRAY_INSTRUCTION(array_init_data);
ARRAY_INSTRUCTION(array_init_elem);

#endif
