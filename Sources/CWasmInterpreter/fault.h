#ifndef WASM_FAULT_H
#define WASM_FAULT_H

#include <setjmp.h>

#include "wasm_runtime.h"

/// Where a fault in guest memory goes: the wasm_call that is running, and how it ends.
struct fault_target {
    struct fault_target *outer;
    volatile wasm_status status;
    sigjmp_buf jump;
};

/// The context that runs on this thread; null while none does.
extern _Thread_local wasm_context *wasm_running;

static inline struct fault_target *fault_target(const wasm_context *context) {
    return (struct fault_target *)context->fault_target;
}

#endif
