#ifndef WASM_PROFILE_H
#define WASM_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

/// A profile by sampling: which guest functions the processor's time went to, as a tree of calls in a file in
/// memory, so that whoever started the guest reads it however that ended. All of it zero is an empty profile.

/// What stands for a function's index in a node that is none.
enum {
    /// The engine's own work: the collector, long copies, what could not be told.
    WASM_PROFILE_ENGINE = 0xFFFFFFFF,
    /// Calls between the outermost and those listed.
    WASM_PROFILE_OMITTED = 0xFFFFFFFE,
    /// Translation of functions on their first call.
    WASM_PROFILE_TRANSLATION = 0xFFFFFFFD,
};

/// One function, as called by its parent. Nodes are named by their number; 0 is the root, which is no function, and
/// stands for none.
typedef struct wasm_profile_node {
    uint32_t parent;
    uint32_t first_child;
    uint32_t next_sibling;
    /// The function's index in the module, imported ones too.
    uint32_t function;
    /// Samples that were taken in the function itself.
    uint32_t samples;
} wasm_profile_node;

/// The file's contents.
typedef struct wasm_profile {
    /// Nodes in use but for the root, and the most there may be.
    uint32_t count;
    uint32_t capacity;
    /// Microseconds between two samples, as asked for: the kernel may take longer ones.
    uint32_t interval;
    uint32_t samples;
    wasm_profile_node nodes[];
} wasm_profile;

/// Maps the file, whose size says how many nodes there may be, and samples this process from now on. -1 and errno on
/// failure. To be called once.
int wasm_profile_start(int descriptor, uint32_t interval);

/// While held, samples do not look at the code: it is being changed.
void wasm_profile_hold(bool is_held);

/// The imported function that runs from now on, or -1 for none.
void wasm_profile_host(int32_t function);

#endif
