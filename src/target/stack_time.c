/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "target/stack_time.h"
#include "target/stack_call.h"

/* A stack that still has something to do after so many steps at one time never gets done. */
#define STILL_MOST 1000
/* Zero means "unknown" in places; no clock begins there. */
#define BEGIN NS_PER_SEC

static struct stack_target *of_clock(struct clock *c)
{
	return (struct stack_target *)((char *)c - offsetof(struct stack_target, clock));
}

static nstime next_timer(struct stack_target *s)
{
	nstime stack = s->ops->deadline(s->stack), call = stack_call_timeout(s);

	return stack < call ? stack : call;
}

static void move_to(struct stack_target *s, nstime t)
{
	if (t <= s->now)
		return;
	s->now = t;
	s->still = 0;
}

/* One step of the stack at the present time: timers first, since calls may wait for what they do. */
static void step(struct stack_target *s)
{
	if (++s->still > STILL_MOST) {
		s->target.broken = "the stack's deadline does not move: run() leaves something to do "
				   "at once, again and again";
		return;
	}
	if (s->ops->deadline(s->stack) <= s->now)
		s->ops->run(s->stack);
	stack_calls_go_on(s);
}

void stack_settle(struct stack_target *s)
{
	do
		step(s);
	while (!s->target.broken && next_timer(s) <= s->now);
}

void stack_pass(struct stack_target *s, nstime until, bool (*enough)(struct stack_target *s, void *arg),
		void *arg)
{
	nstime next;

	while (!s->target.broken && !(enough && enough(s, arg))) {
		next = next_timer(s);
		if (next > until) {
			move_to(s, until);
			return;
		}
		move_to(s, next);
		stack_settle(s);
	}
	/* What is broken goes nowhere, but whoever waits for a time must not wait for ever. */
	if (s->target.broken)
		move_to(s, until);
}

static nstime virtual_now(struct clock *c)
{
	return of_clock(c)->now;
}

static void virtual_wait_until(struct clock *c, nstime t)
{
	stack_pass(of_clock(c), t, NULL, NULL);
}

static nstime virtual_timer_step(struct clock *c)
{
	(void)c;
	return 0;
}

static const struct clock_ops virtual_ops = {
	.now = virtual_now,
	.wait_until = virtual_wait_until,
	.timer_step = virtual_timer_step,
	.good_start = virtual_now,
};

void stack_time_init(struct stack_target *s)
{
	s->clock.ops = &virtual_ops;
	s->target.clock = &s->clock;
	s->now = BEGIN;
}
