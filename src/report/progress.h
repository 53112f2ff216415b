/* SPDX-License-Identifier: BSD-2-Clause */
/* The line at the bottom of a terminal that is overwritten as runs begin and end. */
#ifndef DP_REPORT_PROGRESS_H
#define DP_REPORT_PROGRESS_H

#include "base/nstime.h"

#include <stddef.h>
#include <stdio.h>

struct run_log;

struct progress {
	FILE *out;	/* a terminal */
	int width;	/* columns; what the terminal says now goes before it */
	int columns;	/* of the line that stands; 0 = none does */
};

/* What there is to say. */
struct progress_state {
	unsigned done, failed;
	int total;			/* 0 = not known */
	nstime left;			/* until the end; negative = not known */
	const struct run_log *runs;	/* under way; without any nothing is drawn */
};

/* Draws the line in place of the one that stands, cut so that it does not wrap. */
void progress_draw(struct progress *p, const struct progress_state *s);
void progress_erase(struct progress *p);
/*
 * How many bytes of UTF-8 fit into so many columns of a terminal, where East
 * Asian characters take two and combining ones none. *used gets the columns.
 */
size_t progress_fit(const char *text, size_t room, size_t *used);

#endif
