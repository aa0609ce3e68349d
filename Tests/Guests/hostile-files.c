// Tries to reach what it may not, and to break its host, with every call that takes a path, a descriptor, an address or an
// offset. Descriptor 3 is a folder to read and write, 4 one that may only be read; scripts/hostile-guest makes them, with links
// that lead out, and looks afterwards at what lies outside. Its argument is how many times to try while the host swaps `swap`
// between a folder and a link. Prints a line for each attack: its name, how many calls it made, how many had another answer
// than they should; and each of those.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#define RIGHTS (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK | __WASI_RIGHTS_FD_TELL)

// As WebAssembly has them: with any number for an address.
#define IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) extern int32_t raw_##name
IMPORT(fd_read)(int32_t, int32_t, int32_t, int32_t);
IMPORT(fd_write)(int32_t, int32_t, int32_t, int32_t);
IMPORT(fd_pread)(int32_t, int32_t, int32_t, int64_t, int32_t);
IMPORT(fd_pwrite)(int32_t, int32_t, int32_t, int64_t, int32_t);
IMPORT(fd_readdir)(int32_t, int32_t, int32_t, int64_t, int32_t);
IMPORT(fd_seek)(int32_t, int64_t, int32_t, int32_t);
IMPORT(fd_fdstat_get)(int32_t, int32_t);
IMPORT(fd_filestat_get)(int32_t, int32_t);
IMPORT(fd_prestat_get)(int32_t, int32_t);
IMPORT(fd_prestat_dir_name)(int32_t, int32_t, int32_t);
IMPORT(path_open)(int32_t, int32_t, int32_t, int32_t, int32_t, int64_t, int64_t, int32_t, int32_t);
IMPORT(path_readlink)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t);
IMPORT(path_filestat_get)(int32_t, int32_t, int32_t, int32_t, int32_t);
IMPORT(path_create_directory)(int32_t, int32_t, int32_t);
IMPORT(path_symlink)(int32_t, int32_t, int32_t, int32_t, int32_t);
IMPORT(args_get)(int32_t, int32_t);
IMPORT(args_sizes_get)(int32_t, int32_t);
IMPORT(environ_get)(int32_t, int32_t);
IMPORT(clock_time_get)(int32_t, int64_t, int32_t);
IMPORT(random_get)(int32_t, int32_t);
IMPORT(poll_oneoff)(int32_t, int32_t, int32_t, int32_t);
IMPORT(sock_recv)(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t);

static int calls, wrong;

static void attack(const char *name) {
    static const char *last;
    if (last) printf("attack\t%s\t%d\t%d\n", last, calls, wrong);
    last = name;
    calls = wrong = 0;
}

static void check(int answer, int expected, const char *what, const char *path) {
    calls++;
    if (answer == expected) return;
    wrong++;
    printf("wrong\t%s %s: %d, not %d\n", what, path, answer, expected);
}
#define EXPECT(call, expected) check((int)(call), __WASI_ERRNO_##expected, #call, "")

static int open_at(int folder, int look, const char *path, int oflags, __wasi_rights_t rights, int *opened) {
    __wasi_fd_t number = 0;
    int error = __wasi_path_open(folder, look, path, oflags, rights, ~0ull, 0, &number);
    *opened = error ? -1 : (int)number;
    return error;
}

static int try_open(int folder, int look, const char *path, int oflags, __wasi_rights_t rights) {
    int opened, error = open_at(folder, look, path, oflags, rights, &opened);
    if (!error && __wasi_fd_close(opened)) error = -1;
    return error;
}

