/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/pace.h"

void pace_init(struct pace *p, int start, int least, int most)
{
	*p = (struct pace){ .limit = start, .least = least, .most = most };
}

void pace_ended(struct pace *p, nstime lateness, unsigned id, unsigned next_id, bool full)
{
	if (lateness > PACE_LATE) {
		/* One stall makes all that run late: it counts once. */
		if (id < p->since)
			return;
		p->since = next_id;
		p->limit = p->limit * 3 / 4 > p->least ? p->limit * 3 / 4 : p->least;
	} else if (full && lateness < PACE_LATE / 2 && p->limit < p->most) {
		p->limit++;
	}
}
