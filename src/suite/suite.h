/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many scripts: each in a process of its own, several at a time, verdicts
 * collected, inconclusive ones tried again. What a process does is the
 * caller's; the suite sees result events on a pipe and an exit.
 */
#ifndef DP_SUITE_SUITE_H
#define DP_SUITE_SUITE_H

#include "seam/reporter.h"
#include "suite/discover.h"

#include <sys/types.h>

struct suite_config {
	int jobs;			/* at a time, at least 1 */
	int tries;			/* for a script that is inconclusive */
	bool live;			/* pass events on as they come (one job) */
	struct reporter *out;
	/*
	 * Starts a case; it writes encoded result events to out_fd. Returns
	 * its pid or -1 after a diagnostic.
	 */
	pid_t (*start)(void *arg, const struct suite_case *c, unsigned id, int out_fd,
		       struct diag_sink *d);
	void *start_arg;
	/* Exit status of a case that found the machine unable to run any script. */
	int hopeless_status;
};

struct suite_totals {
	int count[VERDICT_COUNT];
	int interrupted;	/* the signal that ended the suite early, or 0 */
	bool hopeless;		/* the rest was not started: no script can run here */
};

/* Runs all cases of the list. 0, or -1 when the suite itself could not work (message printed). */
int suite_run(const struct suite_config *cfg, const struct suite_list *list,
	      struct suite_totals *totals);
/* The exit code of the totals: 0, 1 (deviation), 2 (bad script), 3 (environment), 4 (inconclusive). */
int suite_exit_code(const struct suite_totals *t);

#endif
