/* SPDX-License-Identifier: BSD-2-Clause */
/* The reports that --report asks for, from their files to the exit code. */
#ifndef DP_CLI_REPORTS_H
#define DP_CLI_REPORTS_H

#include "base/nstime.h"

struct comparison;
struct options;
struct report_set;
struct reporter;
struct suite_totals;

/*
 * Opens them: total runs (0 = not known), jobs at a time, begun at a time since
 * 1970 (0 = not known), on these machines (a line each; NULL = this one), left()
 * for the time left, negative when it is not known (NULL: never is). NULL after
 * a message.
 */
struct report_set *reports_open(const struct options *o, int total, int jobs, nstime began,
				const char *machine, nstime (*left)(void *arg), void *left_arg);
/*
 * Ends them and frees the set; wall is how long all of it took, where (or NULL:
 * here) no script can run if the totals say so, c what several targets did
 * differently (or NULL). Returns the exit code: code, unless a report is lost
 * and that is worse. errno says why standard output is, for main() to tell.
 */
int reports_close(struct report_set *set, const struct suite_totals *t, nstime wall,
		  const char *where, const struct comparison *c, int code);

#endif
