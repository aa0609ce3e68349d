// Prints what each of many unusual calls answers, a line each, to be compared between hosts.
// Needs one empty writable preopen as descriptor 3. Only raw calls, so that no C library stands between.
#include <stdio.h>
#include <string.h>
#include <wasi/api.h>

#define SHOW(call) printf("%-60s %d\n", #call, (int)(call))
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW
#define RW (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE)

static __wasi_errno_t try_open(int fd, int look, const char *path, int oflags, __wasi_rights_t rights, int fdflags) {
    __wasi_fd_t opened;
    __wasi_errno_t error = __wasi_path_open(fd, look, path, oflags, rights, rights, fdflags, &opened);
    if (!error && __wasi_fd_close(opened)) puts("not closed");
    return error;
}

static int open_or_die(const char *path, int oflags, __wasi_rights_t rights, int fdflags) {
    __wasi_fd_t opened = 99;
    __wasi_errno_t error = __wasi_path_open(3, FOLLOW, path, oflags, rights, rights, fdflags, &opened);
    if (error) printf("open %s: %d\n", path, error);
    return (int)opened;
}

static __wasi_errno_t stat_of(int fd, int look, const char *path) {
    __wasi_filestat_t status;
    return __wasi_path_filestat_get(fd, look, path, &status);
}

static int type_of(int look, const char *path) {
    __wasi_filestat_t status;
    return __wasi_path_filestat_get(3, look, path, &status) ? -1 : status.filetype;
}

static __wasi_errno_t readlink_of(const char *path) {
    uint8_t buffer[64];
    __wasi_size_t used;
    return __wasi_path_readlink(3, path, buffer, sizeof buffer, &used);
}

static __wasi_errno_t write_to(int fd) {
    __wasi_ciovec_t v = {(const uint8_t *)"x", 1};
    __wasi_size_t n;
    return __wasi_fd_write(fd, &v, 1, &n);
}

static __wasi_errno_t read_from(int fd) {
    uint8_t byte;
    __wasi_iovec_t v = {&byte, 1};
    __wasi_size_t n;
    return __wasi_fd_read(fd, &v, 1, &n);
}

static __wasi_errno_t pread_from(int fd, __wasi_filesize_t at) {
    uint8_t byte;
    __wasi_iovec_t v = {&byte, 1};
    __wasi_size_t n;
    return __wasi_fd_pread(fd, &v, 1, at, &n);
}

static __wasi_errno_t pwrite_to(int fd, __wasi_filesize_t at) {
    __wasi_ciovec_t v = {(const uint8_t *)"x", 1};
    __wasi_size_t n;
    return __wasi_fd_pwrite(fd, &v, 1, at, &n);
}

static __wasi_errno_t seek(int fd, __wasi_filedelta_t by, int whence) {
    __wasi_filesize_t at;
    return __wasi_fd_seek(fd, by, (__wasi_whence_t)whence, &at);
}

static __wasi_errno_t tell(int fd) {
    __wasi_filesize_t at;
    return __wasi_fd_tell(fd, &at);
}

static __wasi_errno_t fdstat(int fd) {
    __wasi_fdstat_t s;
    return __wasi_fd_fdstat_get(fd, &s);
}

static __wasi_errno_t list(int fd) {
    uint8_t buffer[256];
    __wasi_size_t n;
    return __wasi_fd_readdir(fd, buffer, sizeof buffer, 0, &n);
}

static __wasi_errno_t prestat(int fd) {
    __wasi_prestat_t s;
    return __wasi_fd_prestat_get(fd, &s);
}

static __wasi_errno_t poll_fd(int fd, int type) {
    __wasi_subscription_t sub = {0};
    __wasi_event_t event;
    __wasi_size_t n;
    sub.u.tag = (uint8_t)type;
    sub.u.u.fd_read.file_descriptor = fd;
    __wasi_errno_t error = __wasi_poll_oneoff(&sub, &event, 1, &n);
    return error ? error : event.error;
}

