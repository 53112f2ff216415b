/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/filter.h"
#include "suite/record.h"

#include <fnmatch.h>
#include <string.h>

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

static bool any_path(const struct word_list *patterns, const char *path)
{
	int i;

	for (i = 0; i < patterns->n; i++)
		if (path_matches(patterns->word[i], path))
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

	if (!any_path(&f->paths, c->path))
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
