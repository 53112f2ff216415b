/* SPDX-License-Identifier: BSD-2-Clause */
/* A deviation ends the run: is it the stack's, or may it be the tester's or the machine's? */
#include "config.h"

#include "base/arena.h"
#include "engine/events.h"
#include "engine/values.h"

/* What a stall held up happens right after it, and so may be what a time counts from. */
#define STALL_ECHO (5 * NS_PER_MS)

static int fail(struct run *r, struct result *res, const char *doubt)
{
	/* Whatever has not happened since is for this reason. */
	if (r->target->broken)
		res->message = r->target->broken;
	if (res->iteration)
		res->message = arena_printf(r->arena, "%s (%s)", res->message, res->iteration);
	res->kept = values_shown(r);
	r->verdict = res->verdict = doubt ? VERDICT_INCONCLUSIVE : VERDICT_FAIL;
	r->message = res->message;
	if (doubt)
		r->hint = res->hint = doubt;
	run_emit(r, res);
	return -1;
}

/* Commands take a few milliseconds; where many scripts make and end namespaces, up to a hundred. */
#define SLOW_COMMAND (20 * NS_PER_MS)

/*
 * True if a command was slow, but not of itself: without what the machine had it
 * wait it would not have been, or that was most of it (which is seen to a few
 * percent). The lock of the network's configuration, which all namespaces share,
 * was seen held for 4 s, and in three tries in a row for 30 ms.
 */
static bool command_was_held_up(const struct run *r)
{
	nstime own = r->slow_command - r->held_up;

	return r->slow_command >= SLOW_COMMAND &&
		(own < SLOW_COMMAND || own < r->slow_command / 4);
}

/* Why nothing that differs can be held against the stack, or NULL. */
static const char *spoiled(struct run *r)
{
	unsigned lost = r->target->ops->lost(r->target);
	char late[NSTIME_TEXT], held[NSTIME_TEXT];

	if (lost)
		return arena_printf(r->arena, "the capture lost %u packets", lost);
	if (timeline_spoiled(&r->time))
		return arena_printf(r->arena, "the tester itself was up to %s late, so the stack "
				    "cannot be blamed", nstime_words(r->time.worst, late));
	if (command_was_held_up(r))
		return arena_printf(r->arena, "a command had to wait %s for the machine, while the "
				    "stack's timers ran on", nstime_words(r->held_up, held));
	return NULL;
}

/*
 * Why a time that is off by so much more than allowed cannot be held against
 * the stack, or NULL. Stalls explain no more than what they lasted, and the
 * watcher sees each up to a period shorter than it was. What is too short for
 * the tolerance explains nothing.
 */
static const char *stood_still(struct run *r, const struct result *res, nstime off)
{
	struct stall_share s = stall_between(r->cfg->stalls, res->origin - STALL_ECHO, res->actual);
	char lasted[NSTIME_TEXT];

	if (!s.longest || s.longest <= res->tolerance / 2 || off > s.total + r->cfg->stalls->period)
		return NULL;
	return arena_printf(r->arena, "the machine stood still for %s at %.3f s, so the stack cannot "
			    "be blamed", nstime_words(s.longest, lasted),
			    (double)(s.at - r->time.start) / NS_PER_SEC);
}

/*
 * Less than a sixteenth of the tolerance is of no consequence. With the usual 4 ms
 * that is 0.25 ms, a quarter of the shortest round trip that scripts have (1 ms):
 * a stack that tells reordering from loss by time (RFC 8985) waits that much longer.
 */
#define SLIP_SHARE 16

/* Timers of a connection that a stall may have held up are seldom armed for longer. */
#define STALL_REACH NS_PER_SEC

/* The stack's timers run on while a command does; only the script's author knows if it matters. */
static const char *slow_command(struct run *r)
{
	char took[NSTIME_TEXT];

	if (r->slow_command < SLOW_COMMAND)
		return NULL;
	return arena_printf(r->arena, "a command took %s, while the stack's timers ran on",
			    nstime_words(r->slow_command, took));
}

/*
 * The tester was late, though within its tolerance. A connection remembers the
 * round trips it saw as long as it lasts, so this counts from the beginning, also
 * if what was expected next came: a retransmission was seen to change by an
 * acknowledgment that came 0.6 ms late, after a packet that was still the same.
 */
static const char *slipped(struct run *r)
{
	char late[NSTIME_TEXT];

	if (r->time.slip <= r->time.tolerance / SLIP_SHARE)
		return NULL;
	return arena_printf(r->arena, "the tester was up to %s late", nstime_words(r->time.slip, late));
}

/*
 * The machine stood still, though nothing shows that the script was held up: it
 * may have been the stack's work on another processor. So only what happened
 * shortly before the packet was due, or since, counts; else there is always one.
 */
static const char *shaken(struct run *r, const struct result *res)
{
	struct stall_share s = stall_between(r->cfg->stalls, res->planned - STALL_REACH, res->actual);
	char lasted[NSTIME_TEXT];

	if (!s.longest || s.longest <= r->time.tolerance / 2)
		return NULL;
	return arena_printf(r->arena, "the machine stood still for %s at %.3f s",
			    nstime_words(s.longest, lasted), (double)(s.at - r->time.start) / NS_PER_SEC);
}

/*
 * Why the run should be repeated before it is held against the stack, or NULL:
 * other times than the script's may have led to another packet, another number
 * or another timer. How, nobody can tell from outside, so these reasons hold
 * only while there is another try, which has the machine to itself. What is still
 * wrong in the last one fails, however loaded the machine; what is wrong on a calm
 * one fails the first time.
 */
static const char *hasty(struct run *r, const struct result *res)
{
	const char *why;

	if (!r->cfg->may_retry)
		return NULL;
	why = slow_command(r);
	if (!why)
		why = slipped(r);
	return why ? why : shaken(r, res);
}

static const char *doubts(struct run *r, const struct result *res)
{
	const char *doubt = spoiled(r);

	return doubt ? doubt : hasty(r, res);
}

int run_fail(struct run *r, struct result *res)
{
	return fail(r, res, doubts(r, res));
}

int run_fail_time(struct run *r, struct result *res)
{
	const char *doubt = doubts(r, res);
	nstime off = res->planned - res->actual;

	if (res->actual > res->planned_end)
		off = res->actual - res->planned_end;
	/* Never later than "any time". */
	if (!doubt && res->tolerance != NSTIME_NEVER && off > res->tolerance)
		doubt = stood_still(r, res, off - res->tolerance);
	return fail(r, res, doubt);
}

int run_fail_times(struct run *r, struct result *res, nstime off)
{
	const char *doubt = doubts(r, res);
	struct result since = *res;

	/* They may have been kept at any time. */
	since.origin = r->time.start + STALL_ECHO;
	return fail(r, res, doubt ? doubt : stood_still(r, &since, off));
}

int run_fail_overdue(struct run *r, const struct event *e, nstime needed)
{
	struct result res = { .kind = RES_EVENT, .span = e->span, .origin = r->time.start,
			      .message = "the script has used up its --timeout" };
	const char *doubt = spoiled(r);

	res.planned = res.planned_end = r->deadline;
	res.actual = clock_now(r->clock);
	return fail(r, &res, doubt ? doubt : stood_still(r, &res, needed - r->deadline));
}
