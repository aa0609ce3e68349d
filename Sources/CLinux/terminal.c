#define _GNU_SOURCE
#include "CLinuxTerminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

int CLinux_open_terminal(void) {
    int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    int unlocked = 0;
    if (terminal >= 0 && ioctl(terminal, TIOCSPTLCK, &unlocked) != 0) {
        close(terminal);
        return -1;
    }
    return terminal;
}

int CLinux_terminal_peer(int terminal) { return ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC); }

int CLinux_resize_terminal(int terminal, uint16_t width, uint16_t height) {
    struct winsize size = {.ws_row = height, .ws_col = width};
    return ioctl(terminal, TIOCSWINSZ, &size);
}
