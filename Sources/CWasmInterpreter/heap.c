/// Memory for objects: blocks of cells of one size, swept as they are needed, and runs of blocks for large objects.
///
/// What nobody has is all zero, so a new object needs its type only, and a word is an object's address if and only if
/// there is a type at a cell's start.

#include "heap.h"

#include <string.h>

#include "wasm_interpreter.h"

static uint8_t class_of(size_t bytes) {
    if (bytes > CELL_LIMIT) return WASM_LARGE_CLASS;
    // 16 bytes, room for a run's two words, to 64 in steps of 8; then four sizes between a power of two and the next.
    size_t grains = (bytes + GRAIN - 1) >> GRAIN_LOG2;
    if (grains <= 2) return 0;
    if (grains <= 8) return (uint8_t)(grains - 2);
    unsigned log2 = 63U - (unsigned)__builtin_clzll(grains - 1);
    return (uint8_t)(3 + (log2 - 3) * 4 + ((grains - 1) >> (log2 - 2)));
}

void wasm_set_size(wasm_type *type, size_t bytes) {
    type->size_class = class_of(bytes);
    type->bytes = (uint32_t)(type->size_class == WASM_LARGE_CLASS ? bytes : cell_bytes(type->size_class));
}

/// A run of free cells has in its second word where it ends and where the block's next run starts, as distances from the
/// block's start.
static void write_run(uint8_t *start, size_t end, size_t next) {
    ((uint64_t *)start)[1] = (uint64_t)end | (uint64_t)next << 32;
}

/// Zeroes the cells of a block that hold no object and makes runs of them: the first, or null.
static uint8_t *sweep(wasm_heap *heap, uint32_t number) {
    wasm_block *block = &heap->blocks[number];
    uint8_t *start = block_start(heap, number);
    size_t bytes = cell_bytes(block->size_class), limit = BLOCK_BYTES / bytes * bytes;
    size_t next = 0, end = limit;
    bool has_run = false;
    // From the last cell to the first, so that each run knows the one behind it.
    for (size_t offset = limit; offset > 0;) {
        offset -= bytes;
        if (is_marked(block, offset)) {
            end = offset;
            continue;
        }
        bool begins = offset == 0 || is_marked(block, offset - bytes);
        if (!begins) continue;
        memset(start + offset, 0, end - offset);
        write_run(start + offset, end, has_run ? next : 0);
        next = offset;
        has_run = true;
    }
    return has_run ? start + next : (void *)0;
}

void finish_sweep(wasm_heap *heap) {
    for (uint32_t class = 0; class < WASM_LARGE_CLASS; class++) {
        wasm_run *run = &heap->runs[class];
        size_t bytes = cell_bytes((uint8_t)class);
        for (uint32_t next = run->unswept; next;) {
            wasm_block *block = &heap->blocks[next - 1];
            uint8_t *start = block_start(heap, next - 1);
            for (size_t offset = 0; offset + bytes <= BLOCK_BYTES; offset += bytes)
                if (!is_marked(block, offset)) *(uint64_t *)(start + offset) = 0;
            next = block->next;
        }
        *run = (wasm_run){0};
    }
}

/// Gives a class of cells its next run; false when there is no memory for one.
static bool refill(wasm_heap *heap, uint8_t class) {
    wasm_run *run = &heap->runs[class];
    uint32_t number;
    if (!run->following && run->unswept) {
        number = run->unswept - 1;
        run->unswept = heap->blocks[number].next;
        run->following = sweep(heap, number);
    }
    if (!run->following) {
        if (!take_blocks(heap, 1, &number)) return false;
        heap->blocks[number] = (wasm_block){.size_class = class, .state = BLOCK_CELLS};
        size_t bytes = cell_bytes(class);
        run->following = block_start(heap, number);
        write_run(run->following, BLOCK_BYTES / bytes * bytes, 0);
    }
    uint64_t *start = (uint64_t *)run->following;
    uint8_t *block = (uint8_t *)((uintptr_t)start & ~(uintptr_t)(BLOCK_BYTES - 1));
    size_t end = (uint32_t)start[1], next = start[1] >> 32;
    start[1] = 0;
    run->next = (uint8_t *)start;
    run->end = block + end;
    run->following = next ? block + next : (void *)0;
    if (heap->stress && run->next + cell_bytes(class) < run->end) {
        // One cell at a time, so that each allocation comes here.
        uint8_t *rest = run->next + cell_bytes(class);
        write_run(rest, end, next);
        run->end = run->following = rest;
    }
    heap->allocated += (size_t)(run->end - run->next);
    return true;
}

