/* SPDX-License-Identifier: BSD-2-Clause */
/* What makes this process wake up on time. */
#ifndef DP_TARGET_SCHED_H
#define DP_TARGET_SCHED_H

#include <stdbool.h>

/*
 * Asks for the lowest real-time priority, for memory that stays in RAM and for
 * timers without slack, for the calling thread and those it makes later. True
 * if all of it was granted; less is not an error, only less punctual.
 */
bool host_realtime(void);
/* The ordinary priority again, for the calling thread: what it does now may wait. */
void host_ordinary(void);

#endif
