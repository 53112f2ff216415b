/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many scripts: each in a process of its own, several at a time, verdicts
 * collected, inconclusive ones tried again. What a process does is the
 * caller's; the suite sees result events on a pipe and an exit.
 */
#ifndef DP_SUITE_SUITE_H
#define DP_SUITE_SUITE_H

#include "seam/agenda.h"
#include "seam/clock.h"
#include "seam/reporter.h"
#include "suite/discover.h"

#include <sys/types.h>

/* A case that was taken up, and the number that its events have. */
struct suite_turn {
	struct suite_case *c;
	unsigned id;
};

/* What the process of a case is given. */
struct case_start {
	const struct suite_case *c;
	/* All that it runs, one after the other, c the first of them. */
	const struct suite_turn *batch;
	int n_batch;
	unsigned id;
	int place;			/* no other process under way has the same, and it is below cfg->jobs */
	int out_fd;			/* it writes encoded result events there and closes it */
	struct agenda *agenda;		/* in shared memory: what it is about to do */
	bool may_retry;			/* INCONCLUSIVE would not be the last word */
};

/* suite_config.repeat: until something ends the suite. */
#define REPEAT_FOREVER (-1)

struct leaving;

struct suite_config {
	int jobs;			/* at a time, at least 1 */
	int jobs_least, jobs_most;	/* follow the tester's lateness within these; 0 = always jobs */
	nstime spacing;			/* from one start to the next, while others run */
	/*
	 * A process runs so many cases one after the other, the events of each
	 * up to its RES_END; 0 is 1. What it leaves is given to another one.
	 */
	int batch;
	int tries;			/* for a script that is inconclusive */
	int repeat;			/* all of it so often; 0 = once, or REPEAT_FOREVER */
	int round;			/* how many of those were done before */
	bool fail_fast;			/* start nothing after a verdict that suite_verdict_is_bad() */
	nstime deadline;		/* on the clock: nothing runs after it; 0 = none */
	struct clock *clock;
	bool foreign;			/* the stack is not that of this machine's kernel */
	bool needs_checked_there;	/* the process looks itself at what a script needs */
	bool live;			/* pass events on as they come (one job) */
	struct reporter *out;
	/*
	 * Starts a case. Returns its pid or -1 after a diagnostic. The process
	 * may stay when it has said all: it ends at SIGTERM.
	 */
	pid_t (*start)(void *arg, const struct case_start *how, struct diag_sink *d);
	void *start_arg;
	/* Told of each final verdict, and what the run took (0: there was none). May be NULL. */
	void (*done)(void *arg, const struct suite_case *c, enum verdict v, nstime duration);
	void *done_arg;
	/*
	 * Processes of earlier suites that leave, which this one goes on looking
	 * after; its own join them for the next. NULL: it is the only one.
	 */
	struct leaving *leaving;
	/* Exit status of a case that found the machine unable to run any script. */
	int hopeless_status;
};

struct suite_totals {
	int count[VERDICT_COUNT];
	int interrupted;	/* the signal that ended the suite early, or 0 */
	int not_run;		/* cases left after a failure, with fail_fast */
	bool hopeless;		/* the rest was not started: no script can run here */
};

/*
 * Runs all cases, in the order of the array (n of them). What the deadline
 * leaves is INCONCLUSIVE. 0, or -1 when the suite itself could not work
 * (message printed).
 */
int suite_run(const struct suite_config *cfg, struct suite_case *const *cases, int n,
	      struct suite_totals *totals);
/* FAIL, or nothing could be found out for a reason that will not pass by itself. */
bool suite_verdict_is_bad(enum verdict v);
/* The exit code of the totals: 0, 1 (deviation), 2 (bad script), 3 (environment), 4 (inconclusive). */
int suite_exit_code(const struct suite_totals *t);

#endif
