/* SPDX-License-Identifier: BSD-2-Clause */
/* `>?`: a packet that the stack may send or not. */
#include "config.h"

#include "engine/expect.h"

static bool is_act(const struct event *e)
{
	return e->kind != EVENT_GROUP && !(e->kind == EVENT_PACKET && e->pkt->dir == PKT_OUT);
}

/*
 * When the tester next has to act if the packet does not come, as far as the
 * script tells before others have come; NSTIME_NEVER if it does not tell.
 */
static nstime next_act(const struct run *r, const struct event *e, nstime due)
{
	while ((e = STAILQ_NEXT(e, next))) {
		if (e->when.kind == WHEN_ANY)
			break;
		if (e->when.kind == WHEN_REL || e->when.kind == WHEN_REL_RANGE)
			due += e->when.t;
		else
			due = timeline_plan(&r->time, e).due;
		if (is_act(e))
			return due;
		if (e->when.has_end)
			due += e->when.end - e->when.t;
	}
	return NSTIME_NEVER;
}

/* Less than what a tester may be late unnoticed is given to the stack even where nothing is left. */
static nstime patience(const struct run *r, const struct event *e, const struct plan *p)
{
	nstime until = p->until + p->late_tolerance, act = next_act(r, e, p->until);
	nstime least = p->until + r->time.tolerance / 8;

	if (act < least)
		act = least;
	if (act < until)
		until = act;
	return until < r->deadline ? until : r->deadline;
}

int event_optional(struct run *r, const struct event *e)
{
	struct plan p = timeline_plan(&r->time, e);
	struct expected x;
	struct seen *s;

	if (expect_prepare(r, e, &p, true, &x))
		return -1;
	s = collect_await(r, x.flow, expect_quoted(e, x.flow), patience(r, e, &p));
	if (r->verdict != VERDICT_NONE)
		return -1;
	if (!s && r->capture_broken)
		return run_stop(r, e, VERDICT_ENVIRONMENT, r->capture_broken, NULL);
	if (s && !expect_time_error(&p, s->pkt->stamp) && !expect_try(r, &x, s, NULL))
		return expect_take(r, &x);
	timeline_passed_over(&r->time, e, &p);
	run_note(r, e->span, "the optional packet of line %u did not come", e->span.line);
	return run_observe(r, e);
}