/// Every call that takes a path, each of which must answer `expected`.
static void try_all(int folder, const char *path, int expected) {
    static uint8_t bytes[4096];
    __wasi_filestat_t status;
    __wasi_size_t used;
    for (int look = 0; look < 2; look++) {
        for (int oflags = 0; oflags < 16; oflags++) {
            // A folder that is to be made is `inval` before anything is looked up.
            if ((oflags & 3) == 3) continue;
            check(try_open(folder, look, path, oflags, 0), expected, "path_open", path);
            check(try_open(folder, look, path, oflags, RIGHTS), expected, "path_open to write", path);
        }
        check(__wasi_path_filestat_get(folder, look, path, &status), expected, "path_filestat_get", path);
        check(__wasi_path_filestat_set_times(folder, look, path, 1, 1, 5), expected, "path_filestat_set_times", path);
    }
    check(__wasi_path_create_directory(folder, path), expected, "path_create_directory", path);
    check(__wasi_path_remove_directory(folder, path), expected, "path_remove_directory", path);
    check(__wasi_path_unlink_file(folder, path), expected, "path_unlink_file", path);
    check(__wasi_path_readlink(folder, path, bytes, sizeof bytes, &used), expected, "path_readlink", path);
    check(__wasi_path_symlink("x", folder, path), expected, "path_symlink", path);
    check(__wasi_path_rename(folder, path, 3, "taken"), expected, "path_rename from", path);
    check(__wasi_path_rename(3, "mine", folder, path), expected, "path_rename to", path);
    check(__wasi_path_link(folder, 0, path, 3, "taken"), expected, "path_link from", path);
    check(__wasi_path_link(3, 0, "mine", folder, path), expected, "path_link to", path);
}

static void paths_out(void) {
    static const char *const ways[] = {
        "../secret", "./../secret", "dir/../../secret", ".././secret", "dir/sub/../../../secret", "..//secret", "/etc/passwd",
        "/", "//", "/proc/self/root/etc/passwd", "up/secret", "up/in/../secret", "again/secret", "root/etc/passwd", "up/new",
        "dir/../up/secret", "up/folder/file", "deep/secret", "../in/mine", "up/in/mine", "../../../../../../../../etc/passwd",
        "outside/file", "outside/new", "outside/folder/file", "proc/self/cwd/mine", "../fixed/kept", "dir/../../fixed/kept",
    };
    attack("paths that lead out");
    for (size_t index = 0; index < sizeof ways / sizeof *ways; index++) try_all(3, ways[index], __WASI_ERRNO_PERM);
    attack("links at the end that lead out");
    static const char *const links[] = {"out", "absolute", "far", "up", "root", "outside"};
    for (size_t index = 0; index < sizeof links / sizeof *links; index++) {
        const char *link = links[index];
        __wasi_filestat_t status;
        for (int oflags = 0; oflags < 16; oflags++) {
            if ((oflags & 3) == 3) continue;
            int expected = oflags & 1 && oflags & 4 ? __WASI_ERRNO_EXIST : __WASI_ERRNO_PERM;
            check(try_open(3, 1, link, oflags, 0), expected, "path_open followed", link);
            check(try_open(3, 1, link, oflags, RIGHTS), expected, "path_open followed to write", link);
            expected = oflags & 1 && oflags & 4 ? __WASI_ERRNO_EXIST : __WASI_ERRNO_LOOP;
            check(try_open(3, 0, link, oflags, RIGHTS), expected, "path_open", link);
        }
        check(__wasi_path_filestat_get(3, 1, link, &status), __WASI_ERRNO_PERM, "path_filestat_get", link);
        check(__wasi_path_filestat_set_times(3, 1, link, 1, 1, 5), __WASI_ERRNO_PERM, "path_filestat_set_times", link);
        check(__wasi_path_filestat_get(3, 0, link, &status), __WASI_ERRNO_SUCCESS, "path_filestat_get of the link", link);
    }
    attack("magic links and circles");
    EXPECT(try_open(3, 1, "circle", 0, 0), LOOP);
    EXPECT(try_open(3, 0, "circle/x", 0, 0), LOOP);
    EXPECT(try_open(3, 1, "chain0", 0, 0), LOOP);
    EXPECT(try_open(3, 1, "chain10", 0, 0), SUCCESS);
}

