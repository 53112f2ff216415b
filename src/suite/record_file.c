/* SPDX-License-Identifier: BSD-2-Clause */
/* The file of a record. */
#include "config.h"

#include "base/arena.h"
#include "engine/result_codec.h"
#include "suite/environments.h"
#include "suite/record_entries.h"
#include "suite/state_file.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The first line of a record; the number changes with the format. A line has
 * verdict, seconds, IP version and path; in the second format, before the path,
 * also ID@NANOSECONDS of the last pass or "-". That one is written if need be.
 */
#define HEADER "drillpress record 1\n"
#define HEADER_PASSES "drillpress record 2\n"
#define LINE_MAX_BYTES (PATH_MAX + 200)

static enum verdict verdict_of(const char *name)
{
	enum verdict v;

	for (v = VERDICT_PASS; v < VERDICT_COUNT; v++)
		if (!strcmp(verdict_name(v), name))
			return v;
	return VERDICT_NONE;
}

/* "ID@NANOSECONDS", or "-" for none. */
static bool read_pass(struct record_entry *e, struct arena *a, const char *text)
{
	const char *at = strchr(text, '@');
	char *end;

	if (!strcmp(text, "-"))
		return true;
	if (!at)
		return false;
	e->passed_on = arena_strndup(a, text, (size_t)(at - text));
	e->passed_at = strtoll(at + 1, &end, 10);
	return environment_is_id(e->passed_on) && at[1] && !*end;
}

static bool read_line(struct record *r, char *line)
{
	char *save = NULL, *verdict = strtok_r(line, " ", &save);
	char *seconds = strtok_r(NULL, " ", &save), *version = strtok_r(NULL, " ", &save);
	const char *pass = r->passes ? strtok_r(NULL, " ", &save) : "-";
	char *path = strtok_r(NULL, "\n", &save);
	struct record_entry last = { 0 };
	struct record_entry *e;
	nstime duration;
	enum verdict v;

	if (!path || *path != '/' || !nstime_parse(seconds, &duration) || duration < 0)
		return false;
	v = verdict_of(verdict);
	if (v == VERDICT_NONE || r->n >= RECORD_MAX || !read_pass(&last, r->arena, pass))
		return false;
	e = record_add(r, path, version, v, duration);
	e->passed_on = last.passed_on;
	e->passed_at = last.passed_at;
	return true;
}

static bool read_all(struct record *r, FILE *f)
{
	char line[LINE_MAX_BYTES];

	if (!fgets(line, sizeof(line), f))
		return false;
	r->passes = !strcmp(line, HEADER_PASSES);
	if (!r->passes && strcmp(line, HEADER))
		return false;
	while (fgets(line, sizeof(line), f))
		if (!strchr(line, '\n') || !read_line(r, line))
			return false;
	return !ferror(f);
}

struct record *record_load(const char *path, bool must)
{
	struct record *r = record_new();
	FILE *f = path ? fopen(path, "re") : NULL;

	if (f && !read_all(r, f)) {
		fprintf(stderr, "drillpress: %s: %s\n", path, must ?
			"not a record of drillpress" : "this record of earlier runs is malformed; ignored");
		r->n = 0;
	} else if (f || !must) {
		must = false;
	} else {
		fprintf(stderr, "drillpress: %s: %s\n", path, strerror(errno));
	}
	if (f)
		fclose(f);
	record_sort(r);
	if (!must)
		return r;
	record_free(r);
	return NULL;
}

/* What one has to look into stays when the same script is run again and passes. */
static int badness(enum verdict v)
{
	switch (v) {
	case VERDICT_FAIL:
		return 4;
	case VERDICT_BADSCRIPT:
		return 3;
	case VERDICT_ENVIRONMENT:
		return 2;
	case VERDICT_INCONCLUSIVE:
		return 1;
	default:
		return 0;
	}
}

static void keep_pass(struct record_entry *to, const struct record_entry *from)
{
	to->passed_on = from->passed_on;
	to->passed_at = from->passed_at;
}

/* The noted without repetitions; a duration or a pass once known is not forgotten. */
static void merge_noted(struct record *noted, const struct record *old)
{
	struct record_entry *e, *first;
	int i, kept = 0;

	record_sort(noted);
	for (i = 0; i < noted->n; i++) {
		e = &noted->entry[i];
		first = record_find(noted, e->path, e->version);
		if (badness(e->verdict) > badness(first->verdict))
			first->verdict = e->verdict;
		if (e->duration > 0)
			first->duration = e->duration;
		if (e->passed_on)
			keep_pass(first, e);
		if (e != first)
			e->verdict = VERDICT_NONE;
	}
	for (i = 0; i < noted->n; i++) {
		e = &noted->entry[i];
		if (e->verdict == VERDICT_NONE)
			continue;
		first = record_find(old, e->path, e->version);
		if (!e->duration && first)
			e->duration = first->duration;
		if (!e->passed_on && first)
			keep_pass(e, first);
		noted->entry[kept++] = *e;
	}
	noted->n = kept;
	record_sort(noted);
}

