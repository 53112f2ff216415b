/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock of a run. Nothing else in the tree reads a clock or sleeps. A
 * target brings the clock its stack lives by: real or virtual.
 */
#ifndef DP_SEAM_CLOCK_H
#define DP_SEAM_CLOCK_H

#include "base/nstime.h"

struct clock;

struct clock_ops {
	/* Monotonic time; the zero point is the clock's own. */
	nstime (*now)(struct clock *c);
	/*
	 * Returns once now() >= t, as soon after as the clock can. Safe to
	 * call from several threads at once.
	 */
	void (*wait_until)(struct clock *c, nstime t);
	/*
	 * The step the stack's own timers move in (a kernel's 1/HZ), in ns; 0
	 * if they are exact.
	 */
	nstime (*timer_step)(struct clock *c);
	/*
	 * A time soon, at which a script may well begin: its milliseconds then
	 * fall between the stack's timer steps, the same way in every run.
	 */
	nstime (*good_start)(struct clock *c);
	/*
	 * What to add to now() for the time that the stack stamps packets and
	 * messages with (a kernel's CLOCK_REALTIME). It moves when that clock
	 * is set. NULL: the stack's stamps are on this clock.
	 */
	nstime (*wall_offset)(struct clock *c);
};

struct clock {
	const struct clock_ops *ops;
};

static inline nstime clock_now(struct clock *c)
{
	return c->ops->now(c);
}

static inline void clock_wait_until(struct clock *c, nstime t)
{
	c->ops->wait_until(c, t);
}

static inline nstime clock_timer_step(struct clock *c)
{
	return c->ops->timer_step(c);
}

static inline nstime clock_good_start(struct clock *c)
{
	return c->ops->good_start(c);
}

static inline nstime clock_wall_offset(struct clock *c)
{
	return c->ops->wall_offset ? c->ops->wall_offset(c) : 0;
}

#endif