static void own_links(void) {
    int folder, moved;
    attack("links and folders of its own");
    EXPECT(__wasi_path_symlink("/etc/passwd", 3, "l0"), PERM);
    EXPECT(__wasi_path_symlink("../secret", 3, "l1"), SUCCESS);
    EXPECT(try_open(3, 1, "l1", 0, 0), PERM);
    EXPECT(__wasi_path_symlink("..", 3, "dir/l2"), SUCCESS);
    EXPECT(try_open(3, 1, "dir/l2/mine", 0, 0), SUCCESS);
    EXPECT(open_at(3, 0, "dir", __WASI_OFLAGS_DIRECTORY, 0, &folder), SUCCESS);
    EXPECT(try_open(folder, 1, "l2", 0, 0), PERM);
    EXPECT(try_open(folder, 1, "l2/mine", 0, 0), PERM);
    EXPECT(try_open(folder, 0, "..", 0, 0), PERM);
    EXPECT(__wasi_path_rename(3, "dir/l2", 3, "l2"), SUCCESS);
    EXPECT(try_open(3, 1, "l2/secret", 0, 0), PERM);
    EXPECT(__wasi_path_link(3, 0, "l1", 3, "dir/l3"), SUCCESS);
    EXPECT(try_open(3, 1, "dir/l3", 0, 0), NOENT);
    EXPECT(__wasi_path_link(3, 1, "l1", 3, "dir/l4"), INVAL);
    // A folder that is moved up while it is open is still what its descriptor stands for.
    EXPECT(__wasi_path_create_directory(3, "dir/low"), SUCCESS);
    EXPECT(open_at(3, 0, "dir/low", __WASI_OFLAGS_DIRECTORY, 0, &moved), SUCCESS);
    EXPECT(__wasi_path_rename(3, "dir/low", 3, "high"), SUCCESS);
    EXPECT(try_open(moved, 0, "../secret", 0, 0), PERM);
    EXPECT(try_open(moved, 0, "../../secret", 0, 0), PERM);
    EXPECT(__wasi_path_remove_directory(3, "high"), SUCCESS);
    EXPECT(try_open(moved, 0, "..", 0, 0), PERM);
    EXPECT(try_open(moved, 0, "new", __WASI_OFLAGS_CREAT, RIGHTS), NOENT);
    EXPECT(__wasi_path_rename(3, "mine", folder, "../../taken"), PERM);
    EXPECT(__wasi_path_rename(3, ".", 3, "x"), BUSY);
    EXPECT(__wasi_path_remove_directory(3, "."), INVAL);
    EXPECT(__wasi_fd_close(folder) | __wasi_fd_close(moved), SUCCESS);
}

