/// Finds the objects that a guest can still reach: mark and sweep, nothing moves.
///
/// The roots are looked at conservatively: a word of the guest's stack, a global, a table or an element segment that has
/// an object's address is taken for a reference to it. Objects know which of their own words are references.

#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "heap.h"
#include "wasm_interpreter.h"

/// The work of one collection. An entry of the stack is an object and, for an array, the element to go on from.
typedef struct marker {
    wasm_heap *heap;
    uint64_t *stack;
    size_t count;
    /// The highest that the stack has been.
    size_t most;
    bool has_overflowed;
} marker;

enum : size_t { MARK_STACK_ENTRIES = MARK_STACK_BYTES / (2 * sizeof(uint64_t)), ELEMENTS_AT_ONCE = 64 };

static wasm_block *block_of(const marker *work, uint64_t object) {
    return &work->heap->blocks[(object - (uintptr_t)work->heap->base) >> BLOCK_LOG2];
}

/// Notes that an object's references are to be followed, from an element on if it is an array.
static void push(marker *work, uint64_t object, uint64_t element) {
    if (work->count == MARK_STACK_ENTRIES) {
        // Its block is gone through again when the stack is empty.
        block_of(work, object)->is_overflowed = true;
        work->has_overflowed = true;
        return;
    }
    work->stack[work->count * 2] = object;
    work->stack[work->count * 2 + 1] = element;
    work->count++;
    if (work->count > work->most) work->most = work->count;
}

static bool has_references(const wasm_type *type) {
    switch (type->kind) {
    case WASM_CLASS_STRUCTURE: return type->reference_count > 0;
    case WASM_CLASS_ARRAY: return type->element_is_reference;
    default: return true;
    }
}

/// Marks the object that a reference leads to, if it leads to one.
static inline void reach(marker *work, uint64_t reference) {
    if (reference == 0 || reference & 3) return;
    size_t offset = reference - (uintptr_t)work->heap->base;
    if (offset >= (size_t)work->heap->block_count << BLOCK_LOG2) return;
    wasm_block *block = &work->heap->blocks[offset >> BLOCK_LOG2];
    size_t grain = (offset & (BLOCK_BYTES - 1)) >> GRAIN_LOG2;
    uint64_t bit = (uint64_t)1 << (grain & 63);
    if (block->marks[grain >> 6] & bit) return;
    block->marks[grain >> 6] |= bit;
    block->live++;
    if (has_references(*(const wasm_type *const *)reference)) push(work, reference, 0);
}

/// Marks what a word may refer to: only if it is the address of a cell that has an object, or of a large object.
static inline void reach_if_object(marker *work, uint64_t word) {
    const wasm_heap *heap = work->heap;
    size_t offset = word - (uintptr_t)heap->base;
    if (offset >= (size_t)heap->block_count << BLOCK_LOG2 || word & (GRAIN - 1)) return;
    const wasm_block *block = &heap->blocks[offset >> BLOCK_LOG2];
    size_t inside = offset & (BLOCK_BYTES - 1);
    switch (block->state) {
    case BLOCK_CELLS: {
        size_t bytes = cell_bytes(block->size_class);
        if (inside % bytes != 0 || inside + bytes > BLOCK_BYTES) return;
        break;
    }
    case BLOCK_LARGE:
        if (inside != 0) return;
        break;
    default: return;
    }
    if (*(const uint64_t *)word != 0) reach(work, word);
}

static void reach_all(marker *work, const uint64_t *words, size_t count) {
    for (size_t i = 0; i < count; i++) reach_if_object(work, words[i]);
}

/// Follows the references of one object; of a large array, some, and the rest later.
static void follow(marker *work, uint64_t object, uint64_t element) {
    const wasm_type *type = *(const wasm_type *const *)object;
    const uint64_t *words = (const uint64_t *)object;
    switch (type->kind) {
    case WASM_CLASS_STRUCTURE:
        for (uint32_t i = 0; i < type->reference_count; i++) reach(work, words[type->references[i]]);
        break;
    case WASM_CLASS_ARRAY: {
        uint64_t length = ((const wasm_array *)object)->length;
        const uint64_t *elements = words + WASM_ARRAY_HEADER / sizeof(uint64_t);
        uint64_t end = length - element > ELEMENTS_AT_ONCE ? element + ELEMENTS_AT_ONCE : length;
        if (end < length) push(work, object, end);
        for (uint64_t i = element; i < end; i++) reach(work, elements[i]);
        break;
    }
    default: {
        const wasm_exception *exception = (const wasm_exception *)object;
        reach_all(work, exception->values, exception->tag->value_slots);
    }
    }
}

static void drain(marker *work) {
    while (work->count > 0) {
        work->count--;
        follow(work, work->stack[work->count * 2], work->stack[work->count * 2 + 1]);
    }
}

/// Follows the references of all marked objects of a block again: some were not followed for want of room.
static void follow_block(marker *work, uint32_t number) {
    wasm_block *block = &work->heap->blocks[number];
    uint64_t start = (uint64_t)block_start(work->heap, number);
    block->is_overflowed = false;
    for (size_t word = 0; word < MARK_WORDS; word++) {
        for (uint64_t bits = block->marks[word]; bits; bits &= bits - 1) {
            uint64_t object = start + ((word * 64 + (size_t)__builtin_ctzll(bits)) << GRAIN_LOG2);
            if (!has_references(*(const wasm_type *const *)object)) continue;
            follow(work, object, 0);
            drain(work);
        }
    }
}

static void mark_roots(marker *work, const wasm_context *context, const uint64_t *top, uint64_t accumulator) {
    reach_if_object(work, accumulator);
    reach_all(work, context->stack, (size_t)(top - context->stack));
    drain(work);
    for (const wasm_instance *instance = context->instances; instance; instance = instance->next) {
        for (uint32_t i = 0; i < instance->global_count; i++) reach_if_object(work, instance->globals[i]->value[0]);
        for (uint32_t i = 0; i < instance->table_count; i++) {
            const wasm_table *table = instance->tables[i];
            if (table->holds_objects && table->size) reach_all(work, table->elements, table->size);
        }
        for (uint32_t i = 0; i < instance->element_count; i++)
            if (instance->element_sizes[i]) reach_all(work, instance->elements[i], instance->element_sizes[i]);
        drain(work);
    }
}

void wasm_collect(wasm_context *context, const uint64_t *pc, const uint64_t *sp, uint64_t accumulator) {
    wasm_heap *heap = &context->heap;
    if (!heap->base || heap->holds) return;
    // What runs may use its frame to the end; without code, the host runs, and its arguments are below the top.
    const uint64_t *top = context->top;
    if (pc) {
        const wasm_function *function = context->find(context, pc);
        top = function ? sp + function->frame_slots : context->stack_end;
    }
    finish_sweep(heap);
    for (uint32_t i = 0; i < heap->block_count; i++) {
        wasm_block *block = &heap->blocks[i];
        if (block->state < BLOCK_CELLS) continue;
        memset(block->marks, 0, sizeof block->marks);
        block->live = 0;
        block->is_overflowed = false;
    }
    marker work = {.heap = heap, .stack = heap->mark_stack};
    mark_roots(&work, context, top, accumulator);
    while (work.has_overflowed) {
        work.has_overflowed = false;
        for (uint32_t i = 0; i < heap->block_count; i++)
            if (heap->blocks[i].is_overflowed) follow_block(&work, i);
    }
    begin_sweep(heap);
    heap->collections++;
    // A deep search leaves nothing behind.
    if (work.most > 4096) madvise(heap->mark_stack, MARK_STACK_BYTES, MADV_DONTNEED);
}
