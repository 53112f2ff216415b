/* SPDX-License-Identifier: BSD-2-Clause */
/* The real clock. The one place in the tree that spins. */
#include "config.h"

#include "target/clock_real.h"

#include <errno.h>
#include <time.h>

/* A sleep ends this much early; the rest, which covers a usual wake-up, is spun away. */
#define SPIN_NS (60 * NS_PER_US)
/* The offset of two undisturbed clocks is measured the same within this. */
#define STEP_NS NS_PER_MS
/* Two readings further apart than this were interrupted. */
#define BRACKET_NS (1 * NS_PER_US)
/* A stamp and a reading of the same instant may differ by this: they round differently. */
#define SLACK_NS (20 * NS_PER_US)

static nstime read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return nstime_from_timespec(ts);
}

static nstime real_now(struct clock *c)
{
	return read_clock(CLOCK_MONOTONIC);
}

static void real_wait_until(struct clock *c, nstime t)
{
	struct timespec ts;

	if (t - SPIN_NS > real_now(c)) {
		ts = nstime_to_timespec(t - SPIN_NS);
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
			;
	}
	while (real_now(c) < t)
		;
}

static void virtual_wait_until(struct clock *c, nstime t)
{
	struct timespec ts = nstime_to_timespec(t);

	(void)c;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/* The coarse clock moves once per timer tick, which is the step of TCP's own timers. */
static nstime real_timer_step(struct clock *c)
{
	struct timespec ts;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &ts) < 0)
		return 0;
	return nstime_from_timespec(ts);
}

/* How long after a tick a script begins: its milliseconds then fall well between two ticks. */
#define AFTER_TICK (250 * NS_PER_US)

/* The coarse clock reads the instant of the last tick, so the next one need not be watched for. */
static nstime real_good_start(struct clock *c)
{
	nstime step = real_timer_step(c), start = read_clock(CLOCK_MONOTONIC_COARSE) + AFTER_TICK;

	if (step <= 0)
		return real_now(c);
	while (start < real_now(c) + AFTER_TICK)
		start += step;
	return start;
}

static nstime real_wall_offset(struct clock *c)
{
	return clock_real_wall_offset();
}

static const struct clock_ops real_ops = {
	.now = real_now,
	.wait_until = real_wait_until,
	.timer_step = real_timer_step,
	.good_start = real_good_start,
	.wall_offset = real_wall_offset,
};

struct clock *clock_real(void)
{
	/* Never written through the pointer: the clock of this machine has no state. */
	static const struct clock real = { .ops = &real_ops };

	return (struct clock *)&real;
}

static nstime virtual_wall_offset(struct clock *c)
{
	return ((struct virtual_clock *)c)->offset;
}

static const struct clock_ops virtual_ops = {
	.now = real_now,
	.wait_until = virtual_wait_until,
	.timer_step = real_timer_step,
	.good_start = real_good_start,
	.wall_offset = virtual_wall_offset,
};

void clock_virtual_init(struct virtual_clock *c)
{
	*c = (struct virtual_clock){ .clock = { &virtual_ops }, .offset = clock_real_wall_offset() };
}

nstime clock_real_wall_offset(void)
{
	nstime before, wall, after, width, best_width = INT64_MAX, best = 0;
	int i;

	for (i = 0; i < 5 && best_width > BRACKET_NS; i++) {
		before = read_clock(CLOCK_MONOTONIC);
		wall = read_clock(CLOCK_REALTIME);
		after = read_clock(CLOCK_MONOTONIC);
		width = after - before;
		if (width >= best_width)
			continue;
		best_width = width;
		best = wall - before - width / 2;
	}
	return best;
}

void wall_clock_init(struct wall_clock *w)
{
	w->offset = clock_real_wall_offset();
	w->low = read_clock(CLOCK_MONOTONIC);
}

void wall_clock_seen_all(struct wall_clock *w, nstime until)
{
	if (until > w->low)
		w->low = until;
}

bool wall_clock_convert(struct wall_clock *w, nstime wall, nstime *t)
{
	nstime offset = clock_real_wall_offset();
	nstime high = read_clock(CLOCK_MONOTONIC) + SLACK_NS;
	nstime low = w->low - SLACK_NS;
	nstime by_new = wall - offset, by_old = wall - w->offset, moved = offset - w->offset;
	bool new_fits = by_new >= low && by_new <= high;
	bool old_fits = by_old >= low && by_old <= high;

	/*
	 * After a step the stamp may be from either side of it. Stamps come in
	 * order and none lies in the future, so as a rule one reading only is
	 * possible. The old offset is kept while older stamps may still come.
	 */
	if (moved < STEP_NS && moved > -STEP_NS) {
		w->offset = offset;
		*t = by_new;
	} else if (new_fits && !old_fits) {
		w->offset = offset;
		*t = by_new;
	} else if (old_fits && !new_fits) {
		*t = by_old;
	} else {
		return false;
	}
	w->low = *t > w->low ? *t : w->low;
	return true;
}