static __wasi_errno_t clock_of(int id) {
    __wasi_timestamp_t t;
    return __wasi_clock_time_get((__wasi_clockid_t)id, 1, &t);
}

int main(int argc, char **argv) {
    (void)argv;
    uint8_t name[64];
    int file = open_or_die("file", __WASI_OFLAGS_CREAT, RW, 0);
    write_to(file);
    SHOW(__wasi_path_create_directory(3, "dir"));
    SHOW(__wasi_path_create_directory(3, "dir/sub"));
    int dir = open_or_die("dir", __WASI_OFLAGS_DIRECTORY, 0, 0);
    SHOW(__wasi_path_symlink("file", 3, "to-file"));
    SHOW(__wasi_path_symlink("dir", 3, "to-dir"));
    SHOW(__wasi_path_symlink("../..", 3, "out"));
    SHOW(__wasi_path_symlink("nowhere", 3, "dangling"));
    SHOW(__wasi_path_symlink("loop", 3, "loop"));
    SHOW(__wasi_path_symlink("/etc", 3, "absolute"));
    SHOW(__wasi_path_symlink("", 3, "empty"));
    SHOW(__wasi_path_symlink("x", 3, ""));
    SHOW(__wasi_path_symlink("x", 3, "dir/.."));
    SHOW(__wasi_path_symlink("x", 3, "."));

    puts("-- opening");
    SHOW(try_open(3, 0, "", 0, 0, 0));
    SHOW(try_open(3, 0, "/", 0, 0, 0));
    SHOW(try_open(3, 0, "/file", 0, 0, 0));
    SHOW(try_open(3, 0, "..", 0, 0, 0));
    SHOW(try_open(3, 0, "../x", 0, 0, 0));
    SHOW(try_open(3, 0, "dir/../..", 0, 0, 0));
    SHOW(try_open(3, 0, "dir/..", 0, 0, 0));
    SHOW(try_open(dir, 0, "..", 0, 0, 0));
    SHOW(try_open(dir, 0, "../file", 0, 0, 0));
    SHOW(try_open(3, 0, "missing", 0, 0, 0));
    SHOW(try_open(3, 0, "missing/x", 0, 0, 0));
    SHOW(try_open(3, 0, "file/x", 0, 0, 0));
    SHOW(try_open(3, 0, "file/", 0, 0, 0));
    SHOW(try_open(3, 0, "file/.", 0, 0, 0));
    SHOW(try_open(3, 0, "file/..", 0, 0, 0));
    SHOW(try_open(3, 0, "dir/", 0, 0, 0));
    SHOW(try_open(3, 0, "dir", 0, RW, 0));
    SHOW(try_open(3, 0, "dir", __WASI_OFLAGS_DIRECTORY, RW, 0));
    SHOW(try_open(3, 0, "file", __WASI_OFLAGS_DIRECTORY, 0, 0));
    SHOW(try_open(3, 0, "file", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL, RW, 0));
    SHOW(try_open(3, 0, "file", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_DIRECTORY, 0, 0));
    SHOW(try_open(3, 0, "new/", __WASI_OFLAGS_CREAT, RW, 0));
    SHOW(try_open(3, 0, "dir", __WASI_OFLAGS_CREAT, RW, 0));
    SHOW(try_open(3, 0, "dir", __WASI_OFLAGS_TRUNC, RW, 0));
    SHOW(try_open(3, 0, "to-file", 0, 0, 0));
    SHOW(try_open(3, FOLLOW, "to-file", 0, 0, 0));
    SHOW(try_open(3, 0, "to-dir", __WASI_OFLAGS_DIRECTORY, 0, 0));
    SHOW(try_open(3, FOLLOW, "to-dir", __WASI_OFLAGS_DIRECTORY, 0, 0));
    SHOW(try_open(3, 0, "to-dir/sub", 0, 0, 0));
    SHOW(try_open(3, 0, "to-dir/", 0, 0, 0));
    SHOW(try_open(3, FOLLOW, "out", 0, 0, 0));
    SHOW(try_open(3, 0, "out", 0, 0, 0));
    SHOW(try_open(3, 0, "out/etc", 0, 0, 0));
    SHOW(try_open(3, FOLLOW, "dangling", 0, 0, 0));
    SHOW(try_open(3, FOLLOW, "loop", 0, 0, 0));
    SHOW(try_open(3, 0, "loop/x", 0, 0, 0));
    SHOW(try_open(file, 0, "x", 0, 0, 0));
    SHOW(try_open(1, 0, "x", 0, 0, 0));
    SHOW(try_open(77, 0, "x", 0, 0, 0));
    SHOW(try_open(3, 0, "file", 0, RW, __WASI_FDFLAGS_SYNC));
    SHOW(try_open(3, 0, "file", 0, RW, __WASI_FDFLAGS_DSYNC));
    SHOW(try_open(3, 0, "file", 0, RW, __WASI_FDFLAGS_RSYNC));
    SHOW(try_open(3, 0, "\xff\xfe", 0, 0, 0));

    puts("-- attributes");
    SHOW(stat_of(3, 0, ""));
    SHOW(stat_of(3, 0, "."));
    SHOW(stat_of(3, 0, ".."));
    SHOW(stat_of(3, 0, "dir/.."));
    SHOW(stat_of(3, 0, "/"));
    SHOW(stat_of(dir, 0, ".."));
    SHOW(stat_of(3, 0, "out"));
    SHOW(stat_of(3, FOLLOW, "out"));
    SHOW(stat_of(3, 0, "out/"));
    SHOW(stat_of(3, 0, "dangling"));
    SHOW(stat_of(3, FOLLOW, "dangling"));
    SHOW(stat_of(3, 0, "to-dir/"));
    SHOW(stat_of(3, 0, "file/"));
    SHOW(stat_of(3, FOLLOW, "loop"));
    SHOW(stat_of(file, 0, "x"));
    SHOW(type_of(0, "to-file"));
    SHOW(type_of(FOLLOW, "to-file"));
    SHOW(type_of(0, "to-dir/"));
    SHOW(type_of(0, "dir"));
    SHOW(__wasi_path_filestat_set_times(3, 0, "file", 0, 5, 4));
    SHOW(__wasi_path_filestat_set_times(3, 0, "dangling", 0, 5, 4));
    SHOW(__wasi_path_filestat_set_times(3, FOLLOW, "dangling", 0, 5, 4));
    SHOW(__wasi_path_filestat_set_times(3, 0, "..", 0, 5, 4));
    SHOW(__wasi_fd_filestat_set_times(file, 1, 1, 3));
    SHOW(__wasi_fd_filestat_set_times(3, 1, 1, 5));
    SHOW(__wasi_fd_filestat_set_times(1, 1, 1, 5));
    SHOW(__wasi_fd_filestat_set_size(3, 1));
    SHOW(__wasi_fd_filestat_set_size(1, 1));
    SHOW(__wasi_fd_filestat_set_size(file, ~0ull));

    puts("-- names");
    SHOW(__wasi_path_create_directory(3, ""));
    SHOW(__wasi_path_create_directory(3, "."));
    SHOW(__wasi_path_create_directory(3, ".."));
    SHOW(__wasi_path_create_directory(3, "/x"));
    SHOW(__wasi_path_create_directory(3, "dir"));
    SHOW(__wasi_path_create_directory(3, "dir/"));
    SHOW(__wasi_path_create_directory(3, "file/x"));
    SHOW(__wasi_path_create_directory(3, "out/x"));
    SHOW(__wasi_path_create_directory(3, "dangling"));
    SHOW(__wasi_path_create_directory(3, "fresh/"));
    SHOW(__wasi_path_remove_directory(3, "fresh//"));
    SHOW(__wasi_path_remove_directory(3, ""));
    SHOW(__wasi_path_remove_directory(3, "."));
    SHOW(__wasi_path_remove_directory(3, ".."));
    SHOW(__wasi_path_remove_directory(3, "dir/.."));
    SHOW(__wasi_path_remove_directory(3, "dir/."));
    SHOW(__wasi_path_remove_directory(3, "dir"));
    SHOW(__wasi_path_remove_directory(3, "file"));
    SHOW(__wasi_path_remove_directory(3, "to-dir"));
    SHOW(__wasi_path_remove_directory(3, "to-dir/"));
    SHOW(__wasi_path_remove_directory(3, "missing"));
    SHOW(__wasi_path_unlink_file(3, ""));
    SHOW(__wasi_path_unlink_file(3, "."));
    SHOW(__wasi_path_unlink_file(3, ".."));
    SHOW(__wasi_path_unlink_file(3, "dir"));
    SHOW(__wasi_path_unlink_file(3, "dir/"));
    SHOW(__wasi_path_unlink_file(3, "file/"));
    SHOW(__wasi_path_unlink_file(3, "missing"));
    SHOW(__wasi_path_unlink_file(3, "missing/"));
    SHOW(__wasi_path_unlink_file(3, "to-dir/"));
    SHOW(__wasi_path_unlink_file(3, "out/x"));
    SHOW(__wasi_path_unlink_file(3, "/x"));
    SHOW(readlink_of(""));
    SHOW(readlink_of("."));
    SHOW(readlink_of(".."));
    SHOW(readlink_of("file"));
    SHOW(readlink_of("file/"));
    SHOW(readlink_of("dir"));
    SHOW(readlink_of("dir/"));
    SHOW(readlink_of("to-dir"));
    SHOW(readlink_of("to-dir/"));
    SHOW(readlink_of("missing"));
    SHOW(readlink_of("out"));
    SHOW(readlink_of("out/"));
    SHOW(__wasi_path_rename(3, "missing", 3, "x"));
    SHOW(__wasi_path_rename(3, "", 3, "x"));
    SHOW(__wasi_path_rename(3, "file", 3, ""));
    SHOW(__wasi_path_rename(3, ".", 3, "x"));
    SHOW(__wasi_path_rename(3, "..", 3, "x"));
    SHOW(__wasi_path_rename(3, "file", 3, "."));
    SHOW(__wasi_path_rename(3, "file", 3, ".."));
    SHOW(__wasi_path_rename(3, "file", 3, "../x"));
    SHOW(__wasi_path_rename(3, "file", 3, "dir"));
    SHOW(__wasi_path_rename(3, "dir", 3, "file"));
    SHOW(__wasi_path_rename(3, "dir", 3, "dir/sub/x"));
    SHOW(__wasi_path_rename(3, "file/", 3, "x"));
    SHOW(__wasi_path_rename(3, "file", 3, "x/"));
    SHOW(__wasi_path_rename(3, "file", 3, "file"));
    SHOW(__wasi_path_rename(3, "file", file, "x"));
    SHOW(__wasi_path_link(3, 0, "file", 3, "file"));
    SHOW(__wasi_path_link(3, 0, "file", 3, "hard"));
    SHOW(__wasi_path_link(3, 0, "file/", 3, "hard2"));
    SHOW(__wasi_path_link(3, 0, "file", 3, "hard2/"));
    SHOW(__wasi_path_link(3, 0, "dir", 3, "hard2"));
    SHOW(__wasi_path_link(3, 0, "dir/", 3, "hard2"));
    SHOW(__wasi_path_link(3, 0, "..", 3, "hard2"));
    SHOW(__wasi_path_link(3, 0, "missing", 3, "hard2"));
    SHOW(__wasi_path_link(3, 0, "dangling", 3, "hard3"));
    SHOW(__wasi_path_link(3, FOLLOW, "to-file", 3, "hard4"));
    SHOW(__wasi_path_link(3, 0, "out/etc/passwd", 3, "hard5"));

    puts("-- descriptors");
    SHOW(read_from(3));
    SHOW(write_to(3));
    SHOW(pread_from(3, 0));
    SHOW(pwrite_to(3, 0));
    SHOW(write_to(0));
    SHOW(read_from(1));
    SHOW(read_from(77));
    SHOW(pread_from(0, 0));
    SHOW(pwrite_to(1, 0));
    SHOW(pread_from(file, ~0ull));
    SHOW(pwrite_to(file, ~0ull));
    SHOW(seek(3, 0, 0));
    SHOW(seek(1, 0, 1));
    SHOW(seek(file, -1, 0));
    SHOW(seek(file, -100, 2));
    SHOW(tell(3));
    SHOW(tell(0));
    SHOW(tell(77));
    SHOW(list(file));
    SHOW(list(1));
    SHOW(list(3));
    SHOW(fdstat(77));
    SHOW(__wasi_fd_advise(3, 0, 0, 0));
    SHOW(__wasi_fd_advise(file, ~0ull, 0, 0));
    SHOW(__wasi_fd_advise(1, 0, 0, 0));
    SHOW(__wasi_fd_allocate(3, 0, 1));
    SHOW(__wasi_fd_sync(file));
    SHOW(__wasi_fd_datasync(file));
    SHOW(__wasi_fd_fdstat_set_flags(file, __WASI_FDFLAGS_APPEND));
    SHOW(__wasi_fd_fdstat_set_flags(file, __WASI_FDFLAGS_SYNC));
    SHOW(__wasi_fd_fdstat_set_flags(3, 0));
    SHOW(__wasi_fd_renumber(77, 3));
    SHOW(__wasi_fd_renumber(file, 77));
    SHOW(__wasi_fd_renumber(file, file));
    SHOW(__wasi_fd_close(77));
    SHOW(prestat(3));
    SHOW(prestat(dir));
    SHOW(prestat(1));
    SHOW(prestat(77));
    SHOW(__wasi_fd_prestat_dir_name(3, name, 0));
    SHOW(__wasi_fd_prestat_dir_name(3, name, sizeof name));
    SHOW(__wasi_fd_prestat_dir_name(dir, name, sizeof name));
    SHOW(__wasi_fd_prestat_dir_name(77, name, sizeof name));

    if (argc > 1) {
        puts("-- values without a name, which some hosts trap on");
        SHOW(try_open(3, 2, "file", 0, 0, 0));
        SHOW(try_open(3, 0, "file", 16, 0, 0));
        SHOW(try_open(3, 0, "file", 0, 0, 32));
        SHOW(try_open(3, 0, "file", 0, 1ull << 40, 0));
        SHOW(__wasi_path_filestat_set_times(3, 0, "file", 0, 5, 16));
        SHOW(seek(file, 0, 3));
        SHOW(__wasi_fd_advise(file, 0, 0, 6));
        SHOW(__wasi_fd_fdstat_set_flags(file, 32));
        SHOW(poll_fd(file, 3));
        SHOW(clock_of(9));
    }

    puts("-- the rest");
    SHOW(poll_fd(file, 1));
    SHOW(poll_fd(file, 2));
    SHOW(poll_fd(1, 2));
    SHOW(clock_of(0));
    SHOW(clock_of(1));
    SHOW(__wasi_random_get(name, 0));
    SHOW(__wasi_random_get(name, sizeof name));
    SHOW(__wasi_sched_yield());
    __wasi_size_t size;
    __wasi_ciovec_t out = {name, 1};
    SHOW(__wasi_sock_shutdown(file, 3));
    SHOW(__wasi_sock_shutdown(77, 3));
    SHOW(__wasi_sock_send(file, &out, 1, 0, &size));
    return 0;
}
