/// Exceptions: objects like those that a guest makes itself, of a type that it cannot name.

#include "exception.h"

#include <string.h>

#include "wasm_interpreter.h"

static const wasm_type exception_type = {.kind = WASM_CLASS_EXCEPTION};

wasm_exception *wasm_make_exception(
    wasm_context *context, const wasm_tag *tag, const uint64_t *values, const uint64_t *pc, const uint64_t *sp) {
    size_t bytes = tag->value_slots * sizeof(uint64_t);
    wasm_exception *exception = (wasm_exception *)wasm_allocate(context, sizeof *exception + bytes, pc, sp, 0);
    if (!exception) return (void *)0;
    exception->type = &exception_type;
    exception->tag = tag;
    memcpy(exception->values, values, bytes);
    return exception;
}
