#ifndef CFUZZDRIVER_H
#define CFUZZDRIVER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer, in a build made with it (-sanitize=fuzzer).

/// Whether it is there.
int CFuzzDriver_is_there(void);

/// Runs it over `try_one`; what main should give back.
int CFuzzDriver_run(int argc, char *_Nullable *_Nonnull argv, void (*_Nonnull try_one)(const uint8_t *_Nullable bytes, size_t count));

/// Changes `count` bytes in place, which may become `limit`, and gives their new number; the same way for the same seed.
typedef size_t (*CFuzzDriver_mutator)(uint8_t *_Nonnull bytes, size_t count, size_t limit, unsigned seed);

/// Has inputs changed by `wanted`, and not by libFuzzer's own way.
void CFuzzDriver_set_mutator(CFuzzDriver_mutator _Nullable wanted);

/// That own way, for a mutator to use; nothing changes where libFuzzer is not.
size_t CFuzzDriver_change(uint8_t *_Nonnull bytes, size_t count, size_t limit);

#endif
