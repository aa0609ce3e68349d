#define _GNU_SOURCE
#include "CLinuxSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/nsfs.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> do not go together everywhere.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
extern int umount2(const char *, int);

_Static_assert(
    CLINUX_NEW_MOUNTS == CLONE_NEWNS && CLINUX_NEW_CONTROL_GROUPS == CLONE_NEWCGROUP &&
        CLINUX_NEW_NAMES == CLONE_NEWUTS && CLINUX_NEW_IPC == CLONE_NEWIPC && CLINUX_NEW_USERS == CLONE_NEWUSER &&
        CLINUX_NEW_PIDS == CLONE_NEWPID && CLINUX_NEW_NETWORK == CLONE_NEWNET,
    "the kernel's");

int CLinux_unshare(uint32_t flags) { return unshare((int)flags); }

int CLinux_join(int descriptor, uint32_t kind) { return setns(descriptor, (int)kind); }

int CLinux_lead_session(void) { return setsid() >= 0 || getsid(0) == getpid() ? 0 : -1; }

int CLinux_take_terminal(int descriptor) { return ioctl(descriptor, TIOCSCTTY, 0); }

int CLinux_set_hostname(const char *name) { return sethostname(name, strlen(name)); }

int CLinux_set_domainname(const char *name) { return setdomainname(name, strlen(name)); }

int CLinux_loopback_up(void) {
    int socket_descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_descriptor < 0) return -1;
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int result = ioctl(socket_descriptor, SIOCSIFFLAGS, &request);
    int code = errno;
    close(socket_descriptor);
    errno = code;
    return result;
}

enum { PRIVATE = 1 << 18, RECURSIVE = 1 << 14, DETACH = 2 };

int CLinux_make_mounts_private(void) { return mount("none", "/", "", PRIVATE | RECURSIVE, ""); }

int CLinux_mount(const char *source, const char *target, const char *type, uint64_t flags, const char *data) {
    return mount(source, target, type, flags, data);
}

int CLinux_copy_mount(const char *path, int with_those_below) {
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (with_those_below ? AT_RECURSIVE : 0U);
    return (int)syscall(SYS_open_tree, AT_FDCWD, path, flags);
}

int CLinux_copy_open_mount(int place, int with_those_below) {
    unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | (with_those_below ? AT_RECURSIVE : 0U);
    return (int)syscall(SYS_open_tree, place, "", flags);
}

int CLinux_restrict_mount(int mount, uint64_t flags, int with_those_below) {
    // The four lowest flags mean the same in both calls' words, but for their numbers.
    static const uint64_t words[][2] = {
        {1, MOUNT_ATTR_RDONLY}, {2, MOUNT_ATTR_NOSUID},       {4, MOUNT_ATTR_NODEV},
        {8, MOUNT_ATTR_NOEXEC}, {256, 0x00200000 /* MOUNT_ATTR_NOSYMFOLLOW */}, {2048, MOUNT_ATTR_NODIRATIME},
    };
    struct mount_attr attributes = {.attr_set = 0};
    for (size_t index = 0; index < sizeof words / sizeof words[0]; index++)
        if ((flags & words[index][0]) != 0) attributes.attr_set |= words[index][1];
    const uint64_t noatime = 1024, relatime = 1 << 21, strictatime = 1 << 24;
    if ((flags & (noatime | relatime | strictatime)) != 0) {
        attributes.attr_clr |= MOUNT_ATTR__ATIME;
        if ((flags & noatime) != 0) attributes.attr_set |= MOUNT_ATTR_NOATIME;
        else if ((flags & strictatime) != 0) attributes.attr_set |= MOUNT_ATTR_STRICTATIME;
    }
    if (attributes.attr_set == 0 && attributes.attr_clr == 0) return 0;
    unsigned how = AT_EMPTY_PATH | (with_those_below ? AT_RECURSIVE : 0U);
    return (int)syscall(SYS_mount_setattr, mount, "", how, &attributes, sizeof attributes);
}

