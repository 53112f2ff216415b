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

/* Why nothing that differs can be held against the stack, or NULL. */
static const char *spoiled(struct run *r)
{
	unsigned lost = r->target->ops->lost(r->target);
	char late[NSTIME_TEXT];

	if (lost)
		return arena_printf(r->arena, "the capture lost %u packets", lost);
	if (timeline_spoiled(&r->time))
		return arena_printf(r->arena, "the tester itself was up to %s late, so the stack "
				    "cannot be blamed", nstime_words(r->time.worst, late));
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

/* Commands take a few milliseconds; where many scripts make and end namespaces, up to a hundred. */
#define SLOW_COMMAND (20 * NS_PER_MS)

/*
 * Why the run should be repeated before it is held against the stack, or NULL.
 * The stack's timers run on while a command does, and none but the script's
 * author knows whether it matters. If it fails again, it fails.
 */
static const char *hasty(struct run *r)
{
	char took[NSTIME_TEXT];

	if (!r->cfg->may_retry || r->slow_command < SLOW_COMMAND)
		return NULL;
	return arena_printf(r->arena, "a command took %s, while the stack's timers ran on",
			    nstime_words(r->slow_command, took));
}

/* The reasons that do not depend on what has failed. */
static const char *doubts(struct run *r)
{
	const char *doubt = spoiled(r);

	return doubt ? doubt : hasty(r);
}

int run_fail(struct run *r, struct result *res)
{
	return fail(r, res, doubts(r));
}

int run_fail_time(struct run *r, struct result *res)
{
	const char *doubt = doubts(r);
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
	const char *doubt = doubts(r);
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
