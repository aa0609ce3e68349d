#ifndef WASM_REGISTERS_H
#define WASM_REGISTERS_H

/// What the interpreter has in registers where a signal stopped it: its instruction and frame.

#include <stdint.h>
#include <ucontext.h>

/// The bounds of the handlers' section, as the linker gives them.
extern const char __start_wasm_handlers[], __stop_wasm_handlers[];

struct interpreter_registers {
    uintptr_t at;
    const uint64_t *pc;
    uint64_t *sp;
};

/// The calling convention's first two arguments stay in their registers while a load or store runs: those
/// handlers call nothing. Others may have something else there for a moment.
static inline struct interpreter_registers registers(const ucontext_t *context) {
    struct interpreter_registers found = {0};
#if defined(__x86_64__)
    const greg_t *general = context->uc_mcontext.gregs;
    found.at = (uintptr_t)general[REG_RIP];
    found.pc = (const uint64_t *)general[REG_R12];
    found.sp = (uint64_t *)general[REG_R13];
#elif defined(__aarch64__)
    found.at = (uintptr_t)context->uc_mcontext.pc;
    found.pc = (const uint64_t *)context->uc_mcontext.regs[20];
    found.sp = (uint64_t *)context->uc_mcontext.regs[21];
#else
#error "which registers hold the interpreter's first two arguments on this machine?"
#endif
    return found;
}

#endif
