/// Faults in linear memories: what the guard regions catch becomes a trap.

#define _GNU_SOURCE
#include "fault.h"

#include <pthread.h>
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

/// What was done about each signal before.
static struct sigaction former_segv, former_bus;

/// Whether an address lies in a linear memory of the context's store, guards included.
static bool is_in_memory(const wasm_context *context, uintptr_t address) {
    for (const wasm_instance *instance = context->instances; instance; instance = instance->next) {
        const wasm_memory *memory = instance->memories ? instance->memories[0] : (void *)0;
        if (memory && address - (uintptr_t)memory->base < memory->reserved) return true;
    }
    return false;
}

static void on_fault(int number, siginfo_t *info, void *context) {
    struct interpreter_registers state = registers(context);
    wasm_context *ctx = wasm_running;
    if (ctx && ctx->fault_target && state.at >= (uintptr_t)__start_wasm_handlers &&
        state.at < (uintptr_t)__stop_wasm_handlers && is_in_memory(ctx, (uintptr_t)info->si_addr)) {
        struct fault_target *target = fault_target(ctx);
        ctx->trap_code = state.pc;
        ctx->trap_frame = state.sp;
        ctx->trap_is_return = false;
        target->status = WASM_TRAP_OUT_OF_BOUNDS_MEMORY;
        siglongjmp(target->jump, 1);
    }
    // Not ours: a bug of the program itself. Let it be seen as what it is.
    sigaction(number, number == SIGBUS ? &former_bus : &former_segv, (void *)0);
}

static int install_result;

static void install(void) {
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    install_result = sigaction(SIGBUS, &action, &former_bus);
    if (install_result == 0) install_result = sigaction(SIGSEGV, &action, &former_segv);
}

int wasm_install_fault_handler(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    return install_result;
}
