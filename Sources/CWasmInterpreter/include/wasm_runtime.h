#ifndef WASM_RUNTIME_H
#define WASM_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wasm_heap.h"

/// What a running module is made of, in C layout: the interpreter, and later native code, address these
/// structures at fixed offsets. Swift allocates them, fills them in, and frees them.

struct wasm_context;
struct wasm_instance;
struct wasm_function;

/// Why a call into the interpreter ended. Zero is the only good one.
typedef enum wasm_status : int32_t {
    WASM_RETURNED = 0,
    /// A host function asked for the end of the whole program (proc_exit).
    WASM_EXITED = 1,
    WASM_TRAP_UNREACHABLE = 2,
    WASM_TRAP_OUT_OF_BOUNDS_MEMORY = 3,
    WASM_TRAP_OUT_OF_BOUNDS_TABLE = 4,
    WASM_TRAP_UNDEFINED_ELEMENT = 5,
    WASM_TRAP_UNINITIALIZED_ELEMENT = 6,
    WASM_TRAP_INDIRECT_CALL_MISMATCH = 7,
    WASM_TRAP_DIVIDE_BY_ZERO = 8,
    WASM_TRAP_INTEGER_OVERFLOW = 9,
    WASM_TRAP_INVALID_CONVERSION = 10,
    WASM_TRAP_STACK_EXHAUSTED = 11,
    /// A host function refused: the Swift side holds the reason.
    WASM_TRAP_HOST = 12,
    WASM_TRAP_NULL_REFERENCE = 13,
    WASM_TRAP_UNCAUGHT_EXCEPTION = 14,
    WASM_TRAP_OUT_OF_MEMORY = 15,
    WASM_TRAP_NULL_FUNCTION = 16,
    WASM_TRAP_NULL_STRUCTURE = 17,
    WASM_TRAP_NULL_ARRAY = 18,
    WASM_TRAP_NULL_I31 = 19,
    WASM_TRAP_OUT_OF_BOUNDS_ARRAY = 20,
    WASM_TRAP_CAST_FAILURE = 21,
    WASM_TRAP_NULL_EXCEPTION = 22,
    WASM_TRAP_UNALIGNED_ATOMIC = 23,
    WASM_TRAP_UNSHARED_WAIT = 24,
} wasm_status;

/// A host function. `slots` holds the arguments, one 64-bit slot each, and takes the results from slot 0 on.
typedef wasm_status (*wasm_host_call)(
    struct wasm_context *_Nonnull context, struct wasm_function *_Nonnull function, uint64_t *_Nonnull slots);

/// A linear memory. `base` never moves: the address range is reserved at its largest.
typedef struct wasm_memory {
    uint8_t *_Nonnull base;
    /// Accessible bytes. Other threads may make them more: read with `wasm_memory_size`.
    uint64_t size;
    /// The largest `size` may become, in bytes.
    uint64_t limit;
    /// The whole reservation with its guards, in bytes.
    uint64_t reserved;
    /// The bits of a slot that are an address: 32 or 64.
    uint64_t address_mask;
    /// log2 of a page's bytes.
    uint8_t page_log2;
    /// Taken by the thread that grows it.
    uint8_t lock;
} wasm_memory;

/// A memory's accessible bytes now: they never become fewer.
static inline uint64_t wasm_memory_size(const wasm_memory *_Nonnull memory) {
    return __atomic_load_n(&memory->size, __ATOMIC_RELAXED);
}

/// A table of references: specs/gc.md says what their bits mean.
typedef struct wasm_table {
    uint64_t *_Nullable elements;
    uint64_t size;
    uint64_t limit;
    uint64_t capacity;
    /// Elements that all tables of the store together may still get.
    uint64_t *_Nonnull budget;
    /// Whether its elements may be objects: functions are none.
    bool holds_objects;
} wasm_table;

/// A global's cell: two slots, so that a vector fits.
typedef struct wasm_global {
    uint64_t value[2];
} wasm_global;

/// An exception tag: two are the same only if they are at the same address.
typedef struct wasm_tag {
    uint32_t type_id;
    /// Values that an exception of this tag carries.
    uint32_t value_slots;
} wasm_tag;

/// A thrown exception; an exnref is its address. An object like others, of a type that no module can name.
typedef struct wasm_exception {
    const wasm_type *_Nonnull type;
    const wasm_tag *_Nonnull tag;
    uint64_t values[];
} wasm_exception;

