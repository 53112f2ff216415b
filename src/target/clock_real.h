/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock of this machine, and what kernel time stamps mean on it. */
#ifndef DP_TARGET_CLOCK_REAL_H
#define DP_TARGET_CLOCK_REAL_H

#include "seam/clock.h"

/* CLOCK_MONOTONIC. Has no state, so it needs no closing. */
struct clock *clock_real(void);
/*
 * The same where time is virtual (User-Mode Linux with time-travel=inf-cpu):
 * it moves while all sleep, so a wait is a sleep to its very end; and to read
 * it is a system call, so nothing is read that cannot have changed.
 */
struct virtual_clock {
	struct clock clock;
	nstime offset;		/* of the wall clock, which nobody sets */
};
void clock_virtual_init(struct virtual_clock *c);

/*
 * How far the wall clock is ahead of the monotonic one. Only setting the wall
 * clock changes that: the kernel slews both clocks alike.
 */
nstime clock_real_wall_offset(void);

/*
 * Turns wall-clock stamps (all that a capture gives) into monotonic ones. The
 * difference is taken afresh at every use; when somebody sets the wall clock
 * in between, the stamp is told apart by where it may lie: after `low` and
 * before now.
 */
struct wall_clock {
	nstime offset;		/* at the last use */
	nstime low;		/* stamps still to come are not older than this */
};

void wall_clock_init(struct wall_clock *w);
/* All stamps up to that monotonic time have been converted; those to come are later. */
void wall_clock_seen_all(struct wall_clock *w, nstime until);
/*
 * *t = the stamp on the monotonic clock. False when the wall clock was set so
 * that before and after cannot be told apart.
 */
bool wall_clock_convert(struct wall_clock *w, nstime wall, nstime *t);

#endif
