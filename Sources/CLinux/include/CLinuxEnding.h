#ifndef CLINUX_ENDING_H
#define CLINUX_ENDING_H

#include <stdint.h>

/// Ending a guest by a signal, at a safe point: between two of its calls to the host, or when such a call is done.

/// From now on, each signal whose default is to end a process ends this one with exit code 128 + its number: at once while
/// no call to the host is under way, and otherwise when that is done or would wait. Signals that the host uses for itself
/// (PIPE, XFSZ), that say that this program is broken (SEGV, BUS, ILL, FPE, TRAP), and KILL stay as they are.
int CLinux_end_by_signals(int exit_code_of_requests);

/// Whether a call to the host is under way in this thread, and which signal is to end the process when it is done. Signals
/// are the first thread's (CLinux_start_thread): calls of the others are not waited for.
extern _Thread_local volatile int32_t CLinux_host_calls;
extern volatile int32_t CLinux_pending_signal;

/// A call to the host begins.
static inline void CLinux_begin_host_call(void) { CLinux_host_calls = 1; }

/// Ends the process when a signal has asked for that; to be called when a system call was interrupted.
void CLinux_end_if_asked(void);

/// A call to the host is done. Ends the process when a signal has asked for that meanwhile.
static inline void CLinux_end_host_call(void) {
    CLinux_host_calls = 0;
    if (CLinux_pending_signal != 0) CLinux_end_if_asked();
}

#endif