/* Both halves of the file that is to be. */
struct contents {
	const struct record *old, *noted;
	bool passes;
};

static void write_entry(FILE *f, const struct contents *c, const struct record_entry *e)
{
	char seconds[NSTIME_TEXT];

	fprintf(f, "%s %s %s ", verdict_name(e->verdict), nstime_text(e->duration, seconds),
		e->version);
	if (e->passed_on)
		fprintf(f, "%s@%" PRId64 " ", e->passed_on, e->passed_at);
	else if (c->passes)
		fputs("- ", f);
	fprintf(f, "%s\n", e->path);
}

static void write_all(FILE *f, const void *arg)
{
	const struct contents *c = arg;
	const struct record *old = c->old, *noted = c->noted;
	int i, stay = 0, skip;

	for (i = 0; i < old->n; i++)
		stay += !record_find(noted, old->entry[i].path, old->entry[i].version);
	skip = stay + noted->n - RECORD_MAX;
	fputs(c->passes ? HEADER_PASSES : HEADER, f);
	for (i = 0; i < old->n; i++)
		if (!record_find(noted, old->entry[i].path, old->entry[i].version) && skip-- <= 0)
			write_entry(f, c, &old->entry[i]);
	for (i = noted->n > RECORD_MAX ? noted->n - RECORD_MAX : 0; i < noted->n; i++)
		write_entry(f, c, &noted->entry[i]);
}

static bool has_passes(const struct record *r)
{
	int i = 0;

	while (i < r->n && !r->entry[i].passed_on)
		i++;
	return i < r->n;
}

static bool is_used(const void *arg, const char *id)
{
	const struct contents *c = arg;
	const struct record_entry *e;
	int i;

	for (i = 0; i < c->old->n; i++) {
		e = &c->old->entry[i];
		if (e->passed_on && !strcmp(e->passed_on, id) &&
		    !record_find(c->noted, e->path, e->version))
			return true;
	}
	for (i = 0; i < c->noted->n; i++)
		if (c->noted->entry[i].passed_on && !strcmp(c->noted->entry[i].passed_on, id))
			return true;
	return false;
}

/* The texts go before the lines that name them. Without their texts, the passes are forgotten. */
static int save_environments(struct record *r, const char *folder)
{
	int i;

	if (!r->environments || environments_save(r->environments, folder) == 0)
		return 0;
	for (i = 0; i < r->noted->n; i++)
		r->noted->entry[i].passed_on = NULL;
	return errno;
}

static void tidy(const struct contents *c, const char *folder)
{
	nstime now = 0;
	int i;

	for (i = 0; i < c->noted->n; i++)
		if (c->noted->entry[i].passed_at > now)
			now = c->noted->entry[i].passed_at;
	environments_tidy(folder, now, is_used, c);
}

static int save(struct record *r, struct record *old, const char *path)
{
	struct contents c = { .old = old, .noted = r->noted };
	struct arena *a = arena_new();
	const char *folder = record_environments(path, a);
	int lost = save_environments(r, folder);

	merge_noted(r->noted, old);
	c.passes = has_passes(old) || has_passes(r->noted);
	if (state_file_replace(path, write_all, &c))
		lost = errno;
	else if (r->environments && !lost)
		tidy(&c, folder);
	arena_free(a);
	errno = lost;
	return lost ? -1 : 0;
}

int record_save(struct record *r, const char *path)
{
	struct record *now;
	struct stat st;
	int err;

	if (!r->noted)
		return 0;
	/* A device or a pipe is not to be replaced by a file. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	if (state_file_make_folders(path))
		return -1;
	now = record_load(path, false);
	err = save(r, now, path);
	record_free(now);
	return err;
}

const char *record_default_path(struct arena *a)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct stat st;

	if (state && *state == '/')
		return arena_printf(a, "%s/drillpress/last", state);
	/* Root must not leave files of its own in a user's home, as under sudo. */
	if (!home || *home != '/' || stat(home, &st) || st.st_uid != geteuid())
		return NULL;
	return arena_printf(a, "%s/.local/state/drillpress/last", home);
}