static void read_only(void) {
    int opened;
    attack("a folder that may only be read");
    EXPECT(try_open(4, 0, "kept", 0, __WASI_RIGHTS_FD_READ), SUCCESS);
    EXPECT(try_open(4, 0, "kept", 0, RIGHTS), PERM);
    EXPECT(try_open(4, 0, "kept", __WASI_OFLAGS_TRUNC, 0), PERM);
    EXPECT(try_open(4, 0, "new", __WASI_OFLAGS_CREAT, 0), PERM);
    EXPECT(try_open(4, 0, "new", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL, RIGHTS), PERM);
    EXPECT(__wasi_path_create_directory(4, "new"), PERM);
    EXPECT(__wasi_path_remove_directory(4, "folder"), PERM);
    EXPECT(__wasi_path_unlink_file(4, "kept"), PERM);
    EXPECT(__wasi_path_rename(4, "kept", 3, "taken"), PERM);
    EXPECT(__wasi_path_rename(3, "mine", 4, "given"), PERM);
    EXPECT(__wasi_path_link(4, 0, "kept", 3, "taken"), PERM);
    EXPECT(__wasi_path_link(3, 0, "mine", 4, "given"), PERM);
    EXPECT(__wasi_path_symlink("x", 4, "new"), PERM);
    EXPECT(__wasi_path_filestat_set_times(4, 0, "kept", 1, 1, 5), PERM);
    EXPECT(__wasi_fd_filestat_set_times(4, 1, 1, 5), PERM);
    EXPECT(open_at(4, 0, "kept", 0, __WASI_RIGHTS_FD_READ, &opened), SUCCESS);
    EXPECT(__wasi_fd_filestat_set_size(opened, 0), PERM);
    EXPECT(__wasi_fd_filestat_set_times(opened, 1, 1, 5), PERM);
    EXPECT(__wasi_fd_allocate(opened, 0, 100), PERM);
    __wasi_ciovec_t text = {(const uint8_t *)"x", 1};
    __wasi_size_t used;
    EXPECT(__wasi_fd_write(opened, &text, 1, &used), BADF);
    EXPECT(__wasi_fd_pwrite(opened, &text, 1, 0, &used), BADF);
    EXPECT(__wasi_fd_close(opened), SUCCESS);
    EXPECT(open_at(4, 0, "folder", __WASI_OFLAGS_DIRECTORY, 0, &opened), SUCCESS);
    EXPECT(try_open(opened, 0, "file", 0, RIGHTS), PERM);
    EXPECT(__wasi_path_unlink_file(opened, "file"), PERM);
    EXPECT(__wasi_path_rename(3, "mine", opened, "given"), PERM);
    EXPECT(__wasi_fd_fdstat_set_rights(opened, ~0ull, ~0ull), NOTCAPABLE);
    EXPECT(__wasi_fd_close(opened), SUCCESS);
}

static void try_descriptor(uint32_t number, int expected) {
    int32_t fd = (int32_t)number;
    static uint8_t room[256];
    int32_t at = (int32_t)(uintptr_t)room;
    check(raw_fd_read(fd, at, 0, at), expected, "fd_read", "");
    check(raw_fd_write(fd, at, 0, at), expected, "fd_write", "");
    check(raw_fd_pread(fd, at, 0, 0, at), expected, "fd_pread", "");
    check(raw_fd_pwrite(fd, at, 0, 0, at), expected, "fd_pwrite", "");
    check(raw_fd_readdir(fd, at, 64, 0, at), expected, "fd_readdir", "");
    check(raw_fd_seek(fd, 0, 0, at), expected, "fd_seek", "");
    check(raw_fd_fdstat_get(fd, at), expected, "fd_fdstat_get", "");
    check(raw_fd_filestat_get(fd, at), expected, "fd_filestat_get", "");
    check(raw_fd_prestat_get(fd, at), expected, "fd_prestat_get", "");
    check(raw_sock_recv(fd, at, 0, 0, at, at), expected, "sock_recv", "");
    check(__wasi_fd_close(fd), expected, "fd_close", "");
    check(__wasi_fd_sync(fd), expected, "fd_sync", "");
    check(__wasi_fd_renumber(fd, 3), expected, "fd_renumber from", "");
    check(__wasi_fd_renumber(3, fd), expected, "fd_renumber to", "");
    check(__wasi_fd_filestat_set_size(fd, 0), expected, "fd_filestat_set_size", "");
    check(__wasi_fd_fdstat_set_flags(fd, 0), expected, "fd_fdstat_set_flags", "");
    check(__wasi_path_create_directory(fd, "x"), expected, "path_create_directory", "");
    check(try_open(fd, 0, "x", 1, RIGHTS), expected, "path_open", "");
    check(__wasi_sock_shutdown(fd, 3), expected, "sock_shutdown", "");
}

