#include "CFuzzDriver.h"

typedef int (*callback)(const uint8_t *bytes, size_t count);

/// Of libFuzzer; in other builds its address is null.
__attribute__((weak)) int LLVMFuzzerRunDriver(int *argc, char ***argv, callback callback);

static void (*body)(const uint8_t *bytes, size_t count);

static int call(const uint8_t *bytes, size_t count) {
    body(bytes, count);
    return 0;
}

int CFuzzDriver_is_there(void) { return LLVMFuzzerRunDriver != NULL; }

int CFuzzDriver_run(int argc, char **argv, void (*try_one)(const uint8_t *bytes, size_t count)) {
    body = try_one;
    return LLVMFuzzerRunDriver == NULL ? 1 : LLVMFuzzerRunDriver(&argc, &argv, call);
}

/// Of libFuzzer: changes bytes in place, and gives their new number.
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *bytes, size_t count, size_t limit);

static CFuzzDriver_mutator mutator;

void CFuzzDriver_set_mutator(CFuzzDriver_mutator wanted) { mutator = wanted; }

size_t CFuzzDriver_change(uint8_t *bytes, size_t count, size_t limit) {
    return LLVMFuzzerMutate == NULL ? count : LLVMFuzzerMutate(bytes, count, limit);
}

/// What libFuzzer calls, if it is there, in the place of its own.
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count, size_t limit, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t count, size_t limit, unsigned seed) {
    return mutator == NULL ? CFuzzDriver_change(bytes, count, limit) : mutator(bytes, count, limit, seed);
}
