/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/pd_clock.h"

#include "target/clock_real.h"
#include "target/pd_interface.h"

/* The stack's usleep() may oversleep this much; the rest is spun away. */
#define SPIN_NS (100 * NS_PER_US)
/* Longest sleep at a time: useconds_t need not hold more. */
#define LONGEST_NS (500 * NS_PER_MS)
/* A clock that stands still for so many readings moves only when it is slept on. */
#define STILL 10000

static struct pd_clock *of(struct clock *c)
{
	return (struct pd_clock *)c;
}

/* The stack's wall clock. False if it has none, or it fails. */
static bool stack_time(const struct pd_interface *ifc, nstime *t)
{
	struct timeval tv = { 0 };

	if (ifc->gettimeofday == NULL || ifc->gettimeofday(ifc->userdata, &tv, NULL) < 0)
		return false;
	*t = (nstime)tv.tv_sec * NS_PER_SEC + (nstime)tv.tv_usec * NS_PER_US;
	return true;
}

static nstime pd_now(struct clock *c)
{
	nstime t;

	return stack_time(of(c)->ifc, &t) ? t - of(c)->offset : clock_now(clock_real());
}

static void stack_sleep(const struct pd_interface *ifc, nstime t)
{
	if (t > LONGEST_NS)
		t = LONGEST_NS;
	ifc->usleep(ifc->userdata, (useconds_t)((t + NS_PER_US - 1) / NS_PER_US));
}

static void pd_wait_until(struct clock *c, nstime t)
{
	const struct pd_interface *ifc = of(c)->ifc;
	nstime now, last = NSTIME_NEVER;
	int still = 0;

	while ((now = pd_now(c)) < t) {
		still = now == last ? still + 1 : 0;
		last = now;
		if (ifc->usleep == NULL)
			clock_wait_until(clock_real(), clock_now(clock_real()) + t - now);
		else if (t - now > SPIN_NS)
			stack_sleep(ifc, t - now - SPIN_NS);
		else if (still > STILL)
			stack_sleep(ifc, t - now);
	}
}

/* Nothing is known of the stack's timers. */
static nstime pd_timer_step(struct clock *c)
{
	return 0;
}

static nstime pd_wall_offset(struct clock *c)
{
	return of(c)->ifc->gettimeofday ? of(c)->offset : clock_real_wall_offset();
}

static const struct clock_ops pd_ops = {
	.now = pd_now,
	.wait_until = pd_wait_until,
	.timer_step = pd_timer_step,
	.good_start = pd_now,
	.wall_offset = pd_wall_offset,
};

bool pd_clock_init(struct pd_clock *c, const struct pd_interface *ifc)
{
	nstime t;

	*c = (struct pd_clock){ .clock = { &pd_ops }, .ifc = ifc };
	if (ifc->gettimeofday == NULL)
		return true;
	if (!stack_time(ifc, &t))
		return false;
	/* From the machine's time on, so that nothing is negative. */
	c->offset = t - clock_now(clock_real());
	return true;
}

nstime pd_clock_from_usecs(const struct pd_clock *c, long long usecs)
{
	return (nstime)usecs * NS_PER_US -
		(c->ifc->gettimeofday ? c->offset : clock_real_wall_offset());
}
