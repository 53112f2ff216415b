/* SPDX-License-Identifier: BSD-2-Clause */
/* The chosen scripts on each target, one after the other, as one run with one set of reports. */
#ifndef DP_CLI_RUN_TARGETS_H
#define DP_CLI_RUN_TARGETS_H

struct options;
struct selection;
struct suite_list;
struct target_list;

/* Returns the exit code of the command. */
int run_targets(const struct options *o, struct suite_list *list,
		const struct target_list *targets, struct selection *selection);

#endif
