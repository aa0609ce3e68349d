#ifndef CLINUX_SANDBOX_H
#define CLINUX_SANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a process does to shut itself into a box. All follow the C convention: -1 and errno on failure.

enum {
    CLINUX_NEW_MOUNTS = 0x00020000,
    CLINUX_NEW_CONTROL_GROUPS = 0x02000000,
    CLINUX_NEW_NAMES = 0x04000000,
    CLINUX_NEW_IPC = 0x08000000,
    CLINUX_NEW_USERS = 0x10000000,
    CLINUX_NEW_PIDS = 0x20000000,
    CLINUX_NEW_NETWORK = 0x40000000,
};

/// unshare(2) with CLONE_NEW… flags.
int CLinux_unshare(uint32_t flags);

/// setns(2).
int CLinux_join(int descriptor, uint32_t kind);

/// setsid(2); success also where the process leads a session already.
int CLinux_lead_session(void);

/// ioctl(2) TIOCSCTTY: a terminal becomes that of our session.
int CLinux_take_terminal(int descriptor);

/// sethostname(2) and setdomainname(2).
int CLinux_set_hostname(const char *_Nonnull name);
int CLinux_set_domainname(const char *_Nonnull name);

/// Sets the network namespace's loopback interface up.
int CLinux_loopback_up(void);

/// mount(2) with `"none"` on `/`: what is mounted from here on, and what others mount, stays apart.
int CLinux_make_mounts_private(void);

/// mount(2).
int CLinux_mount(
    const char *_Nonnull source, const char *_Nonnull target, const char *_Nonnull type, uint64_t flags,
    const char *_Nonnull data);

/// open_tree(2) with OPEN_TREE_CLONE: a copy of a mount that is mounted nowhere yet.
int CLinux_copy_mount(const char *_Nonnull path, int with_those_below);

/// The same of what is open already.
int CLinux_copy_open_mount(int place, int with_those_below);

/// mount_setattr(2) of a mount: MS_… flags of mount(2) that concern a single mount are set; none is taken away.
int CLinux_restrict_mount(int mount, uint64_t flags, int with_those_below);

/// move_mount(2): mounts such a copy on an open file or folder.
int CLinux_place_mount(int mount, int place);

/// fsmount(2): the process files (`/proc`) of our PID namespace, mounted nowhere.
int CLinux_process_files(void);

/// pivot_root(2) to an open folder that is a mount, and detaches what was the root before.
int CLinux_change_root(int folder);

/// mknodat(2): a character device that everybody may read and write, as far as the umask lets it be one.
int CLinux_make_device(int folder, const char *_Nonnull name, unsigned major, unsigned minor);

/// setrlimit(2), in 64 bits.
int CLinux_limit(uint32_t resource, uint64_t soft, uint64_t hard);

/// Capability sets, bit n for capability n.
struct CLinux_capabilities {
    uint64_t effective, permitted, inheritable;
};

/// capget(2) and capset(2) of this process.
int CLinux_get_capabilities(struct CLinux_capabilities *_Nonnull capabilities);
int CLinux_set_capabilities(const struct CLinux_capabilities *_Nonnull capabilities);

/// Takes every capability that is not in `kept` from the bounding set.
int CLinux_bound_capabilities(uint64_t kept);

/// Makes the ambient set exactly `capabilities`.
int CLinux_set_ambient_capabilities(uint64_t capabilities);

/// setgroups(2), setresgid(2) and setresuid(2); permitted capabilities stay.
int CLinux_set_groups(const uint32_t *_Nullable groups, size_t count);
int CLinux_set_group(uint32_t group);
int CLinux_set_user(uint32_t user);

/// prctl(PR_SET_NO_NEW_PRIVS).
int CLinux_forbid_new_privileges(void);

/// prctl(PR_SET_NAME): what process lists call this process, cut to 15 bytes.
int CLinux_set_process_name(const char *_Nonnull name);

/// prctl(PR_SET_DUMPABLE, 0): none but root of the first user namespace may trace this process or look through its
/// files in /proc.
int CLinux_forbid_tracing(void);

/// Whether the process could read or execute a file by its present rights, the folders on the way included: faccessat2(2).
int CLinux_may_use(const char *_Nonnull path);

/// Whether two descriptors are of the same file: 1 or 0, or -1.
int CLinux_is_same_file(int one, int other);

/// Whether this process is in the namespace of a /proc/PID/ns file already: 1 or 0, or -1.
int CLinux_is_own_namespace(int descriptor);

/// Lets ended children go without being waited for.
int CLinux_forget_children(void);

/// Waits until a signal handler ends the process.
void CLinux_sleep_for_ever(void);

/// Gives back the pages of the stack that earlier, deeper calls have used.
void CLinux_release_unused_stack(void);

#endif
