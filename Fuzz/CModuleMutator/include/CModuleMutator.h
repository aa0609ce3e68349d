#ifndef CMODULEMUTATOR_H
#define CMODULEMUTATOR_H

#include <stddef.h>
#include <stdint.h>

/// What libFuzzer calls to change an input: half of the time it changes one section of a module, or one function's body,
/// and sets the sizes that stand before it right.
size_t LLVMFuzzerCustomMutator(uint8_t *_Nonnull bytes, size_t count, size_t limit, unsigned seed);

#endif
