#ifndef WASM_EXCEPTION_H
#define WASM_EXCEPTION_H

#include "wasm_runtime.h"

/// Makes an exception with the tag's values, for the instruction at `pc` in the frame at `sp`. Null when there is no
/// memory.
wasm_exception *wasm_make_exception(
    wasm_context *context, const wasm_tag *tag, const uint64_t *values, const uint64_t *pc, const uint64_t *sp);

#endif
