/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/expr_find.h"

static const struct expr *find(const struct expr_list *l, bool (*wanted)(const struct expr *e));

static const struct expr *find_in(const struct expr *e, bool (*wanted)(const struct expr *e))
{
	const struct expr *found;

	if (wanted(e))
		return e;
	found = find(e->items, wanted);
	if (found || !e->value)
		return found;
	return find_in(e->value, wanted);
}

static const struct expr *find(const struct expr_list *l, bool (*wanted)(const struct expr *e))
{
	const struct expr *e, *found;

	if (l)
		STAILQ_FOREACH(e, l, next) {
			found = find_in(e, wanted);
			if (found)
				return found;
		}
	return NULL;
}

const struct expr *call_find_expr(const struct syscall_ast *c, bool (*wanted)(const struct expr *e))
{
	return find(c->args, wanted);
}
