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

/* When it should not be disturbed, on the clock of the run; from NSTIME_NEVER: nothing is planned. */
struct agenda {
	_Atomic(nstime) from, until;
};

/* agenda may be NULL: nobody asks. */
static inline void agenda_set(struct agenda *agenda, nstime from, nstime until)
{
	if (!agenda)
		return;
	agenda->from = from;
	agenda->until = until;
}

static inline void agenda_clear(struct agenda *agenda)
{
	agenda_set(agenda, NSTIME_NEVER, NSTIME_NEVER);
}

/* True if none of the n has something to do now or within the span from now. */
static inline bool agenda_quiet(const struct agenda *all, int n, nstime now, nstime span)
{
	int i;

	for (i = 0; i < n; i++)
		if (all[i].from < now + span && all[i].until > now)
			return false;
	return true;
}

#endif
