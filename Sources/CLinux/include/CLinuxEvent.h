#ifndef CLINUX_EVENT_H
#define CLINUX_EVENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Waiting for many things at once.

/// epoll_create1(2) with EPOLL_CLOEXEC.
int CLinux_epoll_create(void);

enum {
    CLINUX_READABLE = 0x001,
    CLINUX_PRIORITY = 0x002,
    CLINUX_WRITABLE = 0x004,
    CLINUX_ERROR = 0x008,
    CLINUX_HANGUP = 0x010,
};

/// Has `epoll` watch a descriptor for CLINUX_… events; for 0, errors and hang-ups alone. Adds it when `is_new`.
int CLinux_epoll_watch(int epoll, int descriptor, uint32_t events, int is_new);

/// Has `epoll` forget a descriptor.
int CLinux_epoll_forget(int epoll, int descriptor);

/// What happened to one descriptor.
struct CLinux_event {
    int descriptor;
    uint32_t events;
};

/// Waits at most `milliseconds` (-1: for ever) and tells what happened; how many entries were filled. An interruption by
/// a signal is 0.
int CLinux_epoll_wait(int epoll, struct CLinux_event *_Nonnull events, int count, int milliseconds);

/// Blocks the signals and gives a descriptor, close-on-exec and not blocking, from which they are read.
int CLinux_signal_descriptor(const int *_Nonnull signals, size_t count);

/// Takes the next pending signal from such a descriptor; its number, or 0 when there is none.
int CLinux_next_signal(int descriptor);

/// Takes one ended child, whichever; its process id and wait status, 0 when none has ended, -1 and errno (ECHILD: there
/// are no children).
pid_t CLinux_reap(int *_Nonnull status);

/// prctl(PR_SET_CHILD_SUBREAPER, 1): orphans among our descendants become our children.
int CLinux_become_subreaper(void);

/// socket(2) for Unix sockets, close-on-exec and not blocking.
int CLinux_unix_socket(void);

/// socketpair(2), SOCK_SEQPACKET: packets keep their borders. Close-on-exec.
int CLinux_packet_pair(int *_Nonnull ends);

/// bind(2) and listen(2) to a path. Paths too long for a socket are ENAMETOOLONG.
int CLinux_listen(int descriptor, const char *_Nonnull path);

/// connect(2) to a path.
int CLinux_connect(int descriptor, const char *_Nonnull path);

/// accept4(2), close-on-exec and not blocking.
int CLinux_accept_connection(int descriptor);

/// SO_PEERCRED: who is at the other end.
int CLinux_peer(int descriptor, uid_t *_Nonnull user, gid_t *_Nonnull group);

/// send(2) with MSG_NOSIGNAL and MSG_DONTWAIT.
ssize_t CLinux_send(int descriptor, const void *_Nonnull bytes, size_t count);

/// Sends one packet, and waits until it can be.
ssize_t CLinux_send_packet(int descriptor, const void *_Nonnull bytes, size_t count);

/// Sends one packet with an open descriptor in it (SCM_RIGHTS).
ssize_t CLinux_send_packet_with(int socket, const void *_Nonnull bytes, size_t count, int descriptor);

/// Receives one packet; a descriptor that came with it, close-on-exec, is put into `descriptor`, -1 otherwise.
ssize_t CLinux_receive_packet_with(int socket, void *_Nonnull bytes, size_t count, int *_Nonnull descriptor);

/// close_range(2): closes every open descriptor from `first` on.
int CLinux_close_from(unsigned first);

/// fork(2), for a process without threads: 0 in the child.
pid_t CLinux_fork(void);

/// Monotonic time in nanoseconds.
int64_t CLinux_monotonic_time(void);

/// madvise(MADV_DONTNEED) on this program's own code and constants, whose pages come back from the file when they are
/// next used, and malloc_trim(3): what an idle process keeps is what it wrote and the variables it read.
void CLinux_release_idle_memory(void);

/// The same, with those of this program's variables that it never wrote. /proc must be the kernel's own, and there must be
/// no other thread.
void CLinux_release_all_idle_memory(void);

/// process_vm_readv(2): reads `size` bytes at `address` of another process; how many were read, or -1.
long CLinux_read_other_memory(int process, uint64_t address, void *_Nonnull to, size_t size);

#endif
