/* SPDX-License-Identifier: BSD-2-Clause */
/* The report people read: a line for each script, and all about those that went wrong. */
#ifndef DP_REPORT_TEXT_H
#define DP_REPORT_TEXT_H

#include "base/nstime.h"

#include <stdbool.h>
#include <stdio.h>

struct comparison;
struct reporter;

struct text_options {
	FILE *out;	/* stays the caller's */
	bool colour;
	bool verbose;	/* every event as a line of a script */
	bool tty;	/* out is a terminal: show progress in a line that is overwritten */
	int jobs;	/* scripts that run at a time; with one, verbose lines come at once */
	int width;	/* columns; 0 = 100 */
	int height;	/* lines of a screen; 0 = 24 */
	/* How long it takes until all is over; negative = not known. NULL = never is. */
	nstime (*left)(void *arg);
	void *left_arg;
	bool whole;	/* every run with its whole ladder, and no totals */
	const char *script_at;	/* where the scripts' text is now; NULL = at their own paths */
};

/*
 * A reporter for any number of runs, also interleaved. Its close() prints the
 * totals and returns -1 if anything could not be written.
 */
struct reporter *report_text_new(const struct text_options *o);
/* How many scripts there will be, for the progress line. */
void report_text_total(struct reporter *r, int n);
/*
 * How long all of it took, for the summary; to be set before close(). Without
 * it the summary has the sum of the runs, or nothing when they overlapped.
 */
void report_text_wall(struct reporter *r, nstime d);
/* What several targets did differently, or NULL; told before the summary. Also before close(). */
void report_text_comparison(struct reporter *r, const struct comparison *c);

#endif
