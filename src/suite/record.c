/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/record.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "suite/discover.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first line of a record; the number changes with the format. */
#define HEADER "drillpress record 1\n"
/* A line: verdict, seconds, IP version, path. */
#define LINE_MAX_BYTES (PATH_MAX + 100)

struct record {
	struct arena *arena;
	struct record_entry *entry;	/* as in the file: run longest ago first */
	int n, size;
	struct record_entry **by_name;	/* sorted by last part of the path; n_sorted of them */
	int n_sorted;
	struct record *noted;		/* what this run adds, or NULL */
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int compare(const char *path, const char *version, const struct record_entry *e)
{
	int by_name = strcmp(last_part(path), last_part(e->path));

	return by_name ? by_name : strcmp(version, e->version);
}

static int by_name(const void *a, const void *b)
{
	const struct record_entry *x = *(struct record_entry *const *)a;
	const struct record_entry *y = *(struct record_entry *const *)b;
	int order = compare(x->path, x->version, y);

	return order ? order : strcmp(x->path, y->path);
}

static void sort(struct record *r)
{
	int i;

	r->by_name = xrealloc(r->by_name, (size_t)(r->n ? r->n : 1) * sizeof(struct record_entry *));
	for (i = 0; i < r->n; i++)
		r->by_name[i] = &r->entry[i];
	r->n_sorted = r->n;
	qsort(r->by_name, (size_t)r->n, sizeof(struct record_entry *), by_name);
}

static struct record *record_new(void)
{
	struct record *r = xzalloc(sizeof(*r));

	r->arena = arena_new();
	return r;
}

void record_free(struct record *r)
{
	if (!r)
		return;
	record_free(r->noted);
	arena_free(r->arena);
	free(r->entry);
	free(r->by_name);
	free(r);
}

static struct record_entry *add(struct record *r, const char *path, const char *version,
				enum verdict v, nstime duration)
{
	if (r->n == r->size) {
		r->size = r->size ? 2 * r->size : 64;
		r->entry = xrealloc(r->entry, (size_t)r->size * sizeof(*r->entry));
	}
	r->entry[r->n] = (struct record_entry){ .path = arena_strdup(r->arena, path),
						.version = arena_strdup(r->arena, version),
						.verdict = v, .duration = duration };
	return &r->entry[r->n++];
}

static enum verdict verdict_of(const char *name)
{
	enum verdict v;