static void descriptors(void) {
    attack("descriptors that were never given");
    for (uint32_t number = 5; number < 5000; number++) try_descriptor(number, __WASI_ERRNO_BADF);
    static const uint32_t odd[] = {65535, 65536, 1u << 30, INT32_MAX, 1u << 31, UINT32_MAX - 99, UINT32_MAX - 1, UINT32_MAX};
    for (size_t index = 0; index < sizeof odd / sizeof *odd; index++) try_descriptor(odd[index], __WASI_ERRNO_BADF);
    attack("more descriptors than there are");
    static int opened[8192];
    int count = 0, error = 0;
    while (count < 8192 && !(error = open_at(3, 0, "mine", 0, RIGHTS, &opened[count]))) count++, calls++;
    check(error, __WASI_ERRNO_MFILE, "path_open", "mine");
    if (count < 100) check(count, 100, "how many were opened", "");
    EXPECT(try_open(3, 0, "made-without-number", __WASI_OFLAGS_CREAT, RIGHTS), MFILE);
    __wasi_filestat_t status;
    EXPECT(__wasi_path_filestat_get(3, 0, "mine", &status), SUCCESS);
    while (count > 0) EXPECT(__wasi_fd_close(opened[--count]), SUCCESS);
    EXPECT(try_open(3, 0, "mine", 0, RIGHTS), SUCCESS);
}

