#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

int CLinux_has_clone3(void) {
    // A structure of no size is refused before anything is read from it.
    return syscall(SYS_clone3, NULL, 0) == -1 && errno != ENOSYS;
}

int CLinux_has_pidfd(void) {
    long descriptor = syscall(SYS_pidfd_open, getpid(), 0);
    if (descriptor < 0) return errno != ENOSYS;
    close((int)descriptor);
    return 1;
}

int CLinux_has_seccomp(void) {
    unsigned action = SECCOMP_RET_ERRNO;
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int CLinux_landlock_version(void) {
    // LANDLOCK_CREATE_RULESET_VERSION
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1U);
    return version < 0 ? 0 : (int)version;
}
