// The program inside every image of scripts/e2e. Compiled for wasm32-wasi for our shim and for this machine for runc
// (REFERENCE=runc), so that the same checks can be made with both.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#ifdef MISSING_IMPORT
__attribute__((import_module("e2e"), import_name("nobody_gives_this"))) void nobody_gives_this(void);
#endif

static int fail(const char *what, const char *about) {
    fprintf(stderr, "%s %s: %s\n", what, about, strerror(errno));
    return 1;
}

static int cat(FILE *from) {
    static char bytes[65536];      // not on the stack: a WebAssembly guest has 64 KiB of it
    size_t count;
    while ((count = fread(bytes, 1, sizeof bytes, from)) > 0) {
        fwrite(bytes, 1, count, stdout);
        fflush(stdout);
    }
    return ferror(from) ? fail("read", "") : 0;
}

// Answers each line at once, so that a conversation can be held; says at the end that the end has been seen.
static int answer(void) {
    char line[4096];
    while (fgets(line, sizeof line, stdin) != NULL) {
        printf("got %s", line);
        fflush(stdout);
        if (strncmp(line, "quit", 4) == 0) return 5;
    }
    puts("end of input");
    return 0;
}

static int list(const char *path) {
    DIR *folder = opendir(path);
    if (folder == NULL) return fail("list", path);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] != '.') puts(entry->d_name);
    }
    closedir(folder);
    return 0;
}

static int readFile(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) return fail("read", path);
    int code = cat(file);
    fclose(file);
    return code;
}

static int writeFile(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) return fail("write", path);
    return 0;
}

static int hog(long mebibytes) {
    static char *volatile kept;     // so that no compiler leaves the memory out
    for (long done = 0; done < mebibytes; done++) {
        char *bytes = malloc(1 << 20);
        if (bytes == NULL) return fail("allocate", "");
        memset(bytes, 1 + (int) done % 100, 1 << 20);
        kept = bytes;
    }
    puts("all touched");
    return 0;
}

static int wait_(double seconds) {
    struct timespec left = {(time_t) seconds, (long) ((seconds - (double) (time_t) seconds) * 1e9)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {}
    return 0;
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "hello";
    const char *first = count > 2 ? arguments[2] : "";
    const char *second = count > 3 ? arguments[3] : "";
    // A container's first process on Linux ignores SIGTERM unless it says otherwise; a WebAssembly guest ends by it.
#ifndef __wasi__
    extern void endBySignals(void);
    endBySignals();
#endif
#ifdef MISSING_IMPORT
    nobody_gives_this();
#endif
    if (strcmp(what, "hello") == 0) puts("hello");
    if (strcmp(what, "args") == 0) for (int i = 2; i < count; i++) puts(arguments[i]);
    if (strcmp(what, "env") == 0) for (char **entry = environ; *entry != NULL; entry++) puts(*entry);
    if (strcmp(what, "exit") == 0) return atoi(first);
    if (strcmp(what, "trap") == 0) __builtin_trap();
    if (strcmp(what, "both") == 0) { fputs("to stdout\n", stdout); fflush(stdout); fputs("to stderr\n", stderr); }
    if (strcmp(what, "cat") == 0) return cat(stdin);
    if (strcmp(what, "answer") == 0) return answer();
    if (strcmp(what, "ls") == 0) return list(first);
    if (strcmp(what, "read") == 0) return readFile(first);
    if (strcmp(what, "write") == 0) return writeFile(first, second);
    if (strcmp(what, "owner") == 0) {
        struct stat status;
        if (writeFile(first, "x") != 0 || stat(first, &status) != 0) return 1;
        puts("written");
    }
    if (strcmp(what, "hog") == 0) return hog(atol(first));
    if (strcmp(what, "tty") == 0) printf("terminal: %d\n", isatty(1));
    if (strcmp(what, "big") == 0) {
        for (long line = 0; line < atol(first) / 64; line++) printf("%063ld\n", line);
    }
    if (strcmp(what, "sleep") == 0) {
        puts("up");
        fflush(stdout);
        wait_(*first == 0 ? 3600 : atof(first));
        return atoi(second);
    }
    if (strcmp(what, "spin") == 0) { puts("up"); fflush(stdout); for (volatile long turns = 0;; turns++) {} }
    if (strcmp(what, "ticks") == 0) {
        for (long tick = 0; tick < atol(first); tick++) { printf("tick %ld\n", tick); fflush(stdout); wait_(0.1); }
    }
    return 0;
}

#ifndef __wasi__
#include <signal.h>
static void end(int signal) { _exit(128 + signal); }
void endBySignals(void) { signal(SIGTERM, end); }
#endif
