/* SPDX-License-Identifier: BSD-2-Clause */
/* What the reports of a ledger share. */
#include "config.h"

#include "base/arena.h"
#include "report/ledger.h"

#include <string.h>

static bool has_group(const struct ledger_share *s, unsigned n, const char *group)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (!strcmp(s[i].group, group))
			return true;
	return false;
}

const struct ledger_share *ledger_shares(const struct ledger *l, struct arena *a, unsigned *n)
{
	struct ledger_share *s = arena_alloc(a, (l->n + STRENGTH_COUNT) * STRENGTH_COUNT * sizeof(*s));
	unsigned k;
	size_t i;

	for (*n = 0, i = 0; i < l->n; i++) {
		const char *group = l->row[i].requirement->group;

		if (has_group(s, *n, group))
			continue;
		for (k = 0; k < STRENGTH_COUNT; k++)
			if (ledger_count(l, 0, group, (enum strength)k).all)
				s[(*n)++] = (struct ledger_share){ group, (enum strength)k };
	}
	return s;
}

bool ledger_view_disagrees(const struct ledger_view *v, const struct ledger_row *row,
			   unsigned column)
{
	return v->verified && !strcmp(v->verified, v->ledger->column[column]) &&
	       ledger_disagrees(row, column);
}

bool ledger_has(const struct ledger *l, enum standing s)
{
	unsigned k;

	for (k = 0; k < l->n_columns; k++)
		if (ledger_count(l, k, NULL, STRENGTH_COUNT).of[s])
			return true;
	return false;
}
