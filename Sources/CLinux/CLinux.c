#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/openat2.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int CLinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int CLinux_open(const char *path, int flags, mode_t mode) { return open(path, flags | O_CLOEXEC, mode); }

int CLinux_openat(int directory, const char *path, int flags, mode_t mode) {
    return openat(directory, path, flags | O_CLOEXEC, mode);
}

int CLinux_fcntl(int descriptor, int command, int argument) { return fcntl(descriptor, command, argument); }

int CLinux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }

int CLinux_memfd(const char *name) { return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING); }

int CLinux_memfd_of_size(const char *name, long size) {
    int descriptor = memfd_create(name, MFD_CLOEXEC);
    if (descriptor < 0 || ftruncate(descriptor, size) == 0) return descriptor;
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

int CLinux_seal(int descriptor) {
    return fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

int CLinux_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

ssize_t CLinux_getdents64(int directory, void *buffer, size_t size) {
    return (ssize_t)syscall(SYS_getdents64, directory, buffer, size);
}

_Static_assert(CLINUX_O_PATH == O_PATH, "the kernel's");
_Static_assert(CLINUX_UTIME_NOW == UTIME_NOW && CLINUX_UTIME_OMIT == UTIME_OMIT, "the kernel's");

int CLinux_set_times(int descriptor, struct timespec access, struct timespec modification) {
    const struct timespec times[2] = {access, modification};
    return utimensat(descriptor, "", times, AT_EMPTY_PATH);
}

int CLinux_fallocate(int descriptor, off_t offset, off_t length) { return fallocate(descriptor, 0, offset, length); }

int CLinux_accept(int socket, int flags) { return accept4(socket, NULL, NULL, flags | SOCK_CLOEXEC); }

int CLinux_poll(struct pollfd *entries, nfds_t count, const struct timespec *timeout) {
    return ppoll(entries, count, timeout, NULL);
}

ssize_t CLinux_random(void *buffer, size_t size) { return getrandom(buffer, size, 0); }

int CLinux_readable_bytes(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

int CLinux_errno(void) { return errno; }

int CLinux_close_on_exec_from(unsigned first) {
    return (int)syscall(SYS_close_range, first, ~0U, (unsigned)CLOSE_RANGE_CLOEXEC);
}

static int fill(sigset_t *set, const int *signals, size_t count) {
    if (sigemptyset(set) != 0) return -1;
    for (size_t index = 0; index < count; index++)
        if (sigaddset(set, signals[index]) != 0) return -1;
    return 0;
}

/// The child's signal mask: ours without the signals that the plan unblocks.
static int child_mask(sigset_t *mask, const struct CLinux_spawn_plan *plan) {
    if (sigprocmask(SIG_SETMASK, NULL, mask) != 0) return -1;
    for (size_t index = 0; index < plan->unblocked_count; index++)
        if (sigdelset(mask, plan->unblocked[index]) != 0) return -1;
    return 0;
}

int CLinux_spawn(const struct CLinux_spawn_plan *plan) {
    sigset_t mask;
    if (child_mask(&mask, plan) != 0) return -1;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        errno = code;
        return -1;
    }
    code = posix_spawn_file_actions_init(&actions);
    if (code == 0) {
        short flags = POSIX_SPAWN_SETSIGMASK;
        if (plan->new_session) flags |= POSIX_SPAWN_SETSID;
        code = posix_spawnattr_setflags(&attributes, flags);
        if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &mask);
        for (size_t pair = 0; code == 0 && pair < plan->descriptor_pairs; pair++)
            code = posix_spawn_file_actions_adddup2(
                &actions, plan->descriptors[2 * pair], plan->descriptors[2 * pair + 1]);
        pid_t child = -1;
        if (code == 0)
            code = posix_spawn(&child, plan->path, &actions, &attributes, plan->arguments, plan->environment);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
        if (code == 0) return child;
    } else {
        posix_spawnattr_destroy(&attributes);
    }
    errno = code;
    return -1;
}

int CLinux_block(const int *signals, size_t count) {
    sigset_t set;
    if (fill(&set, signals, count) != 0) return -1;
    return sigprocmask(SIG_BLOCK, &set, NULL);
}

int CLinux_restore_default(int number) {
    sigset_t set;
    if (signal(number, SIG_DFL) == SIG_ERR || fill(&set, &number, 1) != 0) return -1;
    return sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int CLinux_forbid_core_file(void) {
    const struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

void CLinux_ignore_all_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
}

int CLinux_wait_for_signal(const int *signals, size_t count, int *from_kernel) {
    sigset_t set;
    siginfo_t information;
    if (fill(&set, signals, count) != 0) return -1;
    int number = sigwaitinfo(&set, &information);
    *from_kernel = number > 0 && information.si_code == SI_KERNEL;
    return number;
}
