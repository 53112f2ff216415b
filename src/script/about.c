/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/about.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"

#include <stdbool.h>
#include <string.h>

/* A comment that is longer tells more than what is tested. */
#define ENOUGH 160

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void trim(const char **s, size_t *n)
{
	while (*n && is_blank(**s)) {
		(*s)++;
		(*n)--;
	}
	while (*n && is_blank((*s)[*n - 1]))
		(*n)--;
}

static bool starts(const char *s, size_t n, const char *with)
{
	return n >= strlen(with) && !strncasecmp(s, with, strlen(with));
}

static void drop(const char **s, size_t *n, size_t k)
{
	*s += k;
	*n -= k;
	trim(s, n);
}

/* The words of a comment line; false if the line is none. *block: within slash and star. */
static bool comment_words(const char **s, size_t *n, bool *block)
{
	trim(s, n);
	if (!*block && starts(*s, *n, "//")) {
		drop(s, n, 2);
		return true;
	}
	if (!*block && !starts(*s, *n, "/*"))
		return false;
	drop(s, n, *block ? *n && **s == '*' && !starts(*s, *n, "*/") : 2);
	*block = *n < 2 || strncmp(*s + *n - 2, "*/", 2) != 0;
	if (!*block) {
		*n -= 2;
		trim(s, n);
	}
	return true;
}

static bool is_about_something_else(const char *s, size_t n)
{
	return starts(s, n, "@") || starts(s, n, "SPDX-") || starts(s, n, "Copyright");
}

const char *script_about(const struct source *src, struct arena *a)
{
	struct buf b = { 0 };
	bool block = false, done = false;
	const char *line, *about;
	uint32_t i;
	size_t n;

	for (i = 1; !done && (line = source_line(src, i, &n)); i++) {
		bool comment = comment_words(&line, &n, &block);

		if (!n || is_about_something_else(line, n)) {
			done = b.len > 0;
			continue;
		}
		if (!comment)
			break;
		if (b.len)
			buf_addc(&b, ' ');
		buf_add(&b, line, n);
		done = line[n - 1] == '.' || b.len > ENOUGH;
	}
	about = b.len ? arena_strndup(a, b.s, b.len) : NULL;
	buf_free(&b);
	return about;
}
