// Does the file operations that standard input lists, a line each, and prints what each answered. Compiled twice: as a guest,
// below descriptor 3, and for the machine itself, below the folder of its one argument. scripts/compare-files compares.
//
// A line is an operation's letter, a slot for a descriptor (0 to 7), two paths (each after `=`) and two numbers:
//   o 2 =dir/file = 3 0
// `n NAME` begins a sequence in a new folder NAME. Natively a path that leads out of that folder is EPERM, looked up by the
// kernel beforehand: nothing else changes anything meanwhile.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifndef __wasm__
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

enum { SLOTS = 8 };
static int slots[SLOTS] = {-1, -1, -1, -1, -1, -1, -1, -1};
static int root = -1;

static const struct {
    int code;
    const char *name;
} errors[] = {
#define ERROR(name) {name, #name}
    ERROR(EACCES), ERROR(EAGAIN), ERROR(EBADF), ERROR(EBUSY), ERROR(EEXIST), ERROR(EFAULT), ERROR(EFBIG), ERROR(EILSEQ),
    ERROR(EINVAL), ERROR(EIO), ERROR(EISDIR), ERROR(ELOOP), ERROR(EMFILE), ERROR(EMLINK), ERROR(ENAMETOOLONG),
    ERROR(ENOENT), ERROR(ENOSPC), ERROR(ENOSYS), ERROR(ENOTDIR), ERROR(ENOTEMPTY), ERROR(ENXIO), ERROR(EOVERFLOW),
    ERROR(EPERM), ERROR(EROFS), ERROR(ESPIPE), ERROR(ETXTBSY), ERROR(EXDEV), ERROR(ENOTSUP),
#ifdef __wasm__
    ERROR(ENOTCAPABLE),
#endif
};

static const char *last_error(void) {
    for (size_t index = 0; index < sizeof errors / sizeof errors[0]; index++)
        if (errors[index].code == errno) return errors[index].name;
    return strerror(errno);
}

/// Says what a call gave.
static void answer(int64_t result) {
    if (result == -1) printf("%s\n", last_error());
    else printf("%lld\n", (long long)result);
}

#ifdef __wasm__
static int stays(const char *path, int follows) {
    (void)path, (void)follows;
    return 1;
}
static int parent_stays(const char *path) {
    (void)path;
    return 1;
}
#else
/// Whether a path leads to somewhere below the sequence's folder, or to nothing.
static int stays(const char *path, int follows) {
    struct open_how how = {
        .flags = (uint64_t)(O_PATH | O_CLOEXEC | (follows ? 0 : O_NOFOLLOW)), .resolve = RESOLVE_BENEATH};
    int found = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    if (found >= 0) close(found);
    if (found >= 0 || errno != EXDEV) return 1;
    errno = EPERM;
    return 0;
}

/// The same for a call that follows nothing at a path's end: for what is before its last name, which must be there.
static int parent_stays(const char *path) {
    char parent[4096];
    size_t end = strlen(path);
    if (end == 0) errno = ENOENT;
    if (end == 0 || end >= sizeof parent) return end != 0;
    while (end > 0 && path[end - 1] == '/') end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/') start--;
    if (end - start == 2 && memcmp(path + start, "..", 2) == 0) start = end;
    if (start == 0) return 1;
    memcpy(parent, path, start);
    parent[start] = 0;
    return stays(parent, 1) && faccessat(root, parent, F_OK, 0) == 0;
}
#endif

static void show_status(int result, const struct stat *status) {
    if (result == -1) return answer(-1);
    // A directory's size and links are the file system's own business.
    int directory = S_ISDIR(status->st_mode);
    printf("%o %ld %ld\n", (unsigned)(status->st_mode & S_IFMT), directory ? 0 : (long)status->st_size,
           directory ? 0 : (long)status->st_nlink);
}

static int compare(const void *left, const void *right) { return strcmp(left, right); }

/// Prints a directory's names in order, each with its kind.
static void list(int descriptor) {
    static char names[512][280];
    size_t count = 0;
    int copy = descriptor < 0 ? -1 : openat(descriptor, ".", O_RDONLY | O_DIRECTORY);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    if (directory == NULL) {
        answer(-1);
        if (copy >= 0) close(copy);
        return;
    }
    for (struct dirent *entry; count < 512 && (entry = readdir(directory)) != NULL;) {
        const char *kind = entry->d_type == DT_DIR ? "d" : entry->d_type == DT_REG ? "f" : "l";
        snprintf(names[count++], sizeof names[0], "%.255s:%s", entry->d_name, kind);
    }
    closedir(directory);
    qsort(names, count, sizeof names[0], compare);
    for (size_t index = 0; index < count; index++) printf("%s ", names[index]);
    puts("");
}

