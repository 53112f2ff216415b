/* SPDX-License-Identifier: BSD-2-Clause */
/* What reports share that say something once a run is over: they collect each run's events. */
#ifndef DP_REPORT_PER_RUN_H
#define DP_REPORT_PER_RUN_H

#include "report/report.h"
#include "seam/reporter.h"

#include <stdio.h>

struct run_log;

struct per_run {
	struct reporter base;	/* first */
	FILE *out;		/* the caller's */
	struct report_options options;
	struct report_end end;	/* all 0 until per_run_over() */
	unsigned done;		/* runs that are over, this one included */
	unsigned count[VERDICT_COUNT];
	/* A run is over; its events are in the log, which goes afterwards. */
	void (*ended)(struct per_run *p, struct run_log *run, const struct result *end);
	struct run_log *runs;	/* under way */
};

/* close is the report's; it calls per_run_close() first or last, and frees itself. */
void per_run_init(struct per_run *p, const struct reporter_ops *ops, FILE *out,
		  const struct report_options *o,
		  void (*ended)(struct per_run *p, struct run_log *run, const struct result *end));
/* The event of struct reporter_ops. */
void per_run_event(struct reporter *r, unsigned id, const struct result *e);
/* The over of struct report_kind. */
void per_run_over(struct reporter *r, const struct report_end *end);
/* Ends the runs that nobody ended. */
void per_run_end_orphans(struct per_run *p);
/* Why results are missing: cut short, or fewer runs than planned; NULL when all are there. */
const char *per_run_missing(const struct per_run *p, char *words, size_t size);
/* Everything out: 0, or -1 if anything was lost on the way. */
int per_run_flush(struct per_run *p);

#endif
