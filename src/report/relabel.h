/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs of one of several suites, as reports that get all of them have to see them. */
#ifndef DP_REPORT_RELABEL_H
#define DP_REPORT_RELABEL_H

#include "seam/reporter.h"

struct relabel {
	struct reporter base;	/* first; relabel_init() */
	struct reporter *next;	/* stays the caller's */
	unsigned offset;	/* is added to the numbers of runs */
	const char *target;	/* what runs are on, for their beginning; NULL = it does not say */
	const char *label;	/* follows the variant and a blank; NULL = variants stay as they are */
};

/* A reporter that passes everything on to next, so changed. It has no close(). */
void relabel_init(struct relabel *r, struct reporter *next);

#endif
