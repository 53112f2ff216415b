/* SPDX-License-Identifier: BSD-2-Clause */
/* The same scripts on several targets: which verdicts, packets, calls and states differ. */
#ifndef DP_REPORT_COMPARE_H
#define DP_REPORT_COMPARE_H

#include <stdbool.h>

struct comparison;
struct page;
struct reporter;

struct compare_options {
	const char *const *labels;	/* of the targets; must stay valid */
	const char *const *meanings;	/* of labels that say too little; NULL = none; stay valid, too */
	int n;				/* at least 2 */
	bool times;			/* times beyond a line's tolerance differ, too */
	bool details;			/* scripts are told that differ in what they leave open */
	bool keep_all;			/* a script may come again on a target it was on */
};

/* Never NULL. */
struct comparison *comparison_new(const struct compare_options *o);
/* NULL is allowed. */
void comparison_free(struct comparison *c);
/*
 * A reporter for runs on the target of this number, numbered among themselves;
 * it passes everything on to next and is the comparison's. All runs of a target
 * end before it is asked for that of another.
 */
struct reporter *comparison_reporter(struct comparison *c, int target, struct reporter *next);
/* No more runs come; before comparison_print(). */
void comparison_end(struct comparison *c);
/*
 * For people: of each script that differs what it did on the targets, line by
 * line; the table of these scripts; how many agree. verbose: of all of them and
 * whole, and every script in the table.
 */
void comparison_print(const struct comparison *c, struct page *p, bool verbose);

#endif
