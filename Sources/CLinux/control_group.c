#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

int CLinux_event_counter(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

uint64_t CLinux_take_event_count(int counter) {
    uint64_t count = 0;
    return read(counter, &count, sizeof count) == (ssize_t)sizeof count ? count : 0;
}

int CLinux_watch_file(const char *path) {
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch < 0) return -1;
    if (inotify_add_watch(watch, path, IN_MODIFY) >= 0) return watch;
    int code = errno;
    close(watch);
    errno = code;
    return -1;
}

void CLinux_discard_changes(int watch) {
    char buffer[4096];
    while (read(watch, buffer, sizeof buffer) > 0) {}
}

int64_t CLinux_ticks_per_second(void) { return sysconf(_SC_CLK_TCK); }
