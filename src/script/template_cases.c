/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of cases: //@ cases, //@ case, //@ for. */
#include "config.h"

#include "script/template_state.h"
#include "base/arena.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

/* No honest table is wider. */
#define MAX_COLUMNS 64

const struct case_row *template_row(const struct template *t, const char *name)
{
	const struct case_row *row;

	STAILQ_FOREACH(row, &t->rows, next)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

static bool is_identifier(const struct slice *s)
{
	size_t i;

	for (i = 0; i < s->len; i++)
		if (!isalnum((unsigned char)s->s[i]) && s->s[i] != '_')
			return false;
	return s->len && !isdigit((unsigned char)*s->s);
}

/* It is part of paths and of names of files. */
static bool is_case_name(const struct slice *s)
{
	size_t i;

	for (i = 0; i < s->len; i++)
		if (!isalnum((unsigned char)s->s[i]) && !strchr("_.+-", s->s[i]))
			return false;
	return s->len && s->len <= 64 && isalnum((unsigned char)*s->s);
}

/* The words of a line, in the arena; the number of them, or -1. */
static int words(struct template *t, struct slice line, struct slice **list)
{
	struct slice word, at[MAX_COLUMNS];
	int n = 0;

	while (slice_word(&line, &word)) {
		if (n == MAX_COLUMNS)
			return template_error(t, &word, "more than %d columns", MAX_COLUMNS);
		at[n++] = word;
	}
	*list = arena_memdup(t->arena, at, (size_t)n * sizeof(*at));
	return n;
}

static void read_head(struct template *t, const struct slice *line, const struct slice *rest)
{
	struct case_table *table = arena_new_of(t->arena, struct case_table);
	int i;

	table->at = *line;
	table->n = words(t, *rest, &table->column);
	if (table->n < 0)
		return;
	if (!table->n || !slice_is(&table->column[0], "name")) {
		template_error(t, line, "write //@ cases name COLUMN COLUMN ...: the first column is "
			       "the case's name");
		return;
	}
	for (i = 1; i < table->n; i++)
		if (!is_identifier(&table->column[i])) {
			template_error(t, &table->column[i], "a column is headed by a name (letters, "
				       "digits, _), which its value replaces in the script");
			return;
		}
	t->table = table;
}

static void read_row(struct template *t, const struct slice *line, const struct slice *rest)
{
	struct case_row *row = arena_new_of(t->arena, struct case_row);
	int n = words(t, *rest, &row->cell);

	if (n < 0)
		return;
	if (!n || !is_case_name(&row->cell[0])) {
		template_error(t, n ? &row->cell[0] : line, "a case is named by letters, digits and "
			       "_ . + - (64 at most)");
		return;
	}
	if (n != (t->table ? t->table->n : 1)) {
		template_error(t, line, "%d value%s for %d column%s%s", n - 1, n == 2 ? "" : "s",
			       t->table ? t->table->n - 1 : 0, t->table && t->table->n == 2 ? "" : "s",
			       t->table ? "; one with blanks is put in quotes" :
			       ": a line //@ cases name COLUMN ... comes first");
		return;
	}
	row->name = arena_strndup(t->arena, row->cell[0].s, row->cell[0].len);
	row->at = *line;
	row->table = t->table;
	if (template_row(t, row->name)) {
		template_error(t, &row->cell[0], "a second case %s", row->name);
		return;
	}
	if (t->n_rows++ == TEMPLATE_MAX_CASES) {
		template_error(t, line, "more than %d cases", TEMPLATE_MAX_CASES);
		return;
	}
	STAILQ_INSERT_TAIL(&t->rows, row, next);
}

static bool any_fits(const struct template *t, const char *pattern)
{
	const struct case_row *row;

	STAILQ_FOREACH(row, &t->rows, next)
		if (!fnmatch(pattern, row->name, 0))
			return true;
	return false;
}

/* //@ for CASE ...: key words */
static void read_for(struct template *t, const struct slice *line, struct slice *rest)
{
	const char *colon = memchr(rest->s, ':', rest->len), *pattern;
	struct slice names, word;
	bool fits = false;

	names = slice_head(rest, colon ? (size_t)(colon - rest->s) : 0);
	*rest = slice_tail(rest, names.len + 1);
	*rest = slice_trim(rest);
	names = slice_trim(&names);
	if (!names.len || !rest->len) {
		template_error(t, line, "write //@ for CASE ...: KEY WORDS, where CASE may be a pattern "
			       "like rst-*");
		return;
	}
	while (slice_word(&names, &word)) {
		pattern = arena_strndup(t->arena, word.s, word.len);
		/* Tables may stand below; all of them are known by now. */
		if (!t->collecting && !any_fits(t, pattern))
			template_error(t, &word, "no case fits '%s'", pattern);
		fits |= t->chosen && !fnmatch(pattern, t->chosen->name, 0);
	}
	if (!fits)
		rest->len = 0;
}

/* The first word behind //@, and what is behind it. */
static bool key_of(const struct slice *line, struct slice *key, struct slice *rest)
{
	static const char *const keys[] = { "for", "cases", "case", NULL };
	int i;

	*rest = slice_tail(line, 3);
	*rest = slice_trim(rest);
	if (!rest->len || *rest->s == '"' || *rest->s == '\'' || !slice_word(rest, key))
		return false;
	for (i = 0; keys[i]; i++)
		if (slice_is(key, keys[i]))
			return true;
	return false;
}

bool template_is_case_line(const struct slice *line)
{
	struct slice key, rest;

	return key_of(line, &key, &rest);
}

bool template_case_line(struct template *t, const struct slice *line, struct slice *rest)
{
	struct slice key;

	if (!key_of(line, &key, rest))
		return false;
	if (slice_is(&key, "for")) {
		read_for(t, line, rest);
		return true;
	}
	if (t->collecting && t->ifs)
		template_error(t, line, "a table of cases stands outside of #ifdef");
	else if (t->collecting && slice_is(&key, "cases"))
		read_head(t, line, rest);
	else if (t->collecting)
		read_row(t, line, rest);
	rest->len = 0;
	return true;
}

void template_choose(struct template *t, const struct case_row *row)
{
	int i;

	t->chosen = row;
	for (i = 1; row->table && i < row->table->n; i++)
		template_define(t, &(struct macro){ .name = row->table->column[i],
						    .body = row->cell[i], .n_params = -1 });
}
