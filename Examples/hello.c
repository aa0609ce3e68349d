// The program of `make demo`: says what it was given, and shows that it sees only its image's files.
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
    const char *name = getenv("NAME");
    printf("Hello, %s, from a WebAssembly container.\n", name ? name : "whoever you are");
    for (int index = 1; index < count; index++) printf("argument %d: %s\n", index, arguments[index]);
    FILE *secrets = fopen("/etc/passwd", "r");
    printf("/etc/passwd of the machine: %s\n", secrets ? "readable" : "not there");
    return 0;
}
