/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/selection.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "cli/target_list.h"
#include "suite/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(const char *why)
{
	fprintf(stderr, "drillpress: %s\n", why);
	return -1;
}

static int read_records(struct selection *s)
{
	const struct options *o = s->o;

	if (!o->no_record) {
		s->record_path = o->record ? o->record : record_default_path(o->arena);
		s->record = record_load(s->record_path, false);
	}
	if (o->durations) {
		s->durations = record_load(o->durations, true);
		if (!s->durations)
			return -1;
	}
	return 0;
}

/* Of a case's pasts on several targets: one that --last is about, and then the longest. */
static bool counts_more(const struct selection *s, const struct record_entry *a,
			const struct record_entry *b)
{
	bool a_fits, b_fits;

	if (!a || !b)
		return a != NULL;
	a_fits = s->o->filter.last & 1u << a->verdict;
	b_fits = s->o->filter.last & 1u << b->verdict;
	return a_fits != b_fits ? a_fits : a->duration > b->duration;
}

static void look_up(const struct selection *s, const struct tested *t, struct suite_list *list)
{
	const struct record *r = s->durations ? s->durations : s->record;
	struct suite_case *c;

	for (c = list->first; c; c = c->next)
		c->past = NULL;
	if (r)
		record_look_up(r, list, r == s->durations, t->key);
}

/* A past for each case, of whichever target. */
static void look_up_all(const struct selection *s, struct suite_list *list)
{
	const struct record_entry **best = xzalloc(((size_t)list->n + 1) * sizeof(*best));
	struct suite_case *c;
	int t, i;

	for (t = 0; t < s->targets->n; t++) {
		look_up(s, &s->targets->at[t], list);
		for (c = list->first, i = 0; c; c = c->next, i++)
			if (counts_more(s, c->past, best[i]))
				best[i] = c->past;
	}
	for (c = list->first, i = 0; c; c = c->next, i++)
		c->past = best[i];
	free(best);
}

void selection_target(struct selection *s, const struct tested *t, struct suite_list *list)
{
	s->on = t->key;
	look_up(s, t, list);
}

int selection_begin(struct selection *s, const struct options *o, const struct target_list *targets,
		    struct suite_list *list)
{
	*s = (struct selection){ .o = o, .targets = targets, .on = "", .found = list->n };
	if (o->filter.last && o->no_record && !o->durations)
		return refuse("--last needs the record of earlier runs, which --no-record is against");
	/* Machines whose own pasts differ would leave scripts out, or run them twice. */
	if (o->filter.last && o->shard.n && !o->durations)
		return refuse("--last and --shard together need --durations=FILE, the same on all machines");
	if (read_records(s))
		return -1;
	/*
	 * Machines deal out shards by what all of them know; each then orders its
	 * share by what it knows itself (selection_target()).
	 */
	if (s->durations || (s->record && !o->shard.n))
		look_up_all(s, list);
	s->filtered = suite_filter_apply(&o->filter, list);
	if (s->filtered && !list->n && !o->filter.last)
		return refuse("no script fits the filters");
	if (o->shard.n)
		s->elsewhere = shard_apply(&o->shard, list);
	return 0;
}

/* As the record has it; "ipv4 host" is of that target's run already. */
static const char *version_on(const struct selection *s, const char *version, struct buf *b)
{
	buf_printf(b, "%.*s%s", (int)strcspn(version, " "), version, s->on);
	return b->s;
}

void selection_done(void *arg, const struct suite_case *c, enum verdict v, nstime duration)
{
	struct selection *s = arg;
	struct buf b = { 0 };

	if (s->record_path)
		record_note(s->record, c->path, version_on(s, suite_case_version(c), &b), v,
			    duration);
	buf_free(&b);
}

bool selection_keeps_passes(const struct selection *s)
{
	return s->o->dossier && s->record_path;
}

void selection_passed(struct selection *s, const char *path, const char *version,
		      const char *environment, nstime at)
{
	struct buf b = { 0 };

	if (selection_keeps_passes(s))
		record_note_pass(s->record, path, version_on(s, version, &b), environment, at);
	buf_free(&b);
}

const char *selection_last_pass(const struct selection *s, const char *path, const char *version,
				struct arena *a, nstime *at)
{
	struct buf b = { 0 };
	const char *passed_on = NULL;

	if (selection_keeps_passes(s))
		passed_on = record_last_pass(s->record, s->record_path, path,
					     version_on(s, version, &b), a, at);
	buf_free(&b);
	return passed_on;
}

void selection_say(const struct selection *s, const struct suite_list *list, FILE *out)
{
	if (s->filtered)
		fprintf(out, "%d of %d scripts left out by filters\n", s->filtered, s->found);
	if (s->elsewhere)
		fprintf(out, "%d of %d scripts are for other shards; this is shard %d of %d\n", s->elsewhere,
		       s->elsewhere + list->n, s->o->shard.k, s->o->shard.n);
	if (list->slow_left_out)
		fprintf(out, "%d slow script%s not run; --slow runs %s\n", list->slow_left_out,
		       list->slow_left_out == 1 ? "" : "s", list->slow_left_out == 1 ? "it" : "them");
}

static bool is_full(int err)
{
	return err == ENOSPC || err == EDQUOT || err == EFBIG;
}

void selection_end(struct selection *s)
{
	int before = errno;	/* of standard output, for main() to tell */

	if (s->record && s->record_path && record_save(s->record, s->record_path) &&
	    (s->o->record || (record_has_passes(s->record) && is_full(errno))))
		fprintf(stderr, "drillpress: cannot write the record %s: %s\n", s->record_path,
			strerror(errno));
	record_free(s->record);
	record_free(s->durations);
	errno = before;
}
