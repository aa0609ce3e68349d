/// Accesses that are compared with the size of their memory: part of interpreter.c, apart from what most programs run.

// ---- Any memory: word 2 says which. The end of the access is compared with the size, so that nothing wraps. ----

#define IN_ANY_MEMORY(address)                                                                                    \
    const wasm_memory *memory = inst->memories[pc[2]];                                                            \
    uint64_t end;                                                                                                 \
    if (__builtin_add_overflow((address) & memory->address_mask, (uint64_t)U32(1) + sizeof value, &end) ||        \
        end > wasm_memory_size(memory))                                                                           \
        TRAP(OUT_OF_BOUNDS_MEMORY);                                                                               \
    uint8_t *place = memory->base + (end - sizeof value)

#define WASM_LOAD(code, name, text, type, memory_type, log2)                                                      \
    LOAD(name, checked_s, type, memory_type, IN_ANY_MEMORY(sp[U16(1)]), 3)                                        \
    LOAD(name, checked_a, type, memory_type, IN_ANY_MEMORY(acc), 3)
#define WASM_STORE_INT(code, name, text, type, memory_type, log2)                                                 \
    STORES_INT(name##_checked, memory_type, IN_ANY_MEMORY, 3)
#define WASM_STORE_FLOAT(code, name, text, type, memory_type, log2)                                               \
    STORES_FLOAT(name##_checked, type, memory_type, IN_ANY_MEMORY, 3)

// ---- Atomic accesses: the address is checked already ----

#define ATOMIC(name, type, memory_type, body)                                                                     \
    INSTRUCTION(name##_r) {                                                                                       \
        memory_type *at = (memory_type *)acc, r;                                                                  \
        body;                                                                                                     \
        SET_ACC_##type(r);                                                                                        \
        NEXT(2);                                                                                                  \
    }                                                                                                             \
    INSTRUCTION(name##_s) {                                                                                       \
        memory_type *at = (memory_type *)acc, r;                                                                  \
        body;                                                                                                     \
        SET_ACC_##type(r);                                                                                        \
        SET_SLOT_##type(U16(0), r);                                                                               \
        NEXT(2);                                                                                                  \
    }

#define WASM_ATOMIC_LOAD(code, name, text, type, memory_type, log2)                                               \
    ATOMIC(name, type, memory_type, r = __atomic_load_n(at, __ATOMIC_SEQ_CST))
#define WASM_ATOMIC_STORE(code, name, text, type, memory_type, log2)                                              \
    INSTRUCTION(name) {                                                                                           \
        __atomic_store_n((memory_type *)acc, (memory_type)sp[U16(1)], __ATOMIC_SEQ_CST);                          \
        NEXT(2);                                                                                                  \
    }
#define WASM_ATOMIC_RMW(code, name, text, type, memory_type, log2, body)                                          \
    ATOMIC(name, type, memory_type, memory_type y = (memory_type)sp[U16(1)]; body)
/// What is expected is wrapped to the width of the access before it is compared (threads proposal, issue 195).
#define WASM_ATOMIC_CMPXCHG(code, name, text, type, memory_type, log2)                                            \
    ATOMIC(name, type, memory_type, r = (memory_type)sp[U16(1)];                                                  \
           __atomic_compare_exchange_n(at, &r, (memory_type)sp[U16(2)], 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
#define WASM_ATOMIC_WAIT(code, name, text, type, log2)                                                            \
    ATOMIC(name, i32, uint32_t, r = wasm_atomic_wait(at, (c_##type)sp[U16(1)], 1 << log2, (int64_t)sp[U16(2)]))
#define WASM_ATOMIC_NOTIFY(code, name, text, log2)                                                                \
    ATOMIC(name, i32, uint32_t, r = wasm_atomic_notify(at, (uint32_t)sp[U16(1)]))

#include "operations.def"

// ---- What is done before ----

/// Adds an offset of more than 32 bits to the 64-bit address in a slot.
INSTRUCTION(add_offset) {
    if (__builtin_add_overflow(sp[U16(0)], pc[2], &sp[U16(0)])) TRAP(OUT_OF_BOUNDS_MEMORY);
    NEXT(3);
}

/// Checks an atomic or vector access that the reservation alone does not bound, and leaves its place in the accumulator.
/// Field 0: its bytes, with WASM_ALIGNED; 32 bits: the memory; word 2: the offset.
#define MEMORY_ADDRESS(name, operand)                                                                             \
    INSTRUCTION(name) {                                                                                           \
        const wasm_memory *memory = inst->memories[U32(1)];                                                       \
        uint64_t address, width = (uint8_t)U16(0), size = wasm_memory_size(memory);                               \
        bool wraps = __builtin_add_overflow((uint64_t)(operand), pc[2], &address);                                \
        if ((U16(0) & WASM_ALIGNED) && (address & (width - 1))) TRAP(UNALIGNED_ATOMIC);                           \
        if (wraps || beyond(address, width, size)) TRAP(OUT_OF_BOUNDS_MEMORY);                                    \
        acc = (uint64_t)(memory->base + address);                                                                 \
        NEXT(3);                                                                                                  \
    }
MEMORY_ADDRESS(memory_address_s, (uint32_t)sp[U16(1)])
MEMORY_ADDRESS(memory_address_a, (uint32_t)acc)
MEMORY_ADDRESS(memory_address64_s, sp[U16(1)])
MEMORY_ADDRESS(memory_address64_a, acc)

INSTRUCTION(atomic_fence) {
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    NEXT(1);
}

/// Waiting at a place that no other thread can reach.
INSTRUCTION(unshared_wait) { TRAP(UNSHARED_WAIT); }
