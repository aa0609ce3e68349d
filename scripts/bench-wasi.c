// What scripts/bench-wasi measures, compiled for WebAssembly and for the machine itself.
//
//   bench-wasi copy                      standard input to standard output in pieces of 64 KiB
//   bench-wasi bytes COUNT               COUNT writes of one byte each to standard output
//   bench-wasi opens COUNT FOLDER NAME   COUNT times NAME opened in FOLDER and closed again
//
// `bytes` and `opens` print the nanoseconds that one took on standard error.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#ifdef __wasm__
#include <wasi/api.h>
#endif

static char piece[65536];

static int fail(const char *what) {
    fprintf(stderr, "bench-wasi: %s: %s\n", what, strerror(errno));
    return 1;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int copy(void) {
    for (;;) {
        ssize_t got = read(0, piece, sizeof piece);
        if (got == 0) return 0;
        if (got < 0) return fail("read");
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(1, piece + done, (size_t)(got - done));
            if (put < 0) return fail("write");
            done += put;
        }
    }
}

/// One call that writes one byte, without the C library's own work on either side.
static int write_byte(void) {
#ifdef __wasm__
    static const __wasi_ciovec_t buffer = {(const uint8_t *)piece, 1};
    __wasi_size_t written;
    return __wasi_fd_write(1, &buffer, 1, &written) == 0 && written == 1;
#else
    return write(1, piece, 1) == 1;
#endif
}

static int bytes(long count) {
    double start = now();
    for (long index = 0; index < count; index++)
        if (!write_byte()) return fail("write");
    fprintf(stderr, "%.1f\n", (now() - start) / (double)count);
    return 0;
}

static int opens(long count, const char *folder, const char *name) {
    int directory = open(folder, O_RDONLY | O_DIRECTORY);
    if (directory < 0) return fail(folder);
    double start = now();
    for (long index = 0; index < count; index++) {
        int file = openat(directory, name, O_RDONLY);
        if (file < 0) return fail(name);
        close(file);
    }
    fprintf(stderr, "%.1f\n", (now() - start) / (double)count);
    return 0;
}

int main(int count, char **words) {
    if (count == 2 && strcmp(words[1], "copy") == 0) return copy();
    if (count == 3 && strcmp(words[1], "bytes") == 0) return bytes(atol(words[2]));
    if (count == 5 && strcmp(words[1], "opens") == 0) return opens(atol(words[2]), words[3], words[4]);
    fprintf(stderr, "usage: bench-wasi copy | bytes COUNT | opens COUNT FOLDER NAME\n");
    return 64;
}
