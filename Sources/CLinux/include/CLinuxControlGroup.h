#ifndef CLINUX_CONTROL_GROUP_H
#define CLINUX_CONTROL_GROUP_H

#include <stdint.h>

/// Being told when something happens in a control group.

/// eventfd(2), close-on-exec and not blocking, at 0.
int CLinux_event_counter(void);

/// Takes what such a counter has counted since the last time; 0 when nothing, or on failure.
uint64_t CLinux_take_event_count(int counter);

/// inotify(7), close-on-exec and not blocking, that watches one file for changes.
int CLinux_watch_file(const char *_Nonnull path);

/// Throws away what such a descriptor has to tell.
void CLinux_discard_changes(int watch);

/// How many ticks of the processor clock make a second (USER_HZ).
int64_t CLinux_ticks_per_second(void);

#endif
