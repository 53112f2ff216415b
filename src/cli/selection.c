/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cli/selection.h"
#include "base/arena.h"
#include "suite/record.h"

#include <errno.h>
#include <stdio.h>
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

int selection_begin(struct selection *s, const struct options *o, struct suite_list *list)
{
	*s = (struct selection){ .o = o, .found = list->n };
	if (o->filter.last && o->no_record && !o->durations)
		return refuse("--last needs the record of earlier runs, which --no-record is against");
	/* Machines whose own pasts differ would leave scripts out, or run them twice. */
	if (o->filter.last && o->shard.n && !o->durations)
		return refuse("--last and --shard together need --durations=FILE, the same on all machines");
	if (read_records(s))
		return -1;
	if (s->durations)
		record_look_up(s->durations, list, true);
	else if (s->record && !o->shard.n)
		record_look_up(s->record, list, false);
	s->filtered = suite_filter_apply(&o->filter, list);
	if (s->filtered && !list->n && !o->filter.last)
		return refuse("no script fits the filters");
	if (o->shard.n)
		s->elsewhere = shard_apply(&o->shard, list);
	/* Dealt out by what all machines know, each may order its share by what it knows itself. */
	if (s->record && o->shard.n && !s->durations)
		record_look_up(s->record, list, false);
	return 0;
}

void selection_done(void *arg, const struct suite_case *c, enum verdict v, nstime duration)
{
	struct selection *s = arg;

	if (s->record_path)
		record_note(s->record, c->path, suite_case_version(c), v, duration);
}

bool selection_keeps_passes(const struct selection *s)
{
	return s->o->dossier && s->record_path;
}

void selection_passed(struct selection *s, const char *path, const char *version,
		      const char *environment, nstime at)
{
	if (selection_keeps_passes(s))
		record_note_pass(s->record, path, version, environment, at);
}

const char *selection_last_pass(const struct selection *s, const char *path, const char *version,
				struct arena *a, nstime *at)
{
	if (!selection_keeps_passes(s))
		return NULL;
	return record_last_pass(s->record, s->record_path, path, version, a, at);
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
