#ifndef CLINUX_KERNEL_H
#define CLINUX_KERNEL_H

/// What the running kernel can do, found out by asking it without doing anything.

/// Whether clone3(2) is there: 1 or 0.
int CLinux_has_clone3(void);

/// Whether pidfd_open(2) is there: 1 or 0.
int CLinux_has_pidfd(void);

/// Whether a seccomp(2) filter can be had: 1 or 0.
int CLinux_has_seccomp(void);

/// Which version of landlock(7) is there; 0 for none, also where it was not enabled at boot.
int CLinux_landlock_version(void);

#endif
