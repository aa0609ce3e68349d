#define _GNU_SOURCE
#include "CLinuxEnding.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

_Thread_local volatile int32_t CLinux_host_calls;
volatile int32_t CLinux_pending_signal;

/// The exit code of TERM and INT, where they mean an ordinary end; -1 where they end like the others.
static int requested_code = -1;

static void end_by(int number) {
    _exit((number == SIGTERM || number == SIGINT) && requested_code >= 0 ? requested_code : 128 + number);
}

/// A call to the host may be about to wait: then only a later signal interrupts it. So the timer sends one again and
/// again until the call is done.
static void on_signal(int number) {
    int code = errno;
    if (CLinux_host_calls == 0) end_by(CLinux_pending_signal != 0 ? CLinux_pending_signal : number);
    if (CLinux_pending_signal == 0) {
        CLinux_pending_signal = number;
        const struct itimerval often = {.it_interval.tv_usec = 2000, .it_value.tv_usec = 500};
        setitimer(ITIMER_REAL, &often, NULL);
    }
    errno = code;
}

void CLinux_end_if_asked(void) {
    if (CLinux_pending_signal != 0) end_by(CLinux_pending_signal);
}

int CLinux_end_by_signals(int exit_code_of_requests) {
    static const int numbers[] = {
        SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGSTKFLT,
        SIGXCPU, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS,
    };
    requested_code = exit_code_of_requests;
    // No SA_RESTART: a call that waits is to be interrupted.
    struct sigaction action = {.sa_handler = on_signal};
    sigfillset(&action.sa_mask);
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++)
        if (sigaction(numbers[index], &action, NULL) != 0) return -1;
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
        if (sigaction(number, &action, NULL) != 0) return -1;
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, NULL);
}
