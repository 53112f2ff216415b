/* SPDX-License-Identifier: BSD-2-Clause */
/* How coarse a kernel's own timers are: the part of a time error that is neither bug nor tester. */
#ifndef DP_ENGINE_GRANULARITY_H
#define DP_ENGINE_GRANULARITY_H

#include "base/nstime.h"

struct arena;

/*
 * How late a timer of this length may run: a slot of the kernel's timer wheel,
 * and a tick until it is armed. 0 where timers are exact (step is 0).
 */
nstime granularity_of(nstime timer, nstime step);
/*
 * A remark when a packet came `off` later than a timer of length `timer`
 * would have it, and the kernel's tick or timer wheel accounts for that; NULL
 * if it does not. step is the tick (1/HZ), 0 = exact timers.
 */
const char *granularity_explain(nstime off, nstime timer, nstime step, struct arena *a);

#endif
