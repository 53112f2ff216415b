/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When events are due, and what of a delay is the tester's own. Relative
 * times count from what really happened before (a packet's kernel stamp, the
 * end of a call); absolute ones from time zero, moved by the tester's own
 * lateness, so that a late tester slows the script down and never fails it.
 */
#ifndef DP_ENGINE_TIMELINE_H
#define DP_ENGINE_TIMELINE_H

#include "script/ast.h"

struct timeline {
	nstime start;		/* clock time of the script's zero */
	nstime anchor;		/* what the next relative time counts from */
	nstime last;		/* scheduled time of the event before, silences left out */
	nstime active;		/* when something last happened: what a timer of the stack counts from */
	bool first, last_inbound;
	nstime shift;		/* how far absolute times have moved */
	nstime worst;		/* worst lateness of any event */
	nstime slip;		/* the worst of what the tester itself did, but for the first event */
	nstime tolerance;	/* --tolerance_usecs */
	double percent;		/* --tolerance_percent */
	nstime timer_step;	/* of the stack's clock, 0 = exact */
	bool exact;		/* virtual time: only the stack's timers are late, and by how much is known */
	nstime written;		/* where the script's own numbers put the anchor, from start */
	nstime drift_low, drift_high;	/* extremes of its distance from there: <= 0, >= 0 */
};

/* One event's plan, in clock time. */
struct plan {
	nstime from;		/* what the written time counts from */
	nstime due, until;	/* a point (equal) or a range */
	nstime end;		/* of T...END, else NSTIME_NEVER */
	nstime tolerance;	/* before and after, for what the tester does */
	nstime late_tolerance;	/* after, for what the stack's timers do */
	bool any;		/* * */
	bool first;
};

void timeline_init(struct timeline *t, const struct settings *s, nstime start, nstime timer_step);
struct plan timeline_plan(const struct timeline *t, const struct event *e);
/*
 * The tester did an event at `actual`, which took until `done`: records the
 * lateness (returned) and moves the rest of the timeline by it.
 */
nstime timeline_acted(struct timeline *t, const struct event *e, const struct plan *p,
		      nstime actual, nstime done);
/* The tester noticed something this much later than it should have. */
void timeline_noticed_late(struct timeline *t, nstime late);
/* The stack did an event at `stamp`. */
void timeline_saw(struct timeline *t, const struct event *e, const struct plan *p, nstime stamp);
/*
 * The stack did not do an event that it need not do: what follows counts from
 * its time, the end of a range.
 */
void timeline_passed_over(struct timeline *t, const struct event *e, const struct plan *p);
/* How much later than a script assumes the stack's timers may be. */
nstime timeline_tick_slack(const struct timeline *t);
/* The same for one of that length. */
nstime timeline_timer_slack(const struct timeline *t, nstime timer);
/* The same for what takes that long in all, of timers one after the other. */
nstime timeline_wait_slack(const struct timeline *t, nstime span);
/* True if the tester was so late that a deviation may be its own doing. */
bool timeline_spoiled(const struct timeline *t);

#endif
