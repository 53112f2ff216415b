/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/target_list.h"
#include "base/arena.h"
#include "cli/options.h"
#include "seam/target.h"
#include "target/target_table.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int unknown_target(const char *name)
{
	const struct target_desc *t;
	unsigned i;

	fprintf(stderr, "drillpress: unknown target '%s'; there are:", name);
	for (i = 0; (t = target_at(i)); i++)
		fprintf(stderr, "%s %s%s%s", i ? "," : "", t->name, t->arg ? ":" : "",
			t->arg ? t->arg : "");
	fputc('\n', stderr);
	return -1;
}

/* "stack:build/lwip.so,seed=3" is lwip. */
static const char *short_name(const struct tested *t, struct arena *a)
{
	size_t n = t->where ? strcspn(t->where, ",") : 0, at = n, i;
	char *name;

	while (at && t->where[at - 1] != '/')
		at--;
	n -= at;
	if (n > 3 && !memcmp(t->where + at + n - 3, ".so", 3))
		n -= 3;
	if (!n)
		return t->desc->name;
	name = arena_strndup(a, t->where + at, n);
	/* It becomes part of names of files and of lines of the record. */
	for (i = 0; i < n; i++)
		if (!isgraph((unsigned char)name[i]))
			name[i] = '_';
	return name;
}

static bool is_taken(const struct target_list *l, const char *label)
{
	int i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->at[i].label, label))
			return true;
	return false;
}

int target_list_find(struct target_list *l, const struct options *o)
{
	struct tested t;
	const char *name;
	int i, again;

	*l = (struct target_list){ 0 };
	l->at = arena_alloc(o->arena, (size_t)o->n_targets * sizeof(*l->at));
	for (i = 0; i < o->n_targets; i++) {
		t.desc = target_find(o->targets[i], &t.where);
		if (!t.desc)
			return unknown_target(o->targets[i]);
		t.label = name = short_name(&t, o->arena);
		for (again = 2; is_taken(l, t.label); again++)
			t.label = arena_printf(o->arena, "%s-%d", name, again);
		l->at[l->n++] = t;
	}
	return 0;
}
