#ifndef CLINUX_THREAD_H
#define CLINUX_THREAD_H

#include <stddef.h>

/// Threads of a guest's.

/// Starts a thread that nobody waits for, with `stack` bytes of native stack. It takes no signals but those that it causes
/// itself: the others are the first thread's. The error's number, or 0.
int CLinux_start_thread(void *_Nullable (*_Nonnull body)(void *_Nullable argument), void *_Nullable argument, size_t stack);

#endif
