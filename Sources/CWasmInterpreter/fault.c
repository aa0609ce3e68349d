/// Faults in linear memories: what the guard regions catch becomes a trap.

#define _GNU_SOURCE
#include "fault.h"

#include <pthread.h>
#include <signal.h>

#include "registers.h"
#include "wasm_interpreter.h"

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
