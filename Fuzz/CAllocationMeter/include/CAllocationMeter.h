#ifndef CALLOCATIONMETER_H
#define CALLOCATIONMETER_H

#include <stddef.h>

/// How much memory the process has allocated. Counts for one thread at a time.

/// Begins to count: what is allocated now is nothing.
void CAllocationMeter_start(void);

/// The most that was allocated at once since then.
size_t CAllocationMeter_peak(void);

#endif
