#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// What the kernel calls `struct clone_args`, as of the version that has control groups in it.
struct clone_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

/// Moves a descriptor out of the way of the numbers below `limit`; -1 and errno on failure.
static int clear_of(int descriptor, int limit) {
    return descriptor >= limit ? descriptor : fcntl(descriptor, F_DUPFD_CLOEXEC, limit);
}

/// Gives the child its descriptors; `*report` is moved when it is in their way.
static int place_descriptors(const struct CLinux_spawn_plan *program, int *report) {
    int sources[CLINUX_CLONE_DESCRIPTORS];
    int limit = 0;
    for (size_t pair = 0; pair < program->descriptor_pairs; pair++)
        if (program->descriptors[2 * pair + 1] >= limit) limit = program->descriptors[2 * pair + 1] + 1;
    if ((*report = clear_of(*report, limit)) < 0) return -1;
    for (size_t pair = 0; pair < program->descriptor_pairs; pair++) {
        int source = program->descriptors[2 * pair];
        sources[pair] = source == program->descriptors[2 * pair + 1] ? source : clear_of(source, limit);
        if (sources[pair] < 0) return -1;
    }
    for (size_t pair = 0; pair < program->descriptor_pairs; pair++) {
        int target = program->descriptors[2 * pair + 1];
        if (sources[pair] == target ? fcntl(target, F_SETFD, 0) < 0 : dup2(sources[pair], target) < 0) return -1;
    }
    return 0;
}

/// What the child does: nothing but system calls. Returns only by failing, with errno.
static void become(const struct CLinux_clone_plan *plan, const sigset_t *mask, int *report) {
    const struct CLinux_spawn_plan *program = plan->program;
    const struct sigaction standard = {.sa_handler = SIG_DFL};
    // What is handled becomes its default by itself, what is ignored does not. KILL and STOP refuse, which is as well.
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    if (place_descriptors(program, report) != 0) return;
    if (program->new_session && setsid() < 0) return;
    if (plan->folder && chdir(plan->folder) != 0) return;
    if (sigprocmask(SIG_SETMASK, mask, NULL) != 0) return;
    execve(program->path, program->arguments, program->environment);
}

static pid_t start(const struct CLinux_clone_plan *plan, const sigset_t *mask) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    struct clone_arguments arguments = {.flags = plan->new_namespaces, .exit_signal = SIGCHLD};
    if (plan->control_group >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = (uint64_t)plan->control_group;
    }
    // Our handlers must not run in the child.
    sigset_t all, former;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &former);
    pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child == 0) {
        int report = ends[1];
        become(plan, mask, &report);
        int code = errno;
        if (write(report, &code, sizeof code) < 0) _exit(126);
        _exit(127);
    }
    int code = errno;
    sigprocmask(SIG_SETMASK, &former, NULL);
    close(ends[1]);
    if (child > 0) {
        ssize_t size;
        do size = read(ends[0], &code, sizeof code);
        while (size < 0 && errno == EINTR);
        if (size > 0) {
            while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
            child = -1;
        }
    }
    close(ends[0]);
    errno = code;
    return child;
}

pid_t CLinux_clone(const struct CLinux_clone_plan *plan) {
    if (plan->program->descriptor_pairs > CLINUX_CLONE_DESCRIPTORS) {
        errno = E2BIG;
        return -1;
    }
    sigset_t mask;
    if (sigprocmask(SIG_SETMASK, NULL, &mask) != 0) return -1;
    for (size_t index = 0; index < plan->program->unblocked_count; index++)
        if (sigdelset(&mask, plan->program->unblocked[index]) != 0) return -1;
    if (plan->pid_namespace < 0) return start(plan, &mask);

    int ours = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
    if (ours < 0) return -1;
    pid_t child = -1;
    if (setns(plan->pid_namespace, CLONE_NEWPID) == 0) child = start(plan, &mask);
    int code = errno;
    // Only children are concerned, and our own namespace always takes us back.
    if (setns(ours, CLONE_NEWPID) != 0) {
        code = errno;
        child = -1;
    }
    close(ours);
    errno = code;
    return child;
}
