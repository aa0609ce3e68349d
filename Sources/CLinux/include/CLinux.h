#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <poll.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "CLinuxClone.h"
#include "CLinuxControlGroup.h"
#include "CLinuxEnding.h"
#include "CLinuxEvent.h"
#include "CLinuxKernel.h"
#include "CLinuxSandbox.h"
#include "CLinuxTerminal.h"
#include "CLinuxThread.h"

/// System calls that Swift cannot make: no C library wrapper, or a variadic one.
/// All follow the C convention: -1 and errno on failure.

/// openat2(2) with a resolve mask (RESOLVE_* bits, given below).
int CLinux_openat2(int directory, const char *_Nonnull path, uint64_t flags, uint64_t mode, uint64_t resolve);

enum {
    CLINUX_RESOLVE_NO_MAGICLINKS = 0x02,
    CLINUX_RESOLVE_NO_SYMLINKS = 0x04,
    CLINUX_RESOLVE_BENEATH = 0x08,
    CLINUX_RESOLVE_IN_ROOT = 0x10,
};

/// open(2), with its variadic mode made plain. O_CLOEXEC is added.
int CLinux_open(const char *_Nonnull path, int flags, mode_t mode);

enum {
    /// open(2)'s O_PATH, which Swift does not see.
    CLINUX_O_PATH = 010000000,
};

/// openat(2), with its variadic mode made plain. O_CLOEXEC is added.
int CLinux_openat(int directory, const char *_Nonnull path, int flags, mode_t mode);

/// fcntl(2) with an integer argument.
int CLinux_fcntl(int descriptor, int command, int argument);

/// pipe2(2) with O_CLOEXEC.
int CLinux_pipe(int *_Nonnull ends);

/// memfd_create(2); MFD_CLOEXEC is given, and MFD_ALLOW_SEALING.
int CLinux_memfd(const char *_Nonnull name);

/// memfd_create(2) of a file with so many bytes, all zero; MFD_CLOEXEC is given.
int CLinux_memfd_of_size(const char *_Nonnull name, long size);

/// Seals a memfd against writing, growing, shrinking and further sealing.
int CLinux_seal(int descriptor);

/// prctl(PR_SET_PDEATHSIG, signal).
int CLinux_set_parent_death_signal(int signal);

/// getdents64(2).
ssize_t CLinux_getdents64(int directory, void *_Nonnull buffer, size_t size);

/// Flags and values whose names the C library gives only to programs that ask for all of Linux.
enum {
    CLINUX_UTIME_NOW = (1 << 30) - 1,
    CLINUX_UTIME_OMIT = (1 << 30) - 2,
};

/// utimensat(2) on an open descriptor, also one that is O_PATH or names a symbolic link (Linux 5.8).
int CLinux_set_times(int descriptor, struct timespec access, struct timespec modification);

/// fallocate(2), mode 0.
int CLinux_fallocate(int descriptor, off_t offset, off_t length);

/// accept4(2) without an address; SOCK_CLOEXEC is added.
int CLinux_accept(int socket, int flags);

/// ppoll(2) with the signal mask as it is; waits for ever when `timeout` is null.
int CLinux_poll(struct pollfd *_Nullable entries, nfds_t count, const struct timespec *_Nullable timeout);

/// getrandom(2), flags 0: at most 32 MiB - 1 at once.
ssize_t CLinux_random(void *_Nonnull buffer, size_t size);

/// ioctl(2) FIONREAD: how many bytes can be read now; -1 where that is not known.
int CLinux_readable_bytes(int descriptor);

/// The calling thread's errno, and a way to set it: Swift's import of the macro is not available to all.
int CLinux_errno(void);

/// close_range(2): marks every open descriptor from `first` on close-on-exec.
int CLinux_close_on_exec_from(unsigned first);

/// How a child process begins.
struct CLinux_spawn_plan {
    /// The program's path; no search.
    const char *_Nonnull path;
    /// NULL-terminated.
    char *_Nullable const *_Nonnull arguments;
    /// NULL-terminated.
    char *_Nullable const *_Nonnull environment;
    /// Pairs, in order: our descriptor, the number it gets in the child. Equal numbers keep it open there.
    const int *_Nullable descriptors;
    size_t descriptor_pairs;
    /// Signals that are not blocked in the child, whatever is blocked here.
    const int *_Nullable unblocked;
    size_t unblocked_count;
    /// Whether the child leads a session of its own, without a terminal.
    int new_session;
};

/// posix_spawn(3) as `plan` says; the child's process id, or -1 and errno.
int CLinux_spawn(const struct CLinux_spawn_plan *_Nonnull plan);

/// Blocks the given signals in the calling thread.
int CLinux_block(const int *_Nonnull signals, size_t count);

/// Gives a signal its default action and unblocks it.
int CLinux_restore_default(int signal);

/// Keeps this process from writing a core file.
int CLinux_forbid_core_file(void);

/// Ignores every signal that can be ignored.
void CLinux_ignore_all_signals(void);

/// Waits for one of the given, blocked signals; its number, or -1 and errno. `from_kernel` says whether the kernel sent
/// it by itself (a terminal's Ctrl-C) and not a process.
int CLinux_wait_for_signal(const int *_Nonnull signals, size_t count, int *_Nonnull from_kernel);

#endif
