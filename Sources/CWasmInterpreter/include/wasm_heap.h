#ifndef WASM_HEAP_H
#define WASM_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Objects that a guest makes and nobody has to free: specs/gc.md says how they lie and who keeps them.

/// What a reference refers to, as far as its bits and the object's type say it. The order is part of
/// `wasm_class_of`.
typedef enum wasm_class : uint8_t {
    WASM_CLASS_NULL = 0,
    WASM_CLASS_I31 = 1,
    /// A number that only the host understands.
    WASM_CLASS_HOST = 2,
    WASM_CLASS_STRUCTURE = 3,
    WASM_CLASS_ARRAY = 4,
    WASM_CLASS_EXCEPTION = 5,
    WASM_CLASS_FUNCTION = 6,
} wasm_class;

/// A type of a store, as running code needs it. Made once, and at the same address as long as the store lives.
typedef struct wasm_type {
    /// The types above it, topmost first; `depth` of them.
    const struct wasm_type *_Nonnull const *_Nullable ancestors;
    /// Of a structure: where its references are, in words of 8 bytes from its start.
    const uint16_t *_Nullable references;
    uint32_t reference_count;
    /// The type's number in the store.
    uint32_t number;
    /// Bytes of a structure with its header; made a whole cell's by `wasm_set_size`.
    uint32_t bytes;
    uint16_t depth;
    wasm_class kind;
    /// Which cells its structures take: see `wasm_set_size`.
    uint8_t size_class;
    /// Of an array: log2 of an element's bytes, and whether that is a reference.
    uint8_t element_log2;
    bool element_is_reference;
} wasm_type;

/// A structure's fields lie behind its type, an array's elements behind type and length.
enum { WASM_STRUCTURE_HEADER = 8, WASM_ARRAY_HEADER = 16 };

/// The head of an array.
typedef struct wasm_array {
    const wasm_type *_Nonnull type;
    uint32_t length;
    uint32_t reserved;
} wasm_array;

/// Cells of one size that nobody has yet.
typedef struct wasm_run {
    /// The next cell, and where the run that it is in ends.
    uint8_t *_Nullable next;
    uint8_t *_Nullable end;
    /// The run behind that one in the same block.
    uint8_t *_Nullable following;
    /// The first block that is still to be swept: its number plus one.
    uint32_t unswept;
} wasm_run;

/// 35 sizes of cells up to 8 KiB, and none for what is larger.
enum { WASM_SIZE_CLASSES = 36, WASM_LARGE_CLASS = 35 };

/// Everything about one store's objects. All zero until the first is made, but for limits.
typedef struct wasm_heap {
    wasm_run runs[WASM_SIZE_CLASSES];
    /// The address range for objects, a multiple of blocks; and what is known of each block.
    uint8_t *_Nullable base;
    struct wasm_block *_Nullable blocks;
    /// Blocks: that may ever be, that the system lets us touch, and that have been in use.
    uint32_t block_limit;
    uint32_t block_accessible;
    uint32_t block_count;
    /// Where to look for one free block, and for several.
    uint32_t free_hint;
    uint32_t run_hint;
    /// Bytes given out since the last collection, and how many make the next one due.
    size_t allocated;
    size_t collect_at;
    /// Bytes that the last collection left, and how many there have been.
    size_t live;
    uint64_t collections;
    /// The most bytes of objects; 0 before the first means the default.
    size_t limit;
    /// Collect at every allocation with a number divisible by this; 0 for never. For tests.
    uint32_t stress;
    uint32_t stress_count;
    /// Above 0, nothing is collected: references are where the collector does not look.
    uint32_t holds;
    /// Objects found whose own references have not been followed.
    uint64_t *_Nullable mark_stack;
} wasm_heap;

/// What a reference's class is, whatever its static type, if that is below `any` or `extern`.
static inline wasm_class wasm_class_of(uint64_t reference) {
    if (reference == 0) return WASM_CLASS_NULL;
    if (reference & 1) return WASM_CLASS_I31;
    if (reference & 2) return WASM_CLASS_HOST;
    return (*(const wasm_type *const _Nonnull *)reference)->kind;
}

/// Whether one type is another, or below it.
static inline bool wasm_is_below(const wasm_type *_Nonnull type, const wasm_type *_Nonnull wanted) {
    return type == wanted || (type->depth > wanted->depth && type->ancestors[wanted->depth] == wanted);
}

#endif