static bool is_due(wasm_heap *heap, size_t bytes) {
    if (heap->stress && ++heap->stress_count % heap->stress == 0) return true;
    return heap->allocated + bytes > heap->collect_at;
}

/// Whether a collection that the limit asked for was worth it: a guest that fills its heap to the last shall not
/// spend its life collecting.
static bool collect_at_limit(wasm_context *context, const uint64_t *pc, const uint64_t *sp, uint64_t accumulator) {
    if (context->heap.holds) return false;
    wasm_collect(context, pc, sp, accumulator);
    size_t limit = (size_t)context->heap.block_limit << BLOCK_LOG2;
    return context->heap.live <= limit - limit / 32;
}

uint64_t *wasm_allocate(
    wasm_context *context, size_t bytes, const uint64_t *pc, const uint64_t *sp, uint64_t accumulator) {
    wasm_heap *heap = &context->heap;
    if (!heap->base && !begin_heap(heap)) return (void *)0;
    uint8_t class = class_of(bytes);
    if (class != WASM_LARGE_CLASS) {
        wasm_run *run = &heap->runs[class];
        if (run->next == run->end) {
            if (is_due(heap, 0) && !heap->holds) wasm_collect(context, pc, sp, accumulator);
            if (!refill(heap, class) &&
                (!collect_at_limit(context, pc, sp, accumulator) || !refill(heap, class)))
                return (void *)0;
        }
        uint64_t *object = (uint64_t *)run->next;
        run->next += cell_bytes(class);
        return object;
    }
    size_t count = (bytes + BLOCK_BYTES - 1) >> BLOCK_LOG2;
    if (count > heap->block_limit) return (void *)0;
    if (is_due(heap, count << BLOCK_LOG2) && !heap->holds) wasm_collect(context, pc, sp, accumulator);
    uint32_t first;
    if (!take_blocks(heap, (uint32_t)count, &first) &&
        (!collect_at_limit(context, pc, sp, accumulator) || !take_blocks(heap, (uint32_t)count, &first)))
        return (void *)0;
    heap->blocks[first] =
        (wasm_block){.size_class = WASM_LARGE_CLASS, .state = BLOCK_LARGE, .next = (uint32_t)count};
    for (size_t i = 1; i < count; i++) heap->blocks[first + i] = (wasm_block){.state = BLOCK_LARGE_REST};
    heap->allocated += count << BLOCK_LOG2;
    return (uint64_t *)block_start(heap, first);
}

// ---- After marking ----

void begin_sweep(wasm_heap *heap) {
    heap->live = 0;
    for (uint32_t i = heap->block_count; i-- > 0;) {
        wasm_block *block = &heap->blocks[i];
        if (block->state == BLOCK_CELLS) {
            size_t bytes = cell_bytes(block->size_class);
            heap->live += block->live * bytes;
            if (block->live == 0) {
                block->state = BLOCK_DIRTY;
            } else if (block->live < BLOCK_BYTES / bytes) {
                block->next = heap->runs[block->size_class].unswept;
                heap->runs[block->size_class].unswept = i + 1;
            }
        } else if (block->state == BLOCK_LARGE) {
            if (block->live > 0) {
                heap->live += (size_t)block->next << BLOCK_LOG2;
            } else {
                for (uint32_t j = 0; j < block->next; j++) heap->blocks[i + j].state = BLOCK_DIRTY;
            }
        }
    }
    heap->free_hint = heap->run_hint = 0;
    heap->allocated = 0;
    heap->collect_at = heap->live > FIRST_COLLECTION ? heap->live : FIRST_COLLECTION;
    release_blocks(heap);
}
