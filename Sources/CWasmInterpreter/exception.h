#ifndef WASM_EXCEPTION_H
#define WASM_EXCEPTION_H

#include "wasm_runtime.h"

/// Makes an exception with the tag's values. Slots from the stack's start to `frame_end` are looked through when it
/// is time to free what nobody holds. Null when there is no memory.
wasm_exception *wasm_make_exception(
    wasm_context *context, const wasm_tag *tag, const uint64_t *values, const uint64_t *frame_end);

/// Says that a caught exception's reference was not taken: if nobody else holds it, it goes.
void wasm_drop_exception(wasm_context *context, wasm_exception *exception);

/// Says that an exception may be held by others than the one who throws it (again).
void wasm_keep_exception(wasm_context *context, wasm_exception *exception);

#endif
