/* SPDX-License-Identifier: BSD-2-Clause */
/* One script in a sandbox of its own, its result events on a pipe: what a suite starts. */
#ifndef DP_CLI_RUN_CASE_H
#define DP_CLI_RUN_CASE_H

#include "suite/suite.h"

struct stall_log;
struct target_desc;

/* Exit status of a case that found that no script can run on this machine. */
#define CASE_HOPELESS 99
/* How often a script is tried that the tester was too late to judge. */
#define CASE_TRIES 3

struct case_runner {
	const struct target_desc *target;
	const char *where;	/* for the target: what follows its name */
	const struct stall_log *stalls;	/* of this machine; may be NULL */
	bool virtual_time;	/* in a guest: see struct target_config */
	bool share_net;		/* in the network namespace drillpress was started in */
	bool stay;		/* in the folder drillpress was started in, not the script's */
	bool commands_aloud;	/* commands print where drillpress prints */
	bool evidence;		/* results carry packets' bytes, failures their environment */
	bool environment;	/* failures carry their environment */
	bool evidence_of_pass;	/* then passes carry it too */
};

/* As start of struct suite_config; arg is the runner. */
pid_t case_start(void *arg, const struct case_start *start, struct diag_sink *d);

#endif
