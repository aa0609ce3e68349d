#ifndef CLINUX_TERMINAL_H
#define CLINUX_TERMINAL_H

#include <stdint.h>

/// Opens a new terminal; our side, close-on-exec and not blocking. Needs /dev/ptmx.
int CLinux_open_terminal(void);

/// The other side of such a terminal, close-on-exec, without making it this process's own (TIOCGPTPEER: no path is
/// looked up).
int CLinux_terminal_peer(int terminal);

/// Sets a terminal's size in characters.
int CLinux_resize_terminal(int terminal, uint16_t width, uint16_t height);

#endif
