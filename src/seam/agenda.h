/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When each of the scripts that run at the same time next has something to do.
 * Runs write it and whoever burdens the machine (starts and ends processes and
 * namespaces) reads it, in memory that they share.
 */
#ifndef DP_SEAM_AGENDA_H
#define DP_SEAM_AGENDA_H

#include "base/nstime.h"

#include <stdatomic.h>
#include <stdbool.h>

/* When a run should not be disturbed, on its clock; from NSTIME_NEVER: nothing is planned. */
struct agenda {
	_Atomic(nstime) from, until;
	atomic_bool badly;	/* a disturbance may change the verdict, not only be late for it */
};

/* agenda may be NULL: nobody asks. */
static inline void agenda_set(struct agenda *agenda, nstime from, nstime until, bool badly)
{
	if (!agenda)
		return;
	agenda->from = from;
	agenda->until = until;
	agenda->badly = badly;
}

static inline void agenda_clear(struct agenda *agenda)
{
	agenda_set(agenda, NSTIME_NEVER, NSTIME_NEVER, false);
}

/*
 * True if none of the n has something to do now or within the span from now;
 * badly: looks only at those whom a disturbance would harm.
 */
static inline bool agenda_quiet(const struct agenda *all, int n, nstime now, nstime span, bool badly)
{
	int i;

	for (i = 0; i < n; i++)
		if (all[i].from < now + span && all[i].until > now && all[i].badly >= badly)
			return false;
	return true;
}

#endif
