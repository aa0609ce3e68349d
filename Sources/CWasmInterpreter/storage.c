/// Memories and tables that grow.

#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "wasm_interpreter.h"

static uint64_t grow(wasm_memory *memory, uint64_t pages) {
    // A multiple of every system's page; the mapping ends at one too.
    const uint64_t step = 65536;
    uint64_t former = memory->size >> memory->page_log2;
    if (pages > (memory->limit >> memory->page_log2) - former) return UINT64_MAX;
    if (pages == 0) return former;
    uint64_t size = memory->size + (pages << memory->page_log2);
    uint64_t start = (memory->size + step - 1) & ~(step - 1);
    uint64_t end = (size + step - 1) & ~(step - 1);
    if (end > start && mprotect(memory->base + start, end - start, PROT_READ | PROT_WRITE) != 0) return UINT64_MAX;
    __atomic_store_n(&memory->size, size, __ATOMIC_SEQ_CST);
    return former;
}

uint64_t wasm_memory_grow(wasm_memory *memory, uint64_t pages) {
    while (__atomic_exchange_n(&memory->lock, 1, __ATOMIC_ACQUIRE)) sched_yield();
    uint64_t former = grow(memory, pages);
    __atomic_store_n(&memory->lock, 0, __ATOMIC_RELEASE);
    return former;
}

uint64_t wasm_table_grow(wasm_table *table, uint64_t count, uint64_t value) {
    uint64_t former = table->size;
    if (count > table->limit - former || count > *table->budget) return UINT64_MAX;
    uint64_t size = former + count;
    // Null elements of a new table cost no memory until they are used.
    bool is_zero = !table->elements && value == 0;
    if (is_zero) {
        table->elements = calloc(size ? size : 1, sizeof *table->elements);
        if (!table->elements) return UINT64_MAX;
        table->capacity = size;
    } else if (size > table->capacity) {
        uint64_t capacity = size > table->capacity * 2 ? size : table->capacity * 2;
        uint64_t *elements = realloc(table->elements, capacity * sizeof *elements);
        if (!elements) return UINT64_MAX;
        table->elements = elements;
        table->capacity = capacity;
    }
    if (!is_zero)
        for (uint64_t i = former; i < size; i++) table->elements[i] = value;
    table->size = size;
    *table->budget -= count;
    return former;
}
