/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the machine stood still: times in which a processor ran nobody, however
 * urgent (its hypervisor had taken it away, the kernel let nothing interrupt
 * it). A watcher writes them, runs read them, in memory that they share.
 */
#ifndef DP_SEAM_STALL_H
#define DP_SEAM_STALL_H

#include "base/nstime.h"

#include <stddef.h>

/* A processor that does not answer for longer than this stands still. */
#define STALL_LEAST NS_PER_MS
/* The last ones that are remembered. */
#define STALL_KEPT 1024
/* Processors that can be watched. */
#define STALL_CPUS 1024
/* A watcher whose next look at every processor is overdue for so long is dead. */
#define STALL_DEAD (100 * NS_PER_MS)

struct stall {
	_Atomic(nstime) from, to;	/* on the clock of the run; to = 0: not written yet */
	_Atomic(int) cpu;		/* from 0, in the watcher's own order */
};

struct stall_log {
	nstime period;			/* from one look at a processor to the next */
	int n_cpus;
	_Atomic(unsigned) next;		/* stalls written so far; each goes to its remainder */
	struct stall stall[STALL_KEPT];
	_Atomic(nstime) beat[STALL_CPUS];	/* the last look at each; 0 = none yet, or never */
};

/* What of a span of time the machine stood still. */
struct stall_share {
	nstime total;			/* all stalls of the processor that stood still most */
	nstime at, longest;		/* the longest one began then; 0 = there was none */
};

static inline void stall_count(struct stall_share *cpu, struct stall_share *all, nstime from,
			       nstime to)
{
	cpu->total += to - from;
	if (cpu->total > all->total)
		all->total = cpu->total;
	if (to - from > all->longest) {
		all->at = from;
		all->longest = to - from;
	}
}

/* True if the watcher lived shortly before. */
static inline bool stall_watched(const struct stall_log *log, nstime until)
{
	int i;

	for (i = 0; i < log->n_cpus; i++)
		if (log->beat[i] && log->beat[i] > until - log->period - STALL_DEAD)
			return true;
	return false;
}

/*
 * The stalls that overlap the span, each in its whole length; one that is
 * still under way lasts until the end of the span. With log NULL, none.
 */
static inline struct stall_share stall_between(const struct stall_log *log, nstime from,
					       nstime until)
{
	struct stall_share all = { 0 };
	bool alive = log && stall_watched(log, until);
	int cpu, i;

	for (cpu = 0; log && cpu < log->n_cpus; cpu++) {
		struct stall_share one = { 0 };
		nstime due = log->beat[cpu] + log->period;

		for (i = 0; i < STALL_KEPT; i++) {
			const struct stall *s = &log->stall[i];
			nstime to = s->to, began = s->from;

			if (to && s->cpu == cpu && to == s->to && to > from && began < until)
				stall_count(&one, &all, began, to);
		}
		if (alive && log->beat[cpu] && until - due > STALL_LEAST)
			stall_count(&one, &all, due, until);
	}
	return all;
}

/* One more, by the watcher of that processor; others may write theirs at the same time. */
static inline void stall_write(struct stall_log *log, int cpu, nstime from, nstime to)
{
	struct stall *s = &log->stall[log->next++ % STALL_KEPT];

	s->to = 0;
	s->from = from;
	s->cpu = cpu;
	s->to = to;
}

#endif
