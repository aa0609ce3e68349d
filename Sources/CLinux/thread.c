#define _GNU_SOURCE
#include "CLinuxThread.h"

#include <pthread.h>
#include <signal.h>

int CLinux_start_thread(void *(*body)(void *argument), void *argument, size_t stack) {
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    sigset_t blocked, former;
    sigfillset(&blocked);
    static const int own[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS};
    for (size_t index = 0; index < sizeof own / sizeof own[0]; index++) sigdelset(&blocked, own[index]);
    error = pthread_attr_setstacksize(&attributes, stack);
    if (error == 0) error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (error == 0) error = pthread_sigmask(SIG_SETMASK, &blocked, &former);
    if (error == 0) {
        // The mask is handed on to the new thread.
        pthread_t thread;
        error = pthread_create(&thread, &attributes, body, argument);
        pthread_sigmask(SIG_SETMASK, &former, NULL);
    }
    pthread_attr_destroy(&attributes);
    return error;
}
