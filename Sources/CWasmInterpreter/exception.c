/// Exceptions: made at a throw, freed when caught without a reference, or when nobody holds one any more.
///
/// Who holds one is found conservatively: a word of a frame, a global or a table that has an exception's address is
/// taken for a reference to it. So memory stays bounded whatever a guest throws, at the price of an exception that
/// lives on because a number looks like it.

#include "exception.h"

#include <stdlib.h>
#include <string.h>

#include "wasm_interpreter.h"

enum { FIRST_COLLECTION = 1024 };

static int by_address(const void *left, const void *right) {
    uintptr_t x = (uintptr_t)*(wasm_exception *const *)left, y = (uintptr_t)*(wasm_exception *const *)right;
    return x < y ? -1 : x > y;
}

/// Marks the exceptions that words from `start` to before `end` may refer to; those they hold are left to `settle`.
static bool mark(wasm_context *context, const uint64_t *start, const uint64_t *end) {
    bool found_new = false;
    for (const uint64_t *word = start; word < end; word++) {
        wasm_exception *key = (wasm_exception *)*word;
        wasm_exception **found =
            bsearch(&key, context->exceptions, context->exception_count, sizeof key, by_address);
        if (found && !(*found)->is_marked) (*found)->is_marked = found_new = true;
    }
    return found_new;
}

static void collect(wasm_context *context, const uint64_t *frame_end) {
    qsort(context->exceptions, context->exception_count, sizeof *context->exceptions, by_address);
    mark(context, context->stack, frame_end);
    for (const wasm_instance *instance = context->instances; instance; instance = instance->next) {
        for (uint32_t i = 0; i < instance->global_count; i++)
            mark(context, instance->globals[i]->value, instance->globals[i]->value + 1);
        for (uint32_t i = 0; i < instance->table_count; i++)
            mark(context, instance->tables[i]->elements, instance->tables[i]->elements + instance->tables[i]->size);
    }
    // An exception may carry another.
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (uint32_t i = 0; i < context->exception_count; i++) {
            const wasm_exception *held = context->exceptions[i];
            if (held->is_marked && mark(context, held->values, held->values + held->tag->value_slots)) goes_on = true;
        }
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < context->exception_count; i++) {
        wasm_exception *exception = context->exceptions[i];
        if (exception->is_marked) {
            exception->is_marked = false;
            context->exceptions[kept++] = exception;
        } else {
            free(exception);
        }
    }
    context->exception_count = kept;
    context->collect_at = kept * 2 < FIRST_COLLECTION ? FIRST_COLLECTION : kept * 2;
}

wasm_exception *wasm_make_exception(
    wasm_context *context, const wasm_tag *tag, const uint64_t *values, const uint64_t *frame_end) {
    if (context->collect_at == 0) context->collect_at = FIRST_COLLECTION;
    if (context->exception_count >= context->collect_at) collect(context, frame_end);
    if (context->exception_count == context->exception_capacity) {
        uint32_t capacity = context->exception_capacity ? context->exception_capacity * 2 : 64;
        wasm_exception **list = realloc(context->exceptions, capacity * sizeof *list);
        if (!list) return (void *)0;
        context->exceptions = list;
        context->exception_capacity = capacity;
    }
    wasm_exception *exception = malloc(sizeof *exception + tag->value_slots * sizeof(uint64_t));
    if (!exception) return (void *)0;
    exception->tag = tag;
    exception->is_marked = false;
    memcpy(exception->values, values, tag->value_slots * sizeof(uint64_t));
    context->exceptions[context->exception_count++] = exception;
    return exception;
}

void wasm_drop_exception(wasm_context *context, wasm_exception *exception) {
    // Nobody took a reference since the latest exception was made: it is the list's last, and nobody else's.
    uint32_t count = context->exception_count;
    if (count == 0 || context->exceptions[count - 1] != exception || exception->is_marked) return;
    context->exception_count = count - 1;
    free(exception);
}

void wasm_keep_exception(wasm_context *context, wasm_exception *exception) {
    (void)context;
    exception->is_marked = true;
}

void wasm_free_exceptions(wasm_context *context) {
    for (uint32_t i = 0; i < context->exception_count; i++) free(context->exceptions[i]);
    free(context->exceptions);
    context->exceptions = (void *)0;
    context->exception_count = context->exception_capacity = 0;
}
