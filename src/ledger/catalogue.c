/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "ledger/catalogue.h"
#include "base/arena.h"
#include "base/names.h"

#include <ctype.h>
#include <string.h>

enum column { COL_ID, COL_SECTION, COL_LEVEL, COL_TESTABLE, COL_PRIORITY, COL_MEASURED, COL_TEXT,
	      COL_NOTE, COLUMNS };

static const char *const column_names[COLUMNS] = {
	[COL_ID] = "id", [COL_SECTION] = "section", [COL_LEVEL] = "level",
	[COL_TESTABLE] = "testable", [COL_PRIORITY] = "priority", [COL_MEASURED] = "linux",
	[COL_TEXT] = "text", [COL_NOTE] = "note",
};

static const struct name_value level_table[] = {
	{ "MUST", STRENGTH_MUST },
	{ "MUST NOT", STRENGTH_MUST },
	{ "SHOULD", STRENGTH_SHOULD },
	{ "SHOULD NOT", STRENGTH_SHOULD },
	{ "RECOMMENDED", STRENGTH_SHOULD },
	{ "MAY", STRENGTH_MAY },
	{ "INFO", STRENGTH_OTHER },
	{ "EXPERIMENTAL", STRENGTH_OTHER },
	{ "CLAIM", STRENGTH_OTHER },
	{ NULL, 0 }
};

static const struct name_value testable_table[] = {
	{ "yes", TESTABLE_YES },
	{ "partly", TESTABLE_PARTLY },
	{ "no", TESTABLE_NO },
	{ NULL, 0 }
};

static const struct name_value measured_table[] = {
	{ "unknown", MEASURED_UNKNOWN },
	{ "conforms", MEASURED_CONFORMS },
	{ "deviates", MEASURED_DEVIATES },
	{ NULL, 0 }
};

/* Of those that a column allows. */
static const struct name_value *const words_of[COLUMNS] = {
	[COL_LEVEL] = level_table, [COL_TESTABLE] = testable_table, [COL_MEASURED] = measured_table,
};

const char *strength_name(enum strength s)
{
	static const char *const names[STRENGTH_COUNT] = { "MUST", "SHOULD", "MAY", "other" };

	return names[s];
}

const char *testable_name(enum testable t)
{
	return names_text(testable_table, t);
}

const char *measured_name(enum measured m)
{
	return names_text(measured_table, m);
}

/* A line under way. */
struct line {
	struct span at;		/* of the whole line */
	const char *field[COLUMNS];
	uint32_t col[COLUMNS];	/* where each begins */
	int n;
	struct arena *arena;
	struct diag_sink *diag;
};

static struct span field_span(const struct line *l, enum column c)
{
	uint32_t end = l->col[c] + (uint32_t)strlen(l->field[c]);

	return (struct span){ l->at.line, l->col[c], l->at.line, end };
}

static int split(struct line *l, const char *text, size_t len)
{
	const char *at = text, *tab;

	for (l->n = 0; at; at = tab ? tab + 1 : NULL) {
		if (l->n == COLUMNS)
			return diag_error(l->diag, l->at, "more than %d columns", COLUMNS);
		tab = memchr(at, '\t', len - (size_t)(at - text));
		l->col[l->n] = (uint32_t)(at - text) + 1;
		l->field[l->n++] = arena_strndup(l->arena, at,
						 tab ? (size_t)(tab - at) : len - (size_t)(at - text));
	}
	if (l->n < COL_NOTE)
		return diag_error(l->diag, l->at, "a column is missing: %s", column_names[l->n]);
	if (l->n == COL_NOTE) {
		l->col[COL_NOTE] = (uint32_t)len + 1;
		l->field[l->n++] = "";
	}
	return 0;
}

/* The value of a word out of the column's list. */
static int look_up(const struct line *l, enum column c, int64_t *value)
{
	if (names_find(words_of[c], l->field[c], value))
		return 0;
	return diag_error(l->diag, field_span(l, c), "'%s' is no %s", l->field[c], column_names[c]);
}

/* What may be empty is not; ids are single words, since scripts have several in a line. */
static int check_fields(const struct line *l)
{
	const char *id = l->field[COL_ID], *priority = l->field[COL_PRIORITY], *p;
	int c;

	for (c = 0; c < COL_NOTE; c++)
		if (!*l->field[c])
			return diag_error(l->diag, l->at, "the %s is missing", column_names[c]);
	for (p = id; *p; p++)
		if (isspace((unsigned char)*p) || *p == '"')
			return diag_error(l->diag, field_span(l, COL_ID), "'%s' is no id", id);
	p = strchr(id, ':');
	if (p == id || (p && !p[1]))
		return diag_error(l->diag, field_span(l, COL_ID), "'%s' is no id", id);
	if (!strchr("ABCD", *priority) || priority[1])
		return diag_error(l->diag, field_span(l, COL_PRIORITY), "'%s' is no priority: A to D",
				  priority);
	return 0;
}

static int read_row(const struct line *l, struct requirement *r)
{
	const char *colon = strchr(l->field[COL_ID], ':');
	int64_t strength, testable, measured;

	if (check_fields(l) || look_up(l, COL_LEVEL, &strength) ||
	    look_up(l, COL_TESTABLE, &testable) || look_up(l, COL_MEASURED, &measured))
		return -1;
	if (testable == TESTABLE_NO && !*l->field[COL_NOTE])
		return diag_error(l->diag, l->at, "what cannot be tested needs a note that says why");
	*r = (struct requirement){
		.id = l->field[COL_ID],
		.group = colon ? arena_strndup(l->arena, l->field[COL_ID],
					       (size_t)(colon - l->field[COL_ID])) : CATALOGUE_CLAIMS,
		.name = colon ? colon + 1 : l->field[COL_ID],
		.section = strcmp(l->field[COL_SECTION], "-") ? l->field[COL_SECTION] : "",
		.level = l->field[COL_LEVEL], .strength = (enum strength)strength,
		.testable = (enum testable)testable, .priority = *l->field[COL_PRIORITY],
		.measured = (enum measured)measured, .text = l->field[COL_TEXT],
		.note = l->field[COL_NOTE],
	};
	return 0;
}

static int read_line(struct line *l, const char *text, size_t len, struct catalogue *c,
		     struct requirement *to)
{
	if (split(l, text, len) || read_row(l, to))
		return -1;
	if (catalogue_find(c, to->id))
		return diag_error(l->diag, field_span(l, COL_ID), "'%s' is there already", to->id);
	c->n++;
	return 0;
}

int catalogue_read(struct catalogue *c, const struct source *src, struct arena *a,
		   struct diag_sink *d)
{
	struct requirement *row = arena_alloc(a, ((size_t)src->n_lines + 1) * sizeof(*row));
	const char *text;
	uint32_t i;
	size_t len;
	int err = 0;

	d->src = src;
	*c = (struct catalogue){ .name = src->name, .row = row };
	for (i = 1; (text = source_line(src, i, &len)); i++) {
		struct line l = { .at = { i, 1, i, (uint32_t)len + 1 }, .arena = a, .diag = d };

		if (len && *text != '#')
			err |= read_line(&l, text, len, c, &row[c->n]);
	}
	if (!err && !c->n)
		return diag_error(d, (struct span){ 0 }, "%s: no requirement in it", src->name);
	return err;
}

const struct requirement *catalogue_find(const struct catalogue *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!strcmp(c->row[i].id, id))
			return &c->row[i];
	return NULL;
}
