/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/record.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "script/template.h"
#include "suite/discover.h"
#include "suite/environments.h"
#include "suite/record_entries.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

void record_sort(struct record *r)
{
	int i;

	r->by_name = xrealloc(r->by_name, (size_t)(r->n ? r->n : 1) * sizeof(struct record_entry *));
	for (i = 0; i < r->n; i++)
		r->by_name[i] = &r->entry[i];
	r->n_sorted = r->n;
	qsort(r->by_name, (size_t)r->n, sizeof(struct record_entry *), by_name);
}

struct record *record_new(void)
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
	environments_free(r->environments);
	arena_free(r->arena);
	free(r->entry);
	free(r->by_name);
	free(r);
}

struct record_entry *record_add(struct record *r, const char *path, const char *version,
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

struct record_entry *record_find(const struct record *r, const char *full, const char *version)
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

static const struct record_entry *find_past(const struct record *r, const char *full,
					    const char *version, const char *on, bool alike)
{
	struct buf b = { 0 };
	const struct record_entry *e;

	buf_printf(&b, "%s%s", version, on);
	e = (alike ? find_alike : record_find)(r, full, b.s);
	buf_free(&b);
	return e;
}

/* Of a case of a table the file's, with the case behind it. */
static bool real_path(const char *path, char full[PATH_MAX])
{
	struct arena *a = arena_new();
	const char *file, *which;
	size_t len;
	bool found;

	template_path(path, a, &file, &which);
	found = realpath(file, full) != NULL;
	len = found && which ? strlen(full) : 0;
	if (len && (size_t)snprintf(full + len, PATH_MAX - len, "[%s]", which) >= PATH_MAX - len)
		found = false;
	arena_free(a);
	return found;
}

void record_look_up(const struct record *r, struct suite_list *list, bool alike, const char *on)
{
	struct suite_case *c;
	char full[PATH_MAX];

	for (c = list->first; c && r->n; c = c->next) {
		if (!real_path(c->path, full))
			continue;
		c->past = find_past(r, full, suite_case_version(c), on, alike);
		/* The last time it had errors, and so no version. */
		if (!c->past)
			c->past = find_past(r, full, SUITE_NO_VERSION, on, alike);
	}
}

/* Standard input and names that would break the format are not worth remembering. */
static bool full_path(const char *path, char full[PATH_MAX])
{
	return strcmp(path, "-") && real_path(path, full) && !strchr(full, '\n');
}

static struct record_entry *note(struct record *r, const char *path, const char *version,
				 enum verdict v, nstime duration)
{
	char full[PATH_MAX];

	if (!full_path(path, full))
		return NULL;
	if (!r->noted)
		r->noted = record_new();
	return record_add(r->noted, full, version, v, duration);
}

void record_note(struct record *r, const char *path, const char *version, enum verdict v,
		 nstime duration)
{
	note(r, path, version, v, duration);
}

void record_note_pass(struct record *r, const char *path, const char *version,
		      const char *environment, nstime at)
{
	struct record_entry *e = note(r, path, version, VERDICT_PASS, 0);

	if (!e)
		return;
	if (!r->environments)
		r->environments = environments_new();
	e->passed_on = environments_add(r->environments, environment);
	e->passed_at = at;
}

bool record_has_passes(const struct record *r)
{
	return r->environments != NULL;
}

const char *record_environments(const char *record_path, struct arena *a)
{
	return arena_printf(a, "%s.environments", record_path);
}

static const struct record_entry *last_noted(const struct record *noted, const char *full,
					     const char *version)
{
	const struct record_entry *e;
	int i;

	for (i = noted ? noted->n : 0; i--;) {
		e = &noted->entry[i];
		if (e->passed_on && !strcmp(e->path, full) && !strcmp(e->version, version))
			return e;
	}
	return NULL;
}

const char *record_last_pass(const struct record *r, const char *record_path, const char *path,
			     const char *version, struct arena *a, nstime *at)
{
	const struct record_entry *e;
	char full[PATH_MAX];

	if (!full_path(path, full))
		return NULL;
	e = last_noted(r->noted, full, version);
	if (!e)
		e = record_find(r, full, version);
	if (!e || !e->passed_on)
		return NULL;
	*at = e->passed_at;
	return environments_get(r->environments, record_environments(record_path, a), e->passed_on, a);
}
