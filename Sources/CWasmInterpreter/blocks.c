/// The heap's range of addresses: blocks taken from it, and given back to the system.

#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "heap.h"
#include "wasm_interpreter.h"

/// The most bytes of all objects if nobody says, and by how many blocks the accessible range grows.
enum : size_t { DEFAULT_LIMIT = 1 << 30, ACCESS_STEP = 32 };

static void *reserve(size_t bytes, int protection) {
    void *place = mmap((void *)0, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return place == MAP_FAILED ? (void *)0 : place;
}

bool begin_heap(wasm_heap *heap) {
    if (heap->limit == 0) heap->limit = DEFAULT_LIMIT;
    size_t blocks = (heap->limit + BLOCK_BYTES - 1) >> BLOCK_LOG2;
    if (blocks > UINT32_MAX >> 2) blocks = UINT32_MAX >> 2;
    // A block more, so that the first can start at a multiple of a block's size.
    uint8_t *range = reserve((blocks + 1) << BLOCK_LOG2, PROT_NONE);
    wasm_block *table = reserve(blocks * sizeof(wasm_block), PROT_READ | PROT_WRITE);
    uint64_t *stack = reserve(MARK_STACK_BYTES, PROT_READ | PROT_WRITE);
    if (!range || !table || !stack) {
        if (range) munmap(range, (blocks + 1) << BLOCK_LOG2);
        if (table) munmap(table, blocks * sizeof(wasm_block));
        if (stack) munmap(stack, MARK_STACK_BYTES);
        return false;
    }
    heap->base = (uint8_t *)(((uintptr_t)range + BLOCK_BYTES - 1) & ~(uintptr_t)(BLOCK_BYTES - 1));
    // What lies before and behind goes back.
    size_t before = (size_t)(heap->base - range);
    if (before > 0) munmap(range, before);
    if (before < BLOCK_BYTES) munmap(heap->base + (blocks << BLOCK_LOG2), BLOCK_BYTES - before);
    heap->blocks = table;
    heap->mark_stack = stack;
    heap->block_limit = (uint32_t)blocks;
    heap->collect_at = FIRST_COLLECTION;
    return true;
}

void wasm_heap_free(wasm_heap *heap) {
    if (!heap->base) return;
    munmap(heap->base, (size_t)heap->block_limit << BLOCK_LOG2);
    munmap(heap->blocks, heap->block_limit * sizeof(wasm_block));
    munmap(heap->mark_stack, MARK_STACK_BYTES);
    *heap = (wasm_heap){.limit = heap->limit, .stress = heap->stress};
}

size_t wasm_heap_resident(const wasm_heap *heap) {
    size_t page = (size_t)getpagesize(), pages = 0;
    unsigned char seen[BLOCK_BYTES / 4096];
    for (uint32_t i = 0; i < heap->block_accessible; i++) {
        if (mincore(block_start(heap, i), BLOCK_BYTES, seen) != 0) continue;
        for (size_t j = 0; j < BLOCK_BYTES / page; j++) pages += seen[j] & 1;
    }
    return pages * page;
}

/// Makes blocks accessible up to `count`.
static bool make_accessible(wasm_heap *heap, uint32_t count) {
    if (count <= heap->block_accessible) return true;
    if (count > heap->block_limit) return false;
    uint32_t wanted = (count + ACCESS_STEP - 1) / ACCESS_STEP * ACCESS_STEP;
    if (wanted > heap->block_limit) wanted = heap->block_limit;
    size_t more = (size_t)(wanted - heap->block_accessible) << BLOCK_LOG2;
    if (mprotect(block_start(heap, heap->block_accessible), more, PROT_READ | PROT_WRITE) != 0) return false;
    heap->block_accessible = wanted;
    return true;
}

static bool is_free(const wasm_block *block) { return block->state <= BLOCK_DIRTY; }

/// The first of `count` free blocks in a row from `from` on; `block_count` or more when there are none.
static uint32_t find_free(const wasm_heap *heap, uint32_t from, uint32_t count) {
    uint32_t found = 0;
    for (uint32_t i = from; i < heap->block_count; i++) {
        found = is_free(&heap->blocks[i]) ? found + 1 : 0;
        if (found == count) return i + 1 - count;
    }
    // The last ones may be continued by blocks that were never used.
    return heap->block_count - found;
}

bool take_blocks(wasm_heap *heap, uint32_t count, uint32_t *first) {
    uint32_t *hint = count == 1 ? &heap->free_hint : &heap->run_hint;
    uint32_t start = find_free(heap, *hint, count);
    if (count > 1 && start + count > heap->block_count) start = find_free(heap, 0, count);
    if (count > heap->block_limit - start || !make_accessible(heap, start + count)) return false;
    if (start + count > heap->block_count) heap->block_count = start + count;
    for (uint32_t i = start; i < start + count; i++)
        if (heap->blocks[i].state == BLOCK_DIRTY) memset(block_start(heap, i), 0, BLOCK_BYTES);
    *hint = start + count;
    *first = start;
    return true;
}

void release_blocks(wasm_heap *heap) {
    size_t kept = heap->collect_at >> BLOCK_LOG2;
    for (uint32_t i = 0; i < heap->block_count;) {
        if (heap->blocks[i].state != BLOCK_DIRTY) {
            i++;
        } else if (kept > 0) {
            kept--;
            i++;
        } else {
            uint32_t end = i;
            while (end < heap->block_count && is_free(&heap->blocks[end])) end++;
            if (madvise(block_start(heap, i), (size_t)(end - i) << BLOCK_LOG2, MADV_DONTNEED) == 0)
                for (uint32_t j = i; j < end; j++) heap->blocks[j].state = BLOCK_CLEAN;
            i = end;
        }
    }
}
