#ifndef WASM_HEAP_INTERNAL_H
#define WASM_HEAP_INTERNAL_H

#include "wasm_runtime.h"

/// The heap is made of blocks. A block has cells of one size, or is part of one large object.
enum : size_t {
    BLOCK_LOG2 = 15,
    BLOCK_BYTES = (size_t)1 << BLOCK_LOG2,
    /// Every object starts at a multiple of this.
    GRAIN_LOG2 = 3,
    GRAIN = (size_t)1 << GRAIN_LOG2,
    MARK_WORDS = BLOCK_BYTES / GRAIN / 64,
    /// The most that a cell holds.
    CELL_LIMIT = 8192,
};

typedef enum block_state : uint8_t {
    /// Free and all zero.
    BLOCK_CLEAN = 0,
    /// Free, with what it last held.
    BLOCK_DIRTY,
    BLOCK_CELLS,
    /// The first and the further blocks of a large object.
    BLOCK_LARGE,
    BLOCK_LARGE_REST,
} block_state;

/// What is known of a block.
typedef struct wasm_block {
    /// One bit for each grain: an object that starts there was reached.
    uint64_t marks[MARK_WORDS];
    /// Of cells that are to be swept: the next such block's number plus one. Of a large object: its blocks.
    uint32_t next;
    /// Objects that were reached.
    uint16_t live;
    uint8_t size_class;
    block_state state;
    /// Some object in it was reached, and its references were not followed yet.
    bool is_overflowed;
} wasm_block;

static inline size_t cell_bytes(uint8_t size_class) {
    if (size_class < 7) return ((size_t)size_class + 2) * GRAIN;
    size_t step = size_class - 7U;
    return (5 + (step & 3)) << ((step >> 2) + 1 + GRAIN_LOG2);
}

static inline bool is_marked(const wasm_block *block, size_t offset) {
    return block->marks[offset >> (GRAIN_LOG2 + 6)] >> (offset >> GRAIN_LOG2 & 63) & 1;
}

static inline uint8_t *block_start(const wasm_heap *heap, size_t number) { return heap->base + (number << BLOCK_LOG2); }

/// Reserves the range when the first object is made: who makes none pays nothing. False when the system refuses.
bool begin_heap(wasm_heap *heap);

/// Takes `count` free blocks in a row, all zero; false when there are none.
bool take_blocks(wasm_heap *heap, uint32_t count, uint32_t *first);

/// Gives free blocks back to the system, but for as many as will be filled before the next collection.
void release_blocks(wasm_heap *heap);

/// Takes the cells that nobody has back from blocks that are still to be swept, so that only objects have headers.
void finish_sweep(wasm_heap *heap);

/// Makes what was not reached free, after all that can be reached is marked.
void begin_sweep(wasm_heap *heap);

/// The least bytes between two collections.
enum : size_t { FIRST_COLLECTION = 4 << 20 };

/// Bytes of references to be followed: half a million objects, each with a place in it.
enum : size_t { MARK_STACK_BYTES = 8 << 20 };

#endif
