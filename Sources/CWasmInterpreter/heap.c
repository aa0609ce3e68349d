/// Memory for objects: blocks of cells of one size, swept as they are needed, and runs of blocks for large objects.
///
/// What nobody has is all zero, so a new object needs its type only, and a word is an object's address if and only if
/// there is a type at a cell's start.

#define _GNU_SOURCE
#include "heap.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "wasm_interpreter.h"

/// The least bytes between two collections, the most of all objects if nobody says, and by how much the accessible
/// range grows.
enum : size_t { FIRST_COLLECTION = 4 << 20, DEFAULT_LIMIT = 1 << 30, ACCESS_STEP = 32 };

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

// ---- The range ----

static void *reserve(size_t bytes, int protection) {
    void *place = mmap((void *)0, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return place == MAP_FAILED ? (void *)0 : place;
}

/// Reserves the range when the first object is made: who makes none pays nothing.
static bool begin(wasm_heap *heap) {
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

/// Takes `count` free blocks in a row, all zero; false when there are none.
static bool take_blocks(wasm_heap *heap, uint32_t count, uint32_t *first) {
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

// ---- Cells ----

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
    if (!heap->base && !begin(heap)) return (void *)0;
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

/// Gives free blocks back to the system, but for as many as will be filled before the next collection.
static void release(wasm_heap *heap) {
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
    release(heap);
}
