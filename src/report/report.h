/* SPDX-License-Identifier: BSD-2-Clause */
/* What every kind of report is told besides result events: before the first and after the last. */
#ifndef DP_REPORT_REPORT_H
#define DP_REPORT_REPORT_H

#include "base/nstime.h"

#include <stdbool.h>

struct comparison;

struct report_options {
	int total;	/* runs to come; 0 = not known */
	int jobs;	/* scripts that run at a time */
	int shard, shards;	/* these are the runs of shard 1 to shards; 0 = of all */
	nstime began;	/* since 1970; 0 = not known */
	const char *machine;	/* what it runs on, a line for each machine; NULL = not known */
	/* For reports that people read. */
	bool verbose, colour;
	bool tty;	/* the report goes to a terminal */
	int width;	/* columns; 0 = not known */
	int height;	/* lines of a screen; 0 = not known */
	/* How long it takes until all is over; negative = not known. NULL = never is. */
	nstime (*left)(void *arg);
	void *left_arg;
};

struct report_end {
	nstime wall;		/* how long all of it took; 0 = not known */
	const struct comparison *comparison;	/* what several targets did differently, or NULL */
	const char *cut_short;	/* why runs are missing, or NULL; lives until the report is closed */
};

#endif
