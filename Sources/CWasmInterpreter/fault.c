/// Faults in linear memories: what the guard regions catch becomes a trap.

#define _GNU_SOURCE
#include "fault.h"

#include <signal.h>
#include <ucontext.h>

#include "wasm_interpreter.h"

/// The bounds of the handlers' section, as the linker gives them.
extern const char __start_wasm_handlers[], __stop_wasm_handlers[];

/// What the interpreter has in registers at the fault: its instruction, frame and context.
struct interpreter_registers {
    uintptr_t at;
    const uint64_t *pc;
    uint64_t *sp;
};

/// The calling convention's first two arguments stay in their registers while a load or store runs: those
/// handlers call nothing.
static struct interpreter_registers registers(const ucontext_t *context) {
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

_Thread_local wasm_context *wasm_running;

static struct sigaction former;

static void on_fault(int number, siginfo_t *info, void *context) {
    struct interpreter_registers state = registers(context);
    wasm_context *ctx = wasm_running;
    if (ctx && ctx->fault_target && state.at >= (uintptr_t)__start_wasm_handlers &&
        state.at < (uintptr_t)__stop_wasm_handlers) {
        struct fault_target *target = fault_target(ctx);
        ctx->trap_code = state.pc;
        ctx->trap_frame = state.sp;
        target->status = WASM_TRAP_OUT_OF_BOUNDS_MEMORY;
        siglongjmp(target->jump, 1);
    }
    // Not ours: a bug of the program itself. Let it be seen as what it is.
    (void)info;
    sigaction(number, &former, (void *)0);
}

int wasm_install_fault_handler(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGBUS, &action, (void *)0) != 0) return -1;
    return sigaction(SIGSEGV, &action, &former);
}
