/// Profiling by sampling: a timer's signal looks at what the interpreter is doing.

#define _GNU_SOURCE
#include "wasm_profile.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "fault.h"
#include "registers.h"
#include "wasm_interpreter.h"

/// Calls of one sample that are told apart: the innermost ones.
enum { LISTED_CALLS = 1024 };

static wasm_profile *profile;
/// What this thread does beside the guest's own code; a sample is taken on the thread that it is of.
static _Thread_local volatile sig_atomic_t held;
static _Thread_local volatile int32_t host_function = -1;
/// Taken by the thread that adds a sample.
static uint8_t is_adding;

void wasm_profile_hold(bool is_held) { held = is_held; }

void wasm_profile_host(int32_t function) { host_function = function; }

/// A sample's functions, innermost first.
struct calls {
    uint32_t functions[LISTED_CALLS];
    uint32_t count;
};

static bool is_frame(const wasm_context *context, const uint64_t *frame) {
    return frame >= context->stack && frame + 3 <= context->stack_end && (uintptr_t)frame % 8 == 0;
}

/// Lists the functions that run, from an instruction and its frame. Nothing is believed: in the middle of a call the
/// two may not belong together, and other code may have anything in these registers. False if they are no frames.
static bool list_calls(const wasm_context *context, const uint64_t *pc, const uint64_t *frame, struct calls *calls) {
    while (true) {
        if (!is_frame(context, frame) || (uintptr_t)pc % 8 != 0) return false;
        const wasm_function *function = context->find(context, pc);
        if (!function) return false;
        const uint64_t *header = frame + function->header_slot;
        if (!is_frame(context, header)) return false;
        if (calls->count == LISTED_CALLS) {
            calls->functions[LISTED_CALLS - 1] = WASM_PROFILE_OMITTED;
            return true;
        }
        calls->functions[calls->count++] = function->index;
        const uint64_t *caller = (const uint64_t *)header[1];
        // The outermost frame names itself (wasm_call).
        if (caller == frame) return true;
        if (caller > frame) return false;
        pc = (const uint64_t *)header[0] - 1;
        frame = caller;
    }
}

/// The node of a function that `parent` called; the parent itself where there is no room for another.
static uint32_t child(uint32_t parent, uint32_t function) {
    uint32_t *last = &profile->nodes[parent].first_child;
    while (*last) {
        if (profile->nodes[*last].function == function) return *last;
        last = &profile->nodes[*last].next_sibling;
    }
    if (profile->count + 1 >= profile->capacity) return parent;
    uint32_t new = profile->count + 1;
    profile->nodes[new].parent = parent;
    profile->nodes[new].function = function;
    profile->count = new;
    *last = new;
    return new;
}

static void sample(const ucontext_t *machine) {
    static struct calls calls;
    const wasm_context *context = wasm_running;
    struct interpreter_registers state = registers(machine);
    int32_t host = host_function;
    bool is_guest = state.at >= (uintptr_t)__start_wasm_handlers && state.at < (uintptr_t)__stop_wasm_handlers;
    calls.count = 0;
    // What runs beside the guest's own code stands above the function that asked for it.
    if (held) calls.functions[calls.count++] = WASM_PROFILE_TRANSLATION;
    else if (host >= 0) calls.functions[calls.count++] = (uint32_t)host;
    else if (!is_guest) calls.functions[calls.count++] = WASM_PROFILE_ENGINE;
    uint32_t above = calls.count;
    if (held) {
        // Where it is called from cannot be looked up now.
    } else if (host >= 0 && context) {
        // A host's frame ends with its header, behind which the next would begin (op_enter_any).
        const uint64_t *header = context->top - 3;
        if (!is_frame(context, header) ||
            !list_calls(context, (const uint64_t *)header[0] - 1, (const uint64_t *)header[1], &calls))
            calls.count = above;
    } else if (context && !list_calls(context, state.pc, state.sp, &calls)) {
        calls.count = above;
    }
    if (calls.count == 0) calls.functions[calls.count++] = WASM_PROFILE_ENGINE;
    uint32_t node = 0;
    for (uint32_t i = calls.count; i > 0; i--) node = child(node, calls.functions[i - 1]);
    profile->nodes[node].samples++;
    profile->samples++;
}

static void on_tick(int number, siginfo_t *info, void *machine) {
    (void)number, (void)info;
    int error = errno;
    if (!__atomic_test_and_set(&is_adding, __ATOMIC_ACQUIRE)) {
        sample(machine);
        __atomic_clear(&is_adding, __ATOMIC_RELEASE);
    }
    errno = error;
}

int wasm_profile_start(int descriptor, uint32_t interval) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return -1;
    if ((size_t)status.st_size < sizeof(wasm_profile) + 2 * sizeof(wasm_profile_node)) {
        errno = EINVAL;
        return -1;
    }
    void *mapping = mmap((void *)0, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (mapping == MAP_FAILED) return -1;
    profile = mapping;
    profile->capacity = (uint32_t)(((size_t)status.st_size - sizeof(wasm_profile)) / sizeof(wasm_profile_node));
    profile->interval = interval;
    // Calls that a signal interrupts go on: the timer runs only while the processor does, so few are.
    struct sigaction action = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGPROF, &action, (void *)0) != 0) return -1;
    struct timeval period = {.tv_sec = 0, .tv_usec = (suseconds_t)interval};
    struct itimerval timer = {.it_interval = period, .it_value = period};
    return setitimer(ITIMER_PROF, &timer, (void *)0);
}
