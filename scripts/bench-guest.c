// Stands where wasm-shim looks for its guest program, and runs that many times with the launch plan that it was given: what
// it takes alone, without the command before it. A native program runs in turns with it.
//
// It is compiled with GUEST and NATIVE, the two programs, and ROUNDS, how often both run: wasm-shim leaves no environment.
// For each round a line on standard error: nanoseconds of the native program, of the guest program.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/// The launch plan, the module and what else was left to this program.
enum { FIRST = 3 };

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Nanoseconds from start to exit; ends this program when the other fails.
static int64_t time_of(const char *path, char **arguments) {
    pid_t child;
    int status;
    int64_t start = now();
    int error = posix_spawn(&child, path, NULL, NULL, arguments, environ);
    if (error != 0) {
        fprintf(stderr, "bench-guest: %s: %s\n", path, strerror(error));
        exit(125);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    int64_t end = now();
    if (status != 0) {
        fprintf(stderr, "bench-guest: %s ended with status %d\n", path, status);
        exit(125);
    }
    return end - start;
}

int main(int count, char **arguments) {
    (void)count;
    char native[] = NATIVE, *native_arguments[] = {native, NULL};
    for (int round = 0; round < ROUNDS; round++) {
        int64_t first = time_of(native, native_arguments);
        // Descriptors share their place in a file with whoever they were left to.
        for (int inherited = FIRST; inherited < FIRST + 8; inherited++) lseek(inherited, 0, SEEK_SET);
        fprintf(stderr, "%" PRId64 " %" PRId64 "\n", first, time_of(GUEST, arguments));
    }
    return 0;
}
