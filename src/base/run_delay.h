/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a thread that could run had no processor. */
#ifndef DP_BASE_RUN_DELAY_H
#define DP_BASE_RUN_DELAY_H

#include "base/nstime.h"

/* To read the calling thread's delay from; -1 where the kernel does not count it. Close it. */
int run_delay_open(void);
/* Time that thread waited for a processor so far; 0 if unknown (fd -1). Any thread may ask. */
nstime run_delay(int fd);

#endif
