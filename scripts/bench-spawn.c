// Runs a command and says what it took. Small and static, because a child begins with its parent's peak memory: measured
// from a Python of 12 MiB, nothing would ever take less.
//
//   bench-spawn OUTPUT COMMAND [ARGUMENT…]
//
// The command's standard output goes to the file OUTPUT, its input is empty. One line on standard output:
// wall time in nanoseconds, peak memory of the largest of its processes in KiB, exit code (128 and more: a signal).
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int failed(const char *what, int error) {
    fprintf(stderr, "bench-spawn: %s: %s\n", what, strerror(error));
    return 125;
}

int main(int count, char **arguments) {
    if (count < 3) {
        fputs("usage: bench-spawn OUTPUT COMMAND [ARGUMENT...]\n", stderr);
        return 64;
    }
    // Every descriptor is ready before the clock starts; the child only duplicates them.
    int output = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (output < 0) return failed(arguments[1], errno);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input < 0) return failed("/dev/null", errno);
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (error != 0) return failed("file actions", error);

    pid_t child;
    struct rusage usage;
    int status;
    int64_t start = now();
    error = posix_spawn(&child, arguments[2], &actions, NULL, arguments + 2, environ);
    if (error != 0) return failed(arguments[2], error);
    while (wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR) return failed("wait4", errno);
    }
    int64_t end = now();

    int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    printf("%" PRId64 " %ld %d\n", end - start, usage.ru_maxrss, code);
    return 0;
}
