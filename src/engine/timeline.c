/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "engine/timeline.h"
#include "engine/granularity.h"

void timeline_init(struct timeline *t, const struct settings *s, nstime start, nstime timer_step)
{
	*t = (struct timeline){
		.start = start,
		.anchor = start,
		.last = start,
		.active = start,
		.first = true,
		.tolerance = s->tolerance,
		.percent = s->tolerance_percent,
		.timer_step = timer_step,
	};
}

static bool is_inbound(const struct event *e)
{
	return e->kind == EVENT_PACKET && e->pkt->dir == PKT_IN;
}

/* A burst of inbound packets keeps its written spacing instead of adding up delays. */
static nstime origin(const struct timeline *t, const struct event *e)
{
	switch (e->when.kind) {
	case WHEN_ABS:
	case WHEN_ABS_RANGE:
		return t->start + t->shift;
	default:
		return t->last_inbound && is_inbound(e) ? t->last : t->anchor;
	}
}

/*
 * Scripts are written for a 1 ms tick. A coarser kernel rounds a timer up to a
 * tick when it is armed and runs it at the next: up to two ticks late.
 */
#define ASSUMED_TICK NS_PER_MS

nstime timeline_tick_slack(const struct timeline *t)
{
	return t->timer_step > ASSUMED_TICK ? 2 * t->timer_step : 0;
}

nstime timeline_timer_slack(const struct timeline *t, nstime timer)
{
	return t->exact ? granularity_of(timer, t->timer_step) : timeline_tick_slack(t);
}

/* No slot of the wheel is longer than an eighth of the timers in it, but that of the shortest. */
nstime timeline_wait_slack(const struct timeline *t, nstime span)
{
	nstime one = timeline_timer_slack(t, span);

	return t->exact && one && span / 8 > one ? span / 8 + one : one;
}

struct plan timeline_plan(const struct timeline *t, const struct event *e)
{
	nstime from = origin(t, e), share;
	struct plan p = { .from = from, .due = from + e->when.t, .end = NSTIME_NEVER, .first = t->first };

	p.until = p.due;
	p.any = e->when.kind == WHEN_ANY;
	if (e->when.kind == WHEN_ABS_RANGE || e->when.kind == WHEN_REL_RANGE)
		p.until = from + e->when.t2;
	if (e->when.has_end)
		p.end = from + e->when.end;
	share = (nstime)((double)(p.due - t->last) * t->percent / 100);
	p.tolerance = !t->first && share > t->tolerance ? share : t->tolerance;
	p.late_tolerance = p.tolerance + timeline_timer_slack(t, p.due - t->last);
	return p;
}

/*
 * Every event happens a little off its time, and relative times add that up.
 * What is written as "any time" or as a range has no time of its own, nor has
 * the end of a call that takes long (`busy`) or of a silence.
 */
static void note_drift(struct timeline *t, const struct event *e, nstime moved, nstime busy)
{
	bool silence = e->kind == EVENT_PACKET && e->pkt->kind == SPEC_NOTHING;
	nstime drift;

	if (e->when.kind == WHEN_ABS && !silence)
		t->written = e->when.t;
	else if (e->when.kind == WHEN_REL && !silence)
		t->written += e->when.t;
	else
		t->written += moved;
	if (busy > t->tolerance)
		t->written += busy;
	drift = t->anchor - t->start - t->written;
	if (drift < t->drift_low)
		t->drift_low = drift;
	if (drift > t->drift_high)
		t->drift_high = drift;
}

static void passed(struct timeline *t, const struct event *e, nstime scheduled, nstime anchor,
		   nstime busy)
{
	nstime before = t->anchor;

	t->first = false;
	t->last_inbound = is_inbound(e);
	if (anchor > t->anchor)
		t->anchor = anchor;
	note_drift(t, e, t->anchor - before, busy);
	/* Nothing happens in a silence: it makes no time after it stricter. */
	if (e->kind == EVENT_PACKET && e->pkt->kind == SPEC_NOTHING)
		return;
	t->last = scheduled;
	t->active = t->anchor;
}

nstime timeline_acted(struct timeline *t, const struct event *e, const struct plan *p,
		      nstime actual, nstime done)
{
	nstime late = actual > p->due ? actual - p->due : 0, scheduled = p->due;

	if (p->first) {
		/* Time zero is where the first event really happened. */
		t->start += late;
		passed(t, e, p->due + late, done, done - actual);
		return 0;
	}
	if (late > t->worst)
		t->worst = late;
	if (late > t->slip)
		t->slip = late;
	/* Less than this is noise that the next wait absorbs. */
	if (late > t->tolerance / 4) {
		t->shift += late;
		scheduled += late;
	}
	passed(t, e, scheduled, done, done - actual);
	return late;
}

void timeline_noticed_late(struct timeline *t, nstime late)
{
	if (late > t->worst)
		t->worst = late;
}

void timeline_saw(struct timeline *t, const struct event *e, const struct plan *p, nstime stamp)
{
	passed(t, e, p->any ? stamp : p->due, stamp, 0);
}

void timeline_passed_over(struct timeline *t, const struct event *e, const struct plan *p)
{
	nstime before = t->anchor;

	t->first = t->last_inbound = false;
	if (p->until > t->anchor)
		t->anchor = p->until;
	note_drift(t, e, t->anchor - before, 0);
}

bool timeline_spoiled(const struct timeline *t)
{
	return !t->exact && t->worst > t->tolerance;
}
