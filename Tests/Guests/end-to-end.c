// The guest of the end-to-end tests: its first argument says what it does.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

// Where a recursion that never ends keeps its frames from being optimised away.
static volatile int depth;
static int sink(int level) {
    volatile char frame[64];
    frame[level % 64] = (char)level;
    depth = level;
    return sink(level + 1) + frame[level % 64];
}

__attribute__((export_name("other"))) void other(void) {
    puts("the other function");
}

int main(int count, char **arguments) {
    const char *what = count > 1 ? arguments[1] : "say";
    if (strcmp(what, "say") == 0) {
        for (int index = 0; index < count; index++) printf("argument %s\n", arguments[index]);
        for (char **variable = environ; *variable; variable++) printf("variable %s\n", *variable);
    } else if (strcmp(what, "copy") == 0) {
        int character;
        while ((character = getchar()) != EOF) putchar(character);
    } else if (strcmp(what, "exit") == 0) {
        return atoi(arguments[2]);
    } else if (strcmp(what, "cat") == 0) {
        FILE *file = fopen(arguments[2], "r");
        if (!file) {
            perror(arguments[2]);
            return 2;
        }
        int character;
        while ((character = getc(file)) != EOF) putchar(character);
    } else if (strcmp(what, "write") == 0) {
        FILE *file = fopen(arguments[2], "w");
        if (!file) {
            perror(arguments[2]);
            return 2;
        }
        fputs(arguments[3], file);
        return fclose(file) != 0;
    } else if (strcmp(what, "wait") == 0) {
        puts("waiting");
        fflush(stdout);
        for (;;) sleep(1);
    } else if (strcmp(what, "spin") == 0) {
        puts("waiting");
        fflush(stdout);
        // Makes files all the time, for who removes them at the same time.
        for (;;) {
            FILE *file = fopen("/made", "w");
            if (file) fclose(file);
            remove("/made");
        }
    } else if (strcmp(what, "trap") == 0) {
        __builtin_trap();
    } else if (strcmp(what, "sink") == 0) {
        return sink(0);
    } else {
        return 99;
    }
    return 0;
}
