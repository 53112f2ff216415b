/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/order.h"
#include "base/xmem.h"
#include "suite/record.h"

#include <stdlib.h>

struct place {
	struct suite_case *c;
	nstime cost;
	int found;	/* the how manyth it was; qsort(3) keeps no order by itself */
};

nstime suite_case_expected(const struct suite_case *c)
{
	if (suite_case_is_bad(c) || c->unsupported)
		return 0;
	return c->past && c->past->duration ? c->past->duration : c->estimate;
}

static int costly_first(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost > y->cost ? -1 : 1;
	return x->found - y->found;
}

struct suite_case **suite_order(const struct suite_list *list, bool longest_first)
{
	struct suite_case **order = xzalloc((size_t)(list->n + 1) * sizeof(struct suite_case *));
	struct place *p = xzalloc((size_t)(list->n + 1) * sizeof(*p));
	struct suite_case *c;
	int n = 0;

	for (c = list->first; c; c = c->next, n++)
		p[n] = (struct place){ .c = c, .found = n,
				       .cost = suite_case_is_bad(c) ? NSTIME_NEVER : suite_case_expected(c) };
	if (longest_first)
		qsort(p, (size_t)n, sizeof(*p), costly_first);
	while (n--)
		order[n] = p[n].c;
	free(p);
	return order;
}
