/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a suite's settings follows from the options and the target. */
#ifndef DP_CLI_SUITE_SETUP_H
#define DP_CLI_SUITE_SETUP_H

struct options;
struct suite_config;
struct target_desc;

/*
 * How many of n scripts run at a time, and how soon after one another they
 * start; when the user said no number, fewer while the tester is late.
 */
void suite_set_jobs(struct suite_config *cfg, const struct options *o,
		    const struct target_desc *target, int n);
/* How often, and what ends it early. The clock must be set; --deadline counts from now. */
void suite_set_repeat(struct suite_config *cfg, const struct options *o);

#endif
