/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/target_list.h"
#include "base/arena.h"
#include "base/diag.h"
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

/* It becomes part of names of files and of lines of the record. */
static const char *one_word(char *text)
{
	char *at;

	for (at = text; *at; at++)
		if (!isgraph((unsigned char)*at))
			*at = '_';
	return text;
}

/* "stack:build/lwip.so,seed=3" is lwip, in the record lwip,seed=3. */
static void name(struct tested *t, struct arena *a)
{
	size_t n = t->where ? strcspn(t->where, ",") : 0, at = n;
	const char *options = t->where ? t->where + n : "";

	while (at && t->where[at - 1] != '/')
		at--;
	n -= at;
	if (n > 3 && !memcmp(t->where + at + n - 3, ".so", 3))
		n -= 3;
	t->label = n ? one_word(arena_strndup(a, t->where + at, n)) : t->desc->name;
	t->key = "";
	if (t->where || strcmp(t->desc->name, "host"))
		t->key = one_word(arena_printf(a, "@%s%s", t->label, options));
}

static bool is_taken(const struct target_list *l, const char *label)
{
	int i;

	for (i = 0; i < l->n; i++)
		if (!strcmp(l->at[i].label, label))
			return true;
	return false;
}

/* -1 after a message. */
static int bad_place(const struct tested *t, struct arena *a)
{
	struct diag_sink d;

	diag_init(&d, a);
	if (!t->desc->check || t->desc->check(t->where, &d) == 0)
		return 0;
	fprintf(stderr, "drillpress: %s\n", d.first->msg);
	return -1;
}

int target_list_find(struct target_list *l, const struct options *o)
{
	const char *label;
	struct tested t;
	int i, again;

	*l = (struct target_list){ 0 };
	l->at = arena_alloc(o->arena, (size_t)o->n_targets * sizeof(*l->at));
	for (i = 0; i < o->n_targets; i++) {
		t = (struct tested){ 0 };
		t.desc = target_find(o->targets[i], &t.where);
		if (!t.desc)
			return unknown_target(o->targets[i]);
		if (bad_place(&t, o->arena))
			return -1;
		name(&t, o->arena);
		label = t.label;
		for (again = 2; is_taken(l, t.label); again++) {
			t.label = arena_printf(o->arena, "%s-%d", label, again);
			t.spelled = o->targets[i];
		}
		l->at[l->n++] = t;
	}
	return 0;
}