static void perform(char letter, int slot, const char *path, const char *other, long long first, long long second) {
    static char bytes[65536];
    const struct timespec times[2] = {{.tv_sec = first, .tv_nsec = second}, {.tv_sec = second, .tv_nsec = first}};
    struct stat status;
    errno = ENOENT;
    int descriptor = slots[slot];
    ssize_t got;
#ifndef __wasm__
    // What has no bytes is EBADF to a guest (specs/wasi-preview1.md).
    if (strchr("rpwPsta", letter) && descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) descriptor = -1;
#endif
    switch (letter) {
    case 'o': {
        static const int ways[] = {O_RDONLY, O_WRONLY, O_RDWR};
        int flags = ways[first % 3];
        if (second & 1) flags |= O_CREAT;
        if (second & 2) flags |= O_EXCL;
        if (second & 4) flags |= O_TRUNC;
        if (second & 8) flags |= O_APPEND;
        if (second & 16) flags |= O_DIRECTORY;
        if (second & 32) flags |= O_NOFOLLOW;
        if (descriptor >= 0) close(descriptor);
        slots[slot] = -1;
        // A file is not made with a slash after its name, and nothing is followed there.
        int makes = second & 1 && *path && path[strlen(path) - 1] == '/';
        if (makes ? parent_stays(path) : stays(path, !(flags & O_NOFOLLOW) && (second & 3) != 3)) slots[slot] = openat(root, path, flags, 0666);
#ifndef __wasm__
        // Linux says that a link is no folder before it says that the link was not to be followed.
        if (slots[slot] == -1 && errno == ENOTDIR && flags & O_NOFOLLOW && *path && path[strlen(path) - 1] != '/')
            errno = fstatat(root, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode) ? ELOOP : ENOTDIR;
#endif
        if (slots[slot] == -1) answer(-1);
        else puts("opened");
        return;
    }
    case 'c':
        answer(close(descriptor));
        slots[slot] = -1;
        return;
    case 'r':
    case 'p':
        got = letter == 'r' ? read(descriptor, bytes, (size_t)first) : pread(descriptor, bytes, (size_t)first, second);
        if (got > 0) {
            uint32_t sum = 1;
            for (ssize_t index = 0; index < got; index++) sum = sum * 31 + (unsigned char)bytes[index];
            printf("%08x ", (unsigned)sum);
        }
        answer(got);
        return;
    case 'w':
    case 'P':
        for (long long index = 0; index < first; index++) bytes[index] = (char)(index * 7 + first + second);
        answer(letter == 'w' ? write(descriptor, bytes, (size_t)first) : pwrite(descriptor, bytes, (size_t)first, second));
        return;
    case 's': answer(lseek(descriptor, first, second == 0 ? SEEK_SET : second == 1 ? SEEK_CUR : SEEK_END)); return;
    case 't': answer(ftruncate(descriptor, first)); return;
    case 'a':
        // Answers the error itself.
        errno = posix_fallocate(descriptor, first, second);
        answer(errno ? -1 : 0);
        return;
    case 'y': answer(first ? fsync(descriptor) : fdatasync(descriptor)); return;
    case 'f': show_status(fstat(descriptor, &status), &status); return;
    case 'm': answer(parent_stays(path) ? mkdirat(root, path, 0777) : -1); return;
    case 'd': answer(parent_stays(path) ? unlinkat(root, path, AT_REMOVEDIR) : -1); return;
    case 'u': answer(parent_stays(path) ? unlinkat(root, path, 0) : -1); return;
    case 'v': answer(*other && parent_stays(path) && parent_stays(other) ? renameat(root, path, root, other) : -1); return;
    case 'h':
        // What is linked is looked up before the place for its new name.
        answer(*other && stays(path, 0) && fstatat(root, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && parent_stays(other)
                   ? linkat(root, path, root, other, 0) : -1);
        return;
    case 'l': answer(parent_stays(path) ? symlinkat(other, root, path) : -1); return;
    case 'k':
        // With a slash after it a link is followed.
        got = parent_stays(path) && (!*path || path[strlen(path) - 1] != '/' || stays(path, 1)) ? readlinkat(root, path, bytes, (size_t)first) : -1;
        if (got > 0) printf("%.*s ", (int)got, bytes);
        answer(got);
        return;
    case 'i':
        show_status(stays(path, (int)first) ? fstatat(root, path, &status, first ? 0 : AT_SYMLINK_NOFOLLOW) : -1, &status);
        return;
    case 'T': {
        int flags = second & 1 ? AT_SYMLINK_NOFOLLOW : 0;
        int result = stays(path, !flags) ? utimensat(root, path, times, flags) : -1;
        if (result == 0 && (result = fstatat(root, path, &status, flags)) == 0)
            printf("%ld.%ld ", (long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
        answer(result);
        return;
    }
    case 'L': list(descriptor < 0 ? root : descriptor); return;
    default: printf("no operation %c\n", letter);
    }
}

int main(int count, char **words) {
    (void)words;
#ifdef __wasm__
    int top = 3;
#else
    int top = count == 2 ? open(words[1], O_RDONLY | O_DIRECTORY) : -1;
#endif
    static char line[16384], path[4100], other[4100];
    (void)count;
    while (fgets(line, sizeof line, stdin)) {
        char letter;
        int slot;
        long long first, second;
        if (sscanf(line, "n %4095s", path) == 1) {
            for (int index = 0; index < SLOTS; index++) {
                if (slots[index] >= 0) close(slots[index]);
                slots[index] = -1;
            }
            if (root >= 0) close(root);
            if (mkdirat(top, path, 0777) == -1) return 1;
            root = openat(top, path, O_RDONLY | O_DIRECTORY);
            if (root < 0) return 1;
            printf("sequence %s\n", path);
        } else if (sscanf(line, "%c %d =%4095s", &letter, &slot, path) >= 2) {
            // Paths may be empty, which scanf does not see.
            char *start = strchr(line, '=');
            char *end = start ? strchr(start, ' ') : NULL;
            char *next = end ? strchr(end, '=') : NULL;
            char *last = next ? strchr(next, ' ') : NULL;
            if (!last || slot < 0 || slot >= SLOTS || end - start > 4096 || last - next > 4096) return 2;
            snprintf(path, sizeof path, "%.*s", (int)(end - start - 1), start + 1);
            snprintf(other, sizeof other, "%.*s", (int)(last - next - 1), next + 1);
            if (sscanf(last, "%lld %lld", &first, &second) != 2) return 2;
            perform(letter, slot, path, other, first, second);
        } else return 2;
    }
    return 0;
}
