#define _GNU_SOURCE
#include "CLinuxEvent.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

_Static_assert(CLINUX_READABLE == EPOLLIN && CLINUX_PRIORITY == EPOLLPRI && CLINUX_WRITABLE == EPOLLOUT &&
                   CLINUX_ERROR == EPOLLERR && CLINUX_HANGUP == EPOLLHUP,
               "our names for events have the kernel's values");

int CLinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int CLinux_epoll_watch(int epoll, int descriptor, uint32_t events, int is_new) {
    struct epoll_event event = {.events = events, .data.fd = descriptor};
    return epoll_ctl(epoll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
}

int CLinux_epoll_forget(int epoll, int descriptor) { return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL); }

int CLinux_epoll_wait(int epoll, struct CLinux_event *events, int count, int milliseconds) {
    struct epoll_event found[64];
    if (count > 64) count = 64;
    int filled = epoll_wait(epoll, found, count, milliseconds);
    if (filled < 0) return errno == EINTR ? 0 : -1;
    for (int index = 0; index < filled; index++)
        events[index] = (struct CLinux_event){.descriptor = found[index].data.fd, .events = found[index].events};
    return filled;
}

int CLinux_signal_descriptor(const int *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < count; index++)
        if (sigaddset(&set, signals[index]) != 0) return -1;
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int CLinux_next_signal(int descriptor) {
    struct signalfd_siginfo information;
    ssize_t size = read(descriptor, &information, sizeof information);
    return size == (ssize_t)sizeof information ? (int)information.ssi_signo : 0;
}

pid_t CLinux_reap(int *status) { return waitpid(-1, status, WNOHANG); }

int CLinux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int CLinux_unix_socket(void) { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

int CLinux_packet_pair(int *ends) { return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends); }

static int address_of(const char *path, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, length);
    return 0;
}

int CLinux_listen(int descriptor, const char *path) {
    struct sockaddr_un address;
    if (address_of(path, &address) != 0) return -1;
    if (bind(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) return -1;
    return listen(descriptor, 512);
}

int CLinux_connect(int descriptor, const char *path) {
    struct sockaddr_un address;
    if (address_of(path, &address) != 0) return -1;
    return connect(descriptor, (const struct sockaddr *)&address, sizeof address);
}

int CLinux_accept_connection(int descriptor) { return accept4(descriptor, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int CLinux_peer(int descriptor, uid_t *user, gid_t *group) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
    *user = peer.uid;
    *group = peer.gid;
    return 0;
}

ssize_t CLinux_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t CLinux_send_packet(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

ssize_t CLinux_send_packet_with(int socket, const void *bytes, size_t count, int descriptor) {
    struct iovec content = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = count};
    _Alignas(struct cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {0};
    struct msghdr message = {
        .msg_iov = &content, .msg_iovlen = 1, .msg_control = space, .msg_controllen = CMSG_LEN(sizeof(int))};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t CLinux_receive_packet_with(int socket, void *bytes, size_t count, int *descriptor) {
    struct iovec content = {.iov_base = bytes, .iov_len = count};
    _Alignas(struct cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {0};
    struct msghdr message = {
        .msg_iov = &content, .msg_iovlen = 1, .msg_control = space, .msg_controllen = CMSG_LEN(sizeof(int))};
    *descriptor = -1;
    ssize_t size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (size < 0) return size;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (rights != NULL && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS &&
        rights->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(descriptor, CMSG_DATA(rights), sizeof *descriptor);
    return size;
}

int CLinux_close_from(unsigned first) { return (int)syscall(SYS_close_range, first, ~0U, 0U); }

pid_t CLinux_fork(void) { return fork(); }

int64_t CLinux_monotonic_time(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/// Of a writable segment, the pages that were only read: they still are the file's. Which those are, /proc/self/pagemap
/// tells: bit 63 of a page's entry says that it is present, bit 61 that it is a file's and no copy. Nobody writes
/// between the reading and the giving back, because there is one thread.
static void release_unwritten(int pagemap, uintptr_t start, uintptr_t end) {
    const uintptr_t page = 4096;
    const uint64_t of_file = (UINT64_C(1) << 63) | (UINT64_C(1) << 61);
    uint64_t entries[512];
    while (start < end) {
        size_t wanted = (end - start) / page;
        if (wanted > 512) wanted = 512;
        ssize_t size = pread(pagemap, entries, wanted * sizeof entries[0], (off_t)(start / page * sizeof entries[0]));
        if (size <= 0) return;
        size_t count = (size_t)size / sizeof entries[0];
        for (size_t index = 0; index < count;) {
            size_t first = index;
            while (index < count && (entries[index] & of_file) == of_file) index++;
            if (index > first) madvise((void *)(start + first * page), (index - first) * page, MADV_DONTNEED);
            else index++;
        }
        start += count * page;
    }
}

/// The program headers' own place tells where the program was loaded; a static program is not told otherwise. Segments
/// that are not writable were never changed in memory: relocations are applied to writable ones. `pagemap` -1: writable
/// segments are left alone.
static void release_segments(int pagemap) {
    const uintptr_t page = 4096;
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM);
    if (headers == NULL) return;
    for (size_t own = 0; own < count; own++) {
        if (headers[own].p_type != PT_PHDR) continue;
        uintptr_t bias = (uintptr_t)headers - headers[own].p_vaddr;
        for (size_t index = 0; index < count; index++) {
            const ElfW(Phdr) *segment = &headers[index];
            if (segment->p_type != PT_LOAD) continue;
            int is_writable = (segment->p_flags & PF_W) != 0;
            uintptr_t start = (bias + segment->p_vaddr + page - 1) & ~(page - 1);
            // What follows a writable segment's content in the file is no file's.
            uintptr_t end = (bias + segment->p_vaddr + (is_writable ? segment->p_filesz : segment->p_memsz)) & ~(page - 1);
            if (end <= start) continue;
            if (!is_writable) madvise((void *)start, end - start, MADV_DONTNEED);
            else if (pagemap >= 0) release_unwritten(pagemap, start, end);
        }
    }
}

void CLinux_release_idle_memory(void) {
    malloc_trim(0);
    release_segments(-1);
}

void CLinux_release_all_idle_memory(void) {
    malloc_trim(0);
    int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    release_segments(pagemap);
    if (pagemap >= 0) close(pagemap);
}

long CLinux_read_other_memory(int process, uint64_t address, void *to, size_t size) {
    struct iovec here = {.iov_base = to, .iov_len = size};
    struct iovec there = {.iov_base = (void *)(uintptr_t)address, .iov_len = size};
    return process_vm_readv(process, &here, 1, &there, 1, 0);
}