static void memory(void) {
    static uint32_t vectors[2048 * 2];
    static uint8_t room[4096], untouched[4096];
    int32_t list = (int32_t)(uintptr_t)vectors, out = (int32_t)(uintptr_t)room;
    uint32_t end = (uint32_t)__builtin_wasm_memory_size(0) * 65536;
    int file;
    attack("addresses that are not its own");
    EXPECT(open_at(3, 0, "scratch", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC, RIGHTS, &file), SUCCESS);
    static const uint32_t lengths[] = {UINT32_MAX, 1u << 31, UINT32_MAX - 4095};
    for (size_t index = 0; index < 3; index++) {
        vectors[0] = (uint32_t)out, vectors[1] = lengths[index];
        EXPECT(raw_fd_write(file, list, 1, out), FAULT);
        EXPECT(raw_fd_read(file, list, 1, out), FAULT);
        EXPECT(raw_fd_pwrite(file, list, 1, 0, out), FAULT);
        EXPECT(raw_fd_pread(file, list, 1, 0, out), FAULT);
    }
    // The first buffer is good, the second is not: nothing of either is written.
    vectors[0] = (uint32_t)out, vectors[1] = 4096, vectors[2] = end - 1, vectors[3] = 2;
    EXPECT(raw_fd_write(file, list, 2, out), FAULT);
    vectors[2] = UINT32_MAX, vectors[3] = 1;
    EXPECT(raw_fd_write(file, list, 2, out), FAULT);
    vectors[2] = end, vectors[3] = 0;
    EXPECT(raw_fd_write(file, list, 2, end - 3), FAULT);
    __wasi_filestat_t status = {0};
    EXPECT(__wasi_fd_filestat_get(file, &status), SUCCESS);
    check((int)status.size, 0, "size of a file that nothing was written to", "");
    EXPECT(raw_fd_write(file, (int32_t)(end - 7), 1, out), FAULT);
    EXPECT(raw_fd_write(file, list, INT32_MAX, out), FAULT);
    EXPECT(raw_fd_write(file, list, -1, out), FAULT);
    EXPECT(raw_fd_write(file, 0, 1 << 29, out), FAULT);
    // More than 4 GiB in one call, all of them the same bytes, and more than fits a number of 32 bits: as much as the
    // kernel takes at once. What comes in is nothing: the file is empty.
    for (int index = 0; index < 2048; index++) vectors[index * 2] = 0, vectors[index * 2 + 1] = end;
    EXPECT(raw_fd_read(file, list, 2048, out), SUCCESS);
    check(room[0] | room[1] | room[2] | room[3], 0, "bytes read from an empty file", "");
    EXPECT(raw_fd_fdstat_get(3, end - 23), FAULT);
    EXPECT(raw_fd_filestat_get(3, end - 63), FAULT);
    EXPECT(raw_fd_prestat_get(3, -1), FAULT);
    EXPECT(raw_fd_prestat_dir_name(3, end, 4096), FAULT);
    EXPECT(raw_fd_readdir(3, out, -1, 0, out), FAULT);
    EXPECT(raw_fd_readdir(3, end - 10, 64, 0, out), FAULT);
    EXPECT(raw_fd_readdir(3, out, 64, 0, end - 3), FAULT);
    EXPECT(raw_fd_seek(file, 0, 0, end - 7), FAULT);
    EXPECT(raw_path_open(3, 0, -1, 1, 0, 0, 0, 0, out), FAULT);
    EXPECT(raw_path_open(3, 0, (int32_t)(uintptr_t) "made-nowhere", 12, 1, RIGHTS, 0, 0, end - 3), FAULT);
    EXPECT(try_open(3, 0, "made-nowhere", 0, 0), NOENT);
    EXPECT(raw_path_readlink(3, (int32_t)(uintptr_t) "out", 3, end - 2, 4096, out), FAULT);
    EXPECT(raw_path_filestat_get(3, 0, (int32_t)(uintptr_t) "mine", 4, end - 63), FAULT);
    EXPECT(raw_path_create_directory(3, end - 1, 2), FAULT);
    EXPECT(raw_path_create_directory(3, out, -1), FAULT);
    EXPECT(raw_path_symlink(-1, 4, 3, out, 1), FAULT);
    EXPECT(raw_args_get(end - 3, out), FAULT);
    EXPECT(raw_args_sizes_get(out, end), FAULT);
    EXPECT(raw_environ_get(out, -1), SUCCESS);
    EXPECT(raw_clock_time_get(0, 1, end - 7), FAULT);
    EXPECT(raw_random_get(out, -1), FAULT);
    EXPECT(raw_random_get(end - 1, 2), FAULT);
    EXPECT(raw_poll_oneoff(out, out, -1, out), FAULT);
    EXPECT(raw_poll_oneoff(out, end - 31, 1, out), FAULT);
    EXPECT(raw_poll_oneoff(out, out, 1 << 28, out), FAULT);
    for (size_t index = 0; index < sizeof untouched; index++)
        if (untouched[index]) check(untouched[index], 0, "a byte that no call was given", "");
    attack("paths that are no text");
    static const char *const odd[] = {"\xff", "\xc3", "\xed\xa0\x80", "a\x80", "\xf8\x88\x80\x80\x80", "\xc0\xaf"};
    for (size_t index = 0; index < sizeof odd / sizeof *odd; index++) try_all(3, odd[index], __WASI_ERRNO_ILSEQ);
    check(raw_path_create_directory(3, (int32_t)(uintptr_t) "mine\0/..", 8), __WASI_ERRNO_INVAL, "path with a NUL", "");
    static char name[70000];
    memset(name, 'a', sizeof name - 1);
    try_all(3, name, __WASI_ERRNO_NAMETOOLONG);
    name[4096] = 0;
    try_all(3, name, __WASI_ERRNO_NAMETOOLONG);
    for (int index = 1; index < 4095; index += 2) name[index] = '/';
    name[4095] = 0;
    EXPECT(try_open(3, 0, name, 1, RIGHTS), NOENT);
    try_all(3, "", __WASI_ERRNO_NOENT);
    attack("places that no file has");
    __wasi_filesize_t at;
    EXPECT(__wasi_fd_seek(file, -1, __WASI_WHENCE_SET, &at), INVAL);
    EXPECT(__wasi_fd_seek(file, INT64_MIN, __WASI_WHENCE_SET, &at), INVAL);
    EXPECT(__wasi_fd_seek(file, INT64_MIN, __WASI_WHENCE_END, &at), INVAL);
    EXPECT(__wasi_fd_seek(file, -1, __WASI_WHENCE_CUR, &at), INVAL);
    EXPECT(raw_fd_seek(file, 0, 3, out), INVAL);
    EXPECT(raw_fd_seek(file, 0, -1, out), INVAL);
    vectors[0] = (uint32_t)out, vectors[1] = 1;
    EXPECT(raw_fd_pread(file, list, 1, -1, out), INVAL);
    EXPECT(raw_fd_pwrite(file, list, 1, INT64_MIN, out), INVAL);
    EXPECT(raw_fd_pwrite(file, list, 1, INT64_MAX, out), INVAL);
    EXPECT(__wasi_fd_filestat_set_size(file, UINT64_MAX), INVAL);
    EXPECT(__wasi_fd_filestat_set_size(file, 1ull << 63), INVAL);
    EXPECT(__wasi_fd_allocate(file, UINT64_MAX, 1), INVAL);
    EXPECT(__wasi_fd_allocate(file, INT64_MAX, 1), FBIG);
    EXPECT(__wasi_fd_allocate(file, 0, 0), INVAL);
    EXPECT(__wasi_fd_advise(file, UINT64_MAX, UINT64_MAX, 0), INVAL);
    EXPECT(__wasi_path_filestat_set_times(3, 0, "mine", 0, 0, 3), INVAL);
    EXPECT(__wasi_path_filestat_set_times(3, 0, "mine", 0, 0, 12), INVAL);
    EXPECT(__wasi_fd_close(file), SUCCESS);
    EXPECT(__wasi_path_unlink_file(3, "scratch"), SUCCESS);
}

