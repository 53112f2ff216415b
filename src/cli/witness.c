/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/witness.h"
#include "cli/selection.h"
#include "report/dossier.h"
#include "target/clock_real.h"

#include <string.h>

/* A script as it was read. Standard input goes by its source's name. */
static const char *script_text(void *arg, const char *path, size_t *len)
{
	const struct witness *w = arg;
	const struct suite_case *c;

	for (c = w->list->first; c; c = c->next)
		if (c->script && !strcmp(c->script->src->name, path)) {
			*len = c->script->src->len;
			return c->script->src->text;
		}
	return NULL;
}

static void script_passed(void *arg, const char *path, const char *version,
			  const char *environment)
{
	const struct witness *w = arg;

	selection_passed(w->selection, path, version, environment,
			 clock_now(w->clock) + clock_wall_offset(w->clock));
}

static const char *last_pass(void *arg, const char *path, const char *version, struct arena *a,
			     nstime *at)
{
	return selection_last_pass(((const struct witness *)arg)->selection, path, version, a, at);
}

void witness_answers(struct dossier_options *d, struct witness *w)
{
	d->script = script_text;
	d->passed = script_passed;
	d->last_pass = last_pass;
	d->arg = w;
}
