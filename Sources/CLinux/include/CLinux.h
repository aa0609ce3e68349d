#ifndef CLINUX_H
#define CLINUX_H

#include <stdint.h>
#include <sys/types.h>

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

/// openat(2), with its variadic mode made plain. O_CLOEXEC is added.
int CLinux_openat(int directory, const char *_Nonnull path, int flags, mode_t mode);

/// fcntl(2) with an integer argument.
int CLinux_fcntl(int descriptor, int command, int argument);

/// memfd_create(2); MFD_CLOEXEC is given, and MFD_ALLOW_SEALING.
int CLinux_memfd(const char *_Nonnull name);

/// Seals a memfd against writing, growing, shrinking and further sealing.
int CLinux_seal(int descriptor);

/// prctl(PR_SET_PDEATHSIG, signal).
int CLinux_set_parent_death_signal(int signal);

/// The calling thread's errno, and a way to set it: Swift's import of the macro is not available to all.
int CLinux_errno(void);

#endif