int CLinux_place_mount(int mount, int place) {
    return (int)syscall(SYS_move_mount, mount, "", place, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int CLinux_process_files(void) {
    int context = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);
    if (context < 0) return -1;
    int mount = -1;
    if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
        mount = (int)syscall(
            SYS_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    int code = errno;
    close(context);
    errno = code;
    return mount;
}

int CLinux_change_root(int folder) {
    if (fchdir(folder) != 0) return -1;
    // The old root is stacked on the new one, and comes off again at once.
    if (syscall(SYS_pivot_root, ".", ".") != 0) return -1;
    if (umount2(".", DETACH) != 0) return -1;
    return chdir("/");
}

int CLinux_make_device(int folder, const char *name, unsigned major_number, unsigned minor_number) {
    return mknodat(folder, name, S_IFCHR | 0666, makedev(major_number, minor_number));
}

int CLinux_limit(uint32_t resource, uint64_t soft, uint64_t hard) {
    const struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit((__rlimit_resource_t)resource, &limit);
}

static struct __user_cap_header_struct header(void) {
    return (struct __user_cap_header_struct){.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
}

int CLinux_get_capabilities(struct CLinux_capabilities *capabilities) {
    struct __user_cap_header_struct about = header();
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &about, data) != 0) return -1;
    capabilities->effective = data[0].effective | (uint64_t)data[1].effective << 32;
    capabilities->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    capabilities->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
    return 0;
}

int CLinux_set_capabilities(const struct CLinux_capabilities *capabilities) {
    struct __user_cap_header_struct about = header();
    struct __user_cap_data_struct data[2];
    for (int half = 0; half < 2; half++) {
        data[half].effective = (uint32_t)(capabilities->effective >> (32 * half));
        data[half].permitted = (uint32_t)(capabilities->permitted >> (32 * half));
        data[half].inheritable = (uint32_t)(capabilities->inheritable >> (32 * half));
    }
    return (int)syscall(SYS_capset, &about, data);
}

int CLinux_bound_capabilities(uint64_t kept) {
    for (int number = 0; number < 64; number++) {
        if ((kept >> number & 1) != 0) continue;
        if (prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == 0) continue;
        // Beyond the last one that this kernel has.
        if (errno == EINVAL && number > 0) return 0;
        return -1;
    }
    return 0;
}

int CLinux_set_ambient_capabilities(uint64_t capabilities) {
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return -1;
    for (int number = 0; number < 64; number++)
        if ((capabilities >> number & 1) != 0 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) != 0)
            return -1;
    return 0;
}

int CLinux_set_groups(const uint32_t *groups, size_t count) { return setgroups(count, groups); }

int CLinux_set_group(uint32_t group) { return setresgid(group, group, group); }

int CLinux_set_user(uint32_t user) {
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 || setresuid(user, user, user) != 0) return -1;
    return prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
}

int CLinux_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int CLinux_forbid_tracing(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int CLinux_is_own_namespace(int descriptor) {
    static const struct {
        int kind;
        const char *path;
    } own[] = {
        {CLONE_NEWUSER, "/proc/self/ns/user"}, {CLONE_NEWIPC, "/proc/self/ns/ipc"}, {CLONE_NEWUTS, "/proc/self/ns/uts"},
        {CLONE_NEWNET, "/proc/self/ns/net"}, {CLONE_NEWCGROUP, "/proc/self/ns/cgroup"},
        {CLONE_NEWNS, "/proc/self/ns/mnt"},
    };
    int kind = ioctl(descriptor, NS_GET_NSTYPE);
    for (size_t index = 0; index < sizeof own / sizeof own[0]; index++) {
        struct stat here, there;
        if (own[index].kind != kind) continue;
        if (stat(own[index].path, &here) != 0 || fstat(descriptor, &there) != 0) return -1;
        return here.st_ino == there.st_ino && here.st_dev == there.st_dev;
    }
    return 0;
}

int CLinux_set_process_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int CLinux_may_use(const char *path) {
    // SYS_faccessat2 is as old as openat2 plus two versions; by effective ids.
    if (syscall(SYS_faccessat2, AT_FDCWD, path, R_OK, AT_EACCESS) == 0) return 0;
    if (errno == ENOSYS) return 0;
    return (int)syscall(SYS_faccessat2, AT_FDCWD, path, X_OK, AT_EACCESS);
}

int CLinux_is_same_file(int one, int other) {
    struct stat first, second;
    if (fstat(one, &first) != 0 || fstat(other, &second) != 0) return -1;
    return first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

int CLinux_forget_children(void) { return signal(SIGCHLD, SIG_IGN) == SIG_ERR ? -1 : 0; }

void CLinux_sleep_for_ever(void) {
    for (;;) pause();
}

void CLinux_release_unused_stack(void) {
    const uintptr_t page = 4096, red_zone = 2 * page, depth = 512 * 1024;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t end = (here - red_zone) & ~(page - 1);
    // What of it is not mapped is passed over.
    madvise((void *)(end - depth), depth, MADV_DONTNEED);
}
