/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shows runs of recorded results: verdict, message and the whole ladder of what
 * happened. The results are told twice, first to count, then to draw.
 */
#ifndef DP_REPORT_EXPLAIN_H
#define DP_REPORT_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

struct explain;
struct reporter;

struct explain_options {
	FILE *out;		/* stays the caller's */
	bool svg;		/* a picture of one run */
	bool colour;		/* of the text */
	int width;		/* columns of the text */
	const char *script_at;	/* where the script's text is now; NULL = at its own path */
	/*
	 * Which runs: paths of scripts, their last parts, with or without .pkt;
	 * IP versions; targets, where there were several; or all of these. None:
	 * those that somebody has to look into, or all if there are few.
	 */
	char *const *words;
	int n_words;
};

/* The strings of the options must stay valid. Never NULL. */
struct explain *explain_new(const struct explain_options *o);
/* Told everything twice; the explain's. */
struct reporter *explain_reporter(struct explain *e);
/*
 * Between the two times: which runs are drawn. name is that of the results.
 * 0, or -1 after a message on err when none fits, or nobody said which of many.
 */
int explain_choose(struct explain *e, const char *name, FILE *err);
/*
 * Draws what is left and frees. 0, or -1 when no run fits all that was named, or
 * more than one does and only one can be drawn; that is said on err.
 */
int explain_close(struct explain *e, FILE *err);

#endif
