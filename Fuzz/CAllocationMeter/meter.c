#include "CAllocationMeter.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

// The C library's own allocator, under the names that it keeps for those who put something before it.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *place, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *place);

static _Thread_local long long current, peak;

static void *counted(void *place) {
    if (place != NULL) current += (long long)malloc_usable_size(place);
    if (current > peak) peak = current;
    return place;
}

void CAllocationMeter_start(void) { current = peak = 0; }

size_t CAllocationMeter_peak(void) { return (size_t)peak; }

void *malloc(size_t size) { return counted(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }

void *realloc(void *place, size_t size) {
    long long before = place == NULL ? 0 : (long long)malloc_usable_size(place);
    void *moved = __libc_realloc(place, size);
    if (moved == NULL && size != 0) return NULL;
    current -= before;
    return counted(moved);
}

int posix_memalign(void **place, size_t alignment, size_t size) {
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *place = counted(memory);
    return 0;
}

void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }

void free(void *place) {
    if (place != NULL) current -= (long long)malloc_usable_size(place);
    __libc_free(place);
}
