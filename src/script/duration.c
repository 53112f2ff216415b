/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/duration.h"

nstime script_duration(const struct script *s)
{
	nstime now = 0, longest = 0, origin;
	const struct event *e;

	STAILQ_FOREACH(e, &s->events, next) {
		const struct when *w = &e->when;

		if (w->kind == WHEN_ANY)
			continue;
		origin = w->kind == WHEN_REL || w->kind == WHEN_REL_RANGE ? now : 0;
		if (origin + w->t > now)
			now = origin + w->t;
		if (w->has_end && origin + w->end > longest)
			longest = origin + w->end;
	}
	return now > longest ? now : longest;
}
