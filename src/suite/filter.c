/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/filter.h"
#include "base/arena.h"
#include "suite/record.h"

#include <fnmatch.h>
#include <string.h>

/* A glob for a path or its last parts, or a part of it. */
static bool path_matches(const char *pattern, const char *path)
{
	const char *tail = path, *slash;

	if (!strpbrk(pattern, "*?["))
		return strstr(path, pattern) != NULL;
	while (fnmatch(pattern, tail, 0) != 0) {
		slash = strchr(tail, '/');
		if (!slash)
			return false;
		tail = slash + 1;
	}
	return true;
}

/* FILE[CASE], where the bracket is no set of letters: both are patterns. */
static bool case_matches(const char *pattern, const struct suite_case *c)
{
	struct arena *a = arena_new();
	const char *end = strstr(pattern, ".pkt["), *file, *which;
	size_t len = strlen(pattern);
	bool fits = false;

	if (end && pattern[len - 1] == ']') {
		file = arena_strndup(a, pattern, (size_t)(end + 4 - pattern));
		which = arena_strndup(a, end + 5, len - (size_t)(end + 5 - pattern) - 1);
		fits = path_matches(file, c->file) && !fnmatch(which, c->which, 0);
	}
	arena_free(a);
	return fits || path_matches(pattern, c->file) || path_matches(pattern, c->path);
}

static bool any_path(const struct word_list *patterns, const struct suite_case *c)
{
	int i;

	for (i = 0; i < patterns->n; i++)
		if (c->which ? case_matches(patterns->word[i], c) :
			       path_matches(patterns->word[i], c->path))
			return true;
	return !patterns->n;
}

static bool any_in(const struct word_list *wanted, const struct word_list *has)
{
	int i;

	for (i = 0; i < wanted->n; i++)
		if (word_list_has(has, wanted->word[i]))
			return true;
	return false;
}

static bool any_begins(const struct word_list *wanted, const struct word_list *has)
{
	int i, j;

	for (i = 0; i < wanted->n; i++)
		for (j = 0; j < has->n; j++)
			if (!strncmp(has->word[j], wanted->word[i], strlen(wanted->word[i])))
				return true;
	return !wanted->n;
}

static bool last_fits(const struct suite_filter *f, const struct suite_case *c)
{
	return !f->last || (c->past && f->last & 1u << c->past->verdict);
}

static bool unwanted(const struct suite_case *c, const void *arg)
{
	const struct suite_filter *f = arg;

	if (!any_path(&f->paths, c))
		return true;
	if (suite_case_is_bad(c))
		return false;
	return !last_fits(f, c) || (f->tags.n && !any_in(&f->tags, &c->info.tags)) ||
		any_in(&f->not_tags, &c->info.tags) ||
		!any_begins(&f->requirements, &c->info.requirements);
}

int suite_filter_apply(const struct suite_filter *f, struct suite_list *list)
{
	return suite_list_drop(list, unwanted, f);
}
