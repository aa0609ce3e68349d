/// Exceptions: made at a throw, freed when caught without a reference, or when nobody holds one any more.
///
/// Who holds one is found conservatively: a word of a frame, a global or a table that has an exception's address is
/// taken for a reference to it. So memory stays bounded whatever a guest throws, at the price of an exception that
/// lives on because a number looks like it.

#include "exception.h"

#include <stdlib.h>
#include <string.h>

#include "wasm_interpreter.h"

/// Bytes of exceptions before anybody looks, and the most there may be.
enum : size_t { FIRST_COLLECTION = 1 << 20, MOST_BYTES = 256 << 20 };

static size_t bytes_of(const wasm_tag *tag) {
    // The allocator's own share counts too: many exceptions are small.
    return sizeof(wasm_exception) + tag->value_slots * sizeof(uint64_t) + 2 * sizeof(size_t);
}

static int by_address(const void *left, const void *right) {
    uintptr_t x = (uintptr_t)*(wasm_exception *const *)left, y = (uintptr_t)*(wasm_exception *const *)right;
    return x < y ? -1 : x > y;
}

/// Exceptions found to be held whose own values have not been looked through yet.
struct worklist {
    wasm_exception **items;
    size_t count;
};

/// Marks the exceptions that words from `start` to before `end` may refer to.
static void mark(
    const wasm_context *context, const uint64_t *start, const uint64_t *end, struct worklist *found) {
    for (const uint64_t *word = start; word < end; word++) {
        wasm_exception *key = (wasm_exception *)*word;
        wasm_exception **place =
            bsearch(&key, context->exceptions, context->exception_count, sizeof key, by_address);
        if (!place || (*place)->is_marked) continue;
        (*place)->is_marked = true;
        found->items[found->count++] = *place;
    }
}

static void collect(wasm_context *context, const uint64_t *frame_end) {
    // Each exception is found once at most.
    struct worklist found = {.items = malloc(context->exception_count * sizeof *found.items)};
    if (!found.items) return;
    qsort(context->exceptions, context->exception_count, sizeof *context->exceptions, by_address);
    // Those marked already may be held by the one who is throwing them.
    for (size_t i = 0; i < context->exception_count; i++)
        if (context->exceptions[i]->is_marked) found.items[found.count++] = context->exceptions[i];
    mark(context, context->stack, frame_end, &found);
    for (const wasm_instance *instance = context->instances; instance; instance = instance->next) {
        for (uint32_t i = 0; i < instance->global_count; i++)
            mark(context, instance->globals[i]->value, instance->globals[i]->value + 1, &found);
        for (uint32_t i = 0; i < instance->table_count; i++) {
            const wasm_table *table = instance->tables[i];
            if (table->size) mark(context, table->elements, table->elements + table->size, &found);
        }
    }
    // An exception may carry others.
    while (found.count > 0) {
        const wasm_exception *held = found.items[--found.count];
        mark(context, held->values, held->values + held->tag->value_slots, &found);
    }
    free(found.items);
    size_t kept = 0;
    context->exception_bytes = 0;
    for (size_t i = 0; i < context->exception_count; i++) {
        wasm_exception *exception = context->exceptions[i];
        if (exception->is_marked) {
            exception->is_marked = false;
            context->exceptions[kept++] = exception;
            context->exception_bytes += bytes_of(exception->tag);
        } else {
            free(exception);
        }
    }
    context->exception_count = kept;
    size_t twice = context->exception_bytes * 2;
    context->collect_at = twice < FIRST_COLLECTION ? FIRST_COLLECTION : twice;
}

wasm_exception *wasm_make_exception(
    wasm_context *context, const wasm_tag *tag, const uint64_t *values, const uint64_t *frame_end) {
    if (context->collect_at == 0) context->collect_at = FIRST_COLLECTION;
    if (context->exception_bytes >= context->collect_at) collect(context, frame_end);
    size_t bytes = bytes_of(tag);
    if (context->exception_bytes + bytes > MOST_BYTES) return (void *)0;
    if (context->exception_count == context->exception_capacity) {
        size_t capacity = context->exception_capacity ? context->exception_capacity * 2 : 64;
        wasm_exception **list = realloc(context->exceptions, capacity * sizeof *list);
        if (!list) return (void *)0;
        context->exceptions = list;
        context->exception_capacity = capacity;
    }
    wasm_exception *exception = malloc(bytes);
    if (!exception) return (void *)0;
    exception->tag = tag;
    exception->is_marked = false;
    memcpy(exception->values, values, tag->value_slots * sizeof(uint64_t));
    context->exceptions[context->exception_count++] = exception;
    context->exception_bytes += bytes;
    return exception;
}

void wasm_drop_exception(wasm_context *context, wasm_exception *exception) {
    // Nobody took a reference since the latest exception was made: it is the list's last, and nobody else's.
    size_t count = context->exception_count;
    if (count == 0 || context->exceptions[count - 1] != exception || exception->is_marked) return;
    context->exception_count = count - 1;
    context->exception_bytes -= bytes_of(exception->tag);
    free(exception);
}

void wasm_keep_exception(wasm_context *context, wasm_exception *exception) {
    (void)context;
    exception->is_marked = true;
}

void wasm_free_exceptions(wasm_context *context) {
    for (size_t i = 0; i < context->exception_count; i++) free(context->exceptions[i]);
    free(context->exceptions);
    context->exceptions = (void *)0;
    context->exception_count = context->exception_capacity = 0;
}
