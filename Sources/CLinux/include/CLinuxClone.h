#ifndef CLINUX_CLONE_H
#define CLINUX_CLONE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Starting a process that begins its life in other namespaces or in another control group than ours.

struct CLinux_spawn_plan;

/// How such a process begins, beyond what a CLinux_spawn_plan says.
struct CLinux_clone_plan {
    const struct CLinux_spawn_plan *_Nonnull program;
    /// CLONE_NEW… flags of namespaces that are made for it.
    uint64_t new_namespaces;
    /// An open folder of a control group of version 2 that it begins in; -1 for ours.
    int control_group;
    /// A PID namespace that it becomes a member of; -1 for ours.
    int pid_namespace;
    /// The folder it starts in; ours when null.
    const char *_Nullable folder;
};

/// clone3(2) without shared memory, then execve(2): the child's process id, or -1 and errno, also when the program could
/// not be executed. For a process without threads. Sources of descriptors may be targets of others.
pid_t CLinux_clone(const struct CLinux_clone_plan *_Nonnull plan);

/// The most descriptors that a process can be given in this way.
enum { CLINUX_CLONE_DESCRIPTORS = 64 };

#endif