/// One catch clause of a function, with the part of its code that it guards. A function's clauses stand
/// innermost first, and in the order in which they are tried.
typedef struct wasm_clause {
    /// Guarded words, from `start` to before `end`, counted from the function's first.
    uint32_t start;
    uint32_t end;
    /// The word to go on from; for WASM_DELEGATE, the number of the clause to try next.
    uint32_t target;
    /// The tag's index, WASM_CATCH_ALL or WASM_DELEGATE.
    uint32_t tag;
    /// Where the values go; and, if it is wanted, the exception itself.
    uint16_t base_slot;
    uint16_t reference_slot;
    bool takes_reference;
} wasm_clause;

enum { WASM_CATCH_ALL = -1, WASM_DELEGATE = -2 };

/// A function as the interpreter calls it.
typedef struct wasm_function {
    /// First instruction; for a function not yet translated, the instruction that asks for that.
    const uint64_t *_Nullable code;
    /// Slots from the frame's start that the function may touch, the headers of its calls' frames with them.
    uint32_t frame_slots;
    /// Where the three words of the frame header lie: after the parameters or results, whichever are more.
    uint16_t header_slot;
    uint16_t parameter_slots;
    /// Slots after the header that start as zero: the declared locals.
    uint32_t zeroed_slots;
    /// Equal for equal types, over all modules of a process.
    uint32_t type_id;
    /// The function's index in its module.
    uint32_t index;
    uint16_t result_slots;
    uint32_t clause_count;
    const wasm_clause *_Nullable clauses;
    /// The instance whose memories, tables and globals the code means; for a host function, of no meaning.
    struct wasm_instance *_Nullable instance;
    /// Set for host functions only.
    wasm_host_call _Nullable host;
    /// For the host function's own use.
    void *_Nullable host_data;
} wasm_function;

/// One instance. Its own globals lie behind it.
typedef struct wasm_instance {
    /// Memory 0's base, or any readable address where there is none.
    uint8_t *_Nullable memory_base;
    wasm_memory *_Nullable *_Nullable memories;
    wasm_table *_Nullable *_Nullable tables;
    wasm_global *_Nullable *_Nullable globals;
    wasm_function *_Nullable *_Nullable functions;
    wasm_tag *_Nullable *_Nullable tags;
    /// Data segments as bytes and lengths; a dropped one has length 0.
    const uint8_t *_Nullable *_Nullable data;
    uint64_t *_Nullable data_sizes;
    /// Element segments as references; a dropped one has length 0.
    uint64_t *_Nullable *_Nullable elements;
    uint64_t *_Nullable element_sizes;
    /// The Swift object that this belongs to.
    void *_Nullable owner;
    /// For whoever looks through all references: the lengths of three lists, and the store's next instance.
    uint32_t global_count;
    uint32_t table_count;
    uint32_t element_count;
    struct wasm_instance *_Nullable next;
} wasm_instance;

/// What one thread of execution needs: its stack of frames and where to say why it ended.
typedef struct wasm_context {
    uint64_t *_Nonnull stack;
    uint64_t *_Nonnull stack_end;
    /// Translates `function` and sets its code and frame; called once for each function, on its first call.
    wasm_status (*_Nonnull translate)(struct wasm_context *_Nonnull context, wasm_function *_Nonnull function);
    void *_Nullable owner;
    /// First free slot: where a call from the host puts its frame.
    uint64_t *_Nonnull top;
    /// Filled in when a call ends in a trap: the instruction, and the frame it ran in.
    const uint64_t *_Nullable trap_code;
    uint64_t *_Nullable trap_frame;
    /// Whether that instruction is where a call would have returned to: a host's, or one that found no stack.
    bool trap_is_return;
    uint32_t exit_code;
    /// Nested calls from host to guest, for the bound on native stack.
    uint32_t depth;
    /// The instance whose code called the host function that runs, also where that was a tail call; null for the host itself.
    const wasm_instance *_Nullable caller;
    /// The innermost place that a fault in guest memory jumps to.
    void *_Nullable fault_target;
    /// The function whose code holds a word, or null.
    const wasm_function *_Nullable (*_Nonnull find)(
        const struct wasm_context *_Nonnull context, const uint64_t *_Nonnull code);
    /// All instances of the store.
    wasm_instance *_Nullable instances;
    /// The store's types by number.
    const wasm_type *_Nonnull const *_Nullable types;
    wasm_heap heap;
} wasm_context;

#endif
