/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/fdmap.h"
#include "base/arena.h"

struct fd_entry *fdmap_find(const struct fdmap *m, int script)
{
	struct fd_entry *e;

	for (e = m->first; e; e = e->next)
		if (!e->closed && e->script == script)
			return e;
	return NULL;
}

struct fd_entry *fdmap_find_live(const struct fdmap *m, int live)
{
	struct fd_entry *e;

	for (e = m->first; e; e = e->next)
		if (!e->closed && e->live == live)
			return e;
	return NULL;
}

bool fdmap_add(struct fdmap *m, struct arena *a, int script, int live)
{
	struct fd_entry *e;

	if (fdmap_find(m, script))
		return false;
	e = arena_new_of(a, struct fd_entry);
	*e = (struct fd_entry){ .script = script, .live = live, .next = m->first };
	m->first = e;
	return true;
}
