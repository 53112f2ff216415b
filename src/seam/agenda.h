/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When each of the scripts that run at the same time next has something to do.
 * Runs write it and whoever burdens the machine (starts and ends processes and
 * namespaces) reads it, in memory that they share.
 */
#ifndef DP_SEAM_AGENDA_H
#define DP_SEAM_AGENDA_H

#include "base/nstime.h"

#include <stdbool.h>

struct agenda {
	_Atomic(nstime) due;	/* on the clock of the run; NSTIME_NEVER: nothing is planned */
};

/* Something that did not come within this long after it was due is not waited for so keenly. */
#define AGENDA_PAST (20 * NS_PER_MS)

/* agenda may be NULL: nobody asks. */
static inline void agenda_set(struct agenda *agenda, nstime due)
{
	if (agenda)
		agenda->due = due;
}

/* True if none of the n has something to do now or within the span from now. */
static inline bool agenda_quiet(const struct agenda *all, int n, nstime now, nstime span)
{
	int i;
	nstime due;

	for (i = 0; i < n; i++) {
		due = all[i].due;
		if (due != NSTIME_NEVER && due > now - AGENDA_PAST && due < now + span)
			return false;
	}
	return true;
}

#endif
