/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the cases found are to be run. */
#ifndef DP_SUITE_FILTER_H
#define DP_SUITE_FILTER_H

#include "suite/discover.h"

/* Of each list one word must match, and every list that is not empty. */
struct suite_filter {
	struct word_list paths;		/* part of the path, or a glob for it or its last parts */
	struct word_list tags;
	struct word_list not_tags;	/* none of these may be there */
	struct word_list requirements;	/* how the id begins */
	unsigned last;			/* 1 << verdict: what the last run may have said; 0 = all */
};

/*
 * Takes what is not wanted off the list and releases it; returns how many.
 * A script with errors is hidden by its path only: nothing else is known of it.
 */
int suite_filter_apply(const struct suite_filter *f, struct suite_list *list);

#endif
