#ifndef CFUZZDRIVER_H
#define CFUZZDRIVER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer, in a build made with it (-sanitize=fuzzer).

/// Whether it is there.
int CFuzzDriver_is_there(void);

/// Runs it over `try_one`; what main should give back.
int CFuzzDriver_run(int argc, char *_Nullable *_Nonnull argv, void (*_Nonnull try_one)(const uint8_t *_Nullable bytes, size_t count));

#endif
