/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/granularity.h"
#include "base/arena.h"

/*
 * Linux's timer wheel (kernel/time/timer.c): level 0 has 64 slots of one
 * tick, each level above slots eight times as long, so a timer of N ticks
 * fires up to one slot of its level late.
 */
static nstime wheel_slot(nstime timer, nstime step)
{
	nstime slot = step, reach = 63 * step;
	int level;

	for (level = 0; level < 8 && timer > reach; level++) {
		slot *= 8;
		reach *= 8;
	}
	return slot;
}

nstime granularity_of(nstime timer, nstime step)
{
	return step ? wheel_slot(timer > 0 ? timer : 0, step) + step : 0;
}

const char *granularity_explain(nstime off, nstime timer, nstime step, struct arena *a)
{
	nstime late = granularity_of(timer, step);
	char s[NSTIME_TEXT], t[NSTIME_TEXT];

	if (!step || off < 0 || off > late)
		return NULL;
	return arena_printf(a, "the kernel's timers explain this: its tick is %s (HZ=%lld), and a "
			    "timer of this length fires up to %s late",
			    nstime_words(step, s), (long long)(NS_PER_SEC / step),
			    nstime_words(late, t));
}
