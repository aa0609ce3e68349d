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