/// `swap` is now a folder, now a link to a folder outside that has the same names.
static void race(long times) {
    attack("a link put in place of a folder meanwhile");
    static uint8_t bytes[64];
    __wasi_filestat_t status;
    long inside = 0, refused = 0;
    for (long index = 0; index < times; index++) {
        char name[32];
        snprintf(name, sizeof name, "swap/new%ld", index % 8);
        int opened, error = open_at(3, 1, "swap/file", 0, __WASI_RIGHTS_FD_READ, &opened);
        if (error) refused++;
        else {
            __wasi_iovec_t room = {bytes, sizeof bytes};
            __wasi_size_t got = 0;
            check(__wasi_fd_read(opened, &room, 1, &got), 0, "fd_read", "");
            if (got != 6 || memcmp(bytes, "inside", 6) != 0) check(1, 0, "what was read is outside", (char *)bytes);
            else inside++;
            EXPECT(__wasi_fd_close(opened), SUCCESS);
        }
        // Whatever each of these answers: what matters is what becomes of the folder outside.
        (void)try_open(3, 1, name, __WASI_OFLAGS_CREAT, RIGHTS);
        (void)__wasi_path_unlink_file(3, name);
        (void)__wasi_path_create_directory(3, "swap/made");
        (void)__wasi_path_remove_directory(3, "swap/made");
        (void)__wasi_path_link(3, 0, "swap/file", 3, "swap/linked");
        (void)__wasi_path_unlink_file(3, "swap/linked");
        (void)__wasi_path_symlink("x", 3, "swap/pointing");
        (void)__wasi_path_unlink_file(3, "swap/pointing");
        (void)__wasi_path_filestat_set_times(3, 1, "swap/file", 1, 1, 5);
        if (__wasi_path_rename(3, "swap/file", 3, "swap/moved") == 0)
            while (__wasi_path_rename(3, "swap/moved", 3, "swap/file") != 0) calls++;
        if (__wasi_path_filestat_get(3, 1, "swap/file", &status) == 0 && status.size != 6)
            check((int)status.size, 6, "the size of what is outside", "");
        calls += 14;
    }
    printf("swapped\t%ld\t%ld\n", inside, refused);
}

int main(int count, char **words) {
    long times = count > 1 ? atol(words[1]) : 0;
    paths_out();
    own_links();
    read_only();
    memory();
    descriptors();
    if (times > 0) race(times);
    attack("");
    return 0;
}