	for (v = VERDICT_PASS; v < VERDICT_COUNT; v++)
		if (!strcmp(verdict_name(v), name))
			return v;
	return VERDICT_NONE;
}

static bool read_line(struct record *r, char *line)
{
	char *save = NULL, *verdict = strtok_r(line, " ", &save);
	char *seconds = strtok_r(NULL, " ", &save), *version = strtok_r(NULL, " ", &save);
	char *path = strtok_r(NULL, "\n", &save);
	nstime duration;
	enum verdict v;

	if (!path || *path != '/' || !nstime_parse(seconds, &duration) || duration < 0)
		return false;
	v = verdict_of(verdict);
	if (v == VERDICT_NONE || r->n >= RECORD_MAX)
		return false;
	add(r, path, version, v, duration);
	return true;
}

static bool read_all(struct record *r, FILE *f)
{
	char line[LINE_MAX_BYTES];

	if (!fgets(line, sizeof(line), f) || strcmp(line, HEADER) != 0)
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
	sort(r);
	if (!must)
		return r;
	record_free(r);
	return NULL;
}

/* The place of the first entry not before this name. */
static int lower_bound(const struct record *r, const char *path, const char *version)
{
	int low = 0, high = r->n_sorted;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (compare(path, version, r->by_name[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct record_entry *find(const struct record *r, const char *full, const char *version)
{
	int i = lower_bound(r, full, version);

	for (; i < r->n_sorted && !compare(full, version, r->by_name[i]); i++)
		if (!strcmp(full, r->by_name[i]->path))
			return r->by_name[i];
	return NULL;
}

/* How many parts, counted from the end, two paths share. */
static int parts_in_common(const char *a, const char *b)
{
	const char *p = a + strlen(a), *q = b + strlen(b);
	int n = 0;

	while (p > a && q > b && p[-1] == q[-1]) {
		p--;
		q--;
		n += *p == '/';
	}
	if ((p == a || p[-1] == '/') && (q == b || q[-1] == '/') && *p != '/')
		n++;
	return n;
}

static struct record_entry *find_alike(const struct record *r, const char *path,
				       const char *version)
{
	struct record_entry *best = NULL;
	int i = lower_bound(r, path, version), most = 0, n;

	for (; i < r->n_sorted && !compare(path, version, r->by_name[i]); i++) {
		n = parts_in_common(path, r->by_name[i]->path);
		if (n > most) {
			most = n;
			best = r->by_name[i];
		}
	}
	return best;
}

void record_look_up(const struct record *r, struct suite_list *list, bool alike)
{
	struct suite_case *c;
	char full[PATH_MAX];

	for (c = list->first; c && r->n; c = c->next) {
		if (!realpath(c->path, full))
			continue;
		c->past = (alike ? find_alike : find)(r, full, suite_case_version(c));
		/* The last time it had errors, and so no version. */
		if (!c->past)
			c->past = (alike ? find_alike : find)(r, full, SUITE_NO_VERSION);
	}
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

void record_note(struct record *r, const char *path, const char *version, enum verdict v,
		 nstime duration)
{
	char full[PATH_MAX];

	/* Standard input and names that would break the format are not worth remembering. */
	if (!strcmp(path, "-") || !realpath(path, full) || strchr(full, '\n'))
		return;
	if (!r->noted)
		r->noted = record_new();
	add(r->noted, full, version, v, duration);
}

/* The noted without repetitions; a duration once known is not forgotten. */
static void merge_noted(struct record *noted, const struct record *old)
{
	struct record_entry *e, *first;
	int i, kept = 0;

	sort(noted);
	for (i = 0; i < noted->n; i++) {
		e = &noted->entry[i];
		first = find(noted, e->path, e->version);
		if (badness(e->verdict) > badness(first->verdict))
			first->verdict = e->verdict;
		if (e->duration > 0)
			first->duration = e->duration;
		if (e != first)
			e->verdict = VERDICT_NONE;
	}
	for (i = 0; i < noted->n; i++) {
		e = &noted->entry[i];
		if (e->verdict == VERDICT_NONE)
			continue;
		first = find(old, e->path, e->version);
		if (!e->duration && first)
			e->duration = first->duration;
		noted->entry[kept++] = *e;
	}
	noted->n = kept;
	sort(noted);
}

static void write_entry(FILE *f, const struct record_entry *e)
{
	char seconds[NSTIME_TEXT];

	fprintf(f, "%s %s %s %s\n", verdict_name(e->verdict), nstime_text(e->duration, seconds),
		e->version, e->path);
}

static void write_all(FILE *f, const struct record *old, const struct record *noted)
{
	int i, stay = 0, skip;

	for (i = 0; i < old->n; i++)
		stay += !find(noted, old->entry[i].path, old->entry[i].version);
	skip = stay + noted->n - RECORD_MAX;
	fputs(HEADER, f);
	for (i = 0; i < old->n; i++)
		if (!find(noted, old->entry[i].path, old->entry[i].version) && skip-- <= 0)
			write_entry(f, &old->entry[i]);
	for (i = noted->n > RECORD_MAX ? noted->n - RECORD_MAX : 0; i < noted->n; i++)
		write_entry(f, &noted->entry[i]);
}

static int make_folders(char *path)
{
	char *slash;

	for (slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return 0;
}

static int replace(const char *path, const struct record *old, const struct record *noted)
{
	char temporary[PATH_MAX];
	int fd, lost, err;
	FILE *f;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(temporary);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return -1;
	write_all(f, old, noted);
	lost = fflush(f) || ferror(f);
	lost |= fclose(f);
	if (!lost && rename(temporary, path) == 0)
		return 0;
	err = errno;
	unlink(temporary);
	errno = err;
	return -1;
}

int record_save(struct record *r, const char *path)
{
	struct record *now;
	struct stat st;
	char *copy;
	int err;

	if (!r->noted)
		return 0;
	/* A device or a pipe is not to be replaced by a file. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	copy = xstrdup(path);
	err = make_folders(copy);
	free(copy);
	if (err)
		return -1;
	now = record_load(path, false);
	merge_noted(r->noted, now);
	err = replace(path, now, r->noted);
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
