/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many scripts run at a time. Scripts mostly wait, so a machine carries
 * many more than it has processors; how many shows in how late the tester was.
 */
#ifndef DP_SUITE_PACE_H
#define DP_SUITE_PACE_H

#include "base/nstime.h"

#include <stdbool.h>

struct pace {
	int limit;		/* scripts at a time, now */
	int least, most;
	unsigned since;		/* results of scripts started earlier do not lower it again */
};

/* A tester later than this has too much to do; much earlier than it, it could do more. */
#define PACE_LATE NS_PER_MS

/* A limit that stays within least..most; the same number three times never changes. */
void pace_init(struct pace *p, int start, int least, int most);
/*
 * A script has ended whose worst lateness was this. id: its number, next_id:
 * that of the next script to start; full: as many ran as the limit allows.
 */
void pace_ended(struct pace *p, nstime lateness, unsigned id, unsigned next_id, bool full);

#endif
