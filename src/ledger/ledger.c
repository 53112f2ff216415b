/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "ledger/ledger.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "script/meta.h"

#include <stdlib.h>
#include <string.h>

/* A target of a source, until columns have names. */
struct place {
	const char *label, *target;	/* either may be NULL */
	const char *fallback;
	unsigned column;
};

/* A run that was told, for one of its requirements. */
struct entry {
	struct ledger_run run;
	unsigned place;
	struct entry *next;
};

/* A run that has begun. */
struct begun {
	unsigned id, place;
	char *requirements;	/* NULL = none */
};

struct book {
	struct ledger base;	/* first */
	struct reporter reporter;
	struct entry **entries;	/* of each row, the last told first */
	struct place *place;
	unsigned n_places;
	struct begun *begun;
	unsigned n_begun;
	const char *label, *fallback;	/* of the source under way */
};

static struct book *book_of(struct reporter *r)
{
	return (struct book *)((char *)r - offsetof(struct book, reporter));
}

/* ---- scripts ---- */

static void add_to_row(struct ledger *l, struct ledger_row *row, const char *path)
{
	struct ledger_script **last = &row->scripts;

	for (; *last; last = &(*last)->next)
		if (!strcmp((*last)->path, path))
			return;
	*last = arena_new_of(l->arena, struct ledger_script);
	(*last)->path = arena_strdup(l->arena, path);
	row->n_scripts++;
}

/* NULL if the catalogue has no such id. */
static struct ledger_row *row_of(const struct ledger *l, const char *id)
{
	const struct requirement *r = catalogue_find(l->catalogue, id);

	return r ? &l->row[r - l->catalogue->row] : NULL;
}

int ledger_add_script(struct ledger *l, const char *path, const struct word_list *ids)
{
	struct ledger_row *row;
	int i, err = 0;

	for (i = 0; i < ids->n; i++) {
		row = row_of(l, ids->word[i]);
		if (row)
			add_to_row(l, row, path);
		else
			err = -1;
	}
	return err;
}

/* ---- results ---- */

static void add_stranger(struct ledger *l, const char *id, const char *script)
{
	struct ledger_stranger **last = &l->strangers;

	for (; *last; last = &(*last)->next)
		if (!strcmp((*last)->id, id))
			return;
	*last = arena_new_of(l->arena, struct ledger_stranger);
	(*last)->id = arena_strdup(l->arena, id);
	(*last)->script = arena_strdup(l->arena, script);
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static unsigned find_place(struct book *b, const char *target)
{
	const char *fallback = target ? NULL : b->fallback;
	struct place *p;
	unsigned i;

	for (i = 0; i < b->n_places; i++) {
		p = &b->place[i];
		if (same(p->label, b->label) && same(p->target, target) && same(p->fallback, fallback))
			return i;
	}
	b->place = xrealloc(b->place, (b->n_places + 1) * sizeof(*b->place));
	b->place[b->n_places] = (struct place){
		.label = b->label ? arena_strdup(b->base.arena, b->label) : NULL,
		.target = target ? arena_strdup(b->base.arena, target) : NULL,
		.fallback = fallback ? arena_strdup(b->base.arena, fallback) : NULL,
	};
	return b->n_places++;
}

/* Takes it off those under way. False if it is not among them. */
static bool take_begun(struct book *b, unsigned id, struct begun *taken)
{
	unsigned i;

	for (i = 0; i < b->n_begun; i++)
		if (b->begun[i].id == id) {
			*taken = b->begun[i];
			b->begun[i] = b->begun[--b->n_begun];
			return true;
		}
	return false;
}

static void begin(struct book *b, unsigned id, const struct result *e)
{
	struct begun tried;

	if (take_begun(b, id, &tried))
		free(tried.requirements);
	b->begun = xrealloc(b->begun, (b->n_begun + 1) * sizeof(*b->begun));
	b->begun[b->n_begun++] = (struct begun){
		.id = id, .place = find_place(b, e->target),
		.requirements = e->requirements ? xstrdup(e->requirements) : NULL,
	};
}

/* Is the id among the words? */
static bool has_word(const char *words, const char *id)
{
	size_t n = strlen(id);

	for (; *words; words += strcspn(words, " "), words += strspn(words, " "))
		if (strcspn(words, " ") == n && !strncmp(words, id, n))
			return true;
	return false;
}

static void add_run(struct book *b, unsigned place, const char *id, const struct result *e)
{
	const char *script = e->script ? e->script : "(no name)";
	struct ledger_row *row = row_of(&b->base, id);
	struct entry *fresh;
	size_t at;

	if (!row) {
		add_stranger(&b->base, id, script);
		return;
	}
	at = (size_t)(row - b->base.row);
	fresh = arena_new_of(b->base.arena, struct entry);
	fresh->place = place;
	fresh->run.script = arena_strdup(b->base.arena, script);
	fresh->run.variant = arena_strdup(b->base.arena, e->variant ? e->variant : "");
	fresh->run.message = arena_strdup(b->base.arena, e->message ? e->message : "");
	fresh->run.verdict = e->verdict;
	fresh->run.elsewhere = e->verdict == VERDICT_XFAIL && e->deviates &&
			       !has_word(e->deviates, id);
	fresh->next = b->entries[at];
	b->entries[at] = fresh;
}

static void end(struct book *b, unsigned id, const struct result *e)
{
	struct begun was;
	char *word, *left = NULL;

	if (!take_begun(b, id, &was))
		return;
	word = was.requirements ? strtok_r(was.requirements, " ", &left) : NULL;
	for (; word; word = strtok_r(NULL, " ", &left))
		add_run(b, was.place, word, e);
	free(was.requirements);
}

static void book_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct book *b = book_of(r);

	if (e->kind == RES_BEGIN)
		begin(b, run, e);
	else if (e->kind == RES_END)
		end(b, run, e);
}

static void forget_begun(struct book *b)
{
	while (b->n_begun)
		free(b->begun[--b->n_begun].requirements);
}

struct reporter *ledger_source(struct ledger *l, const char *label, const char *fallback)
{
	static const struct reporter_ops ops = { .event = book_event };
	struct book *b = (struct book *)l;

	forget_begun(b);
	b->label = label;
	b->fallback = fallback;
	b->reporter.ops = &ops;
	l->has_results = true;
	return &b->reporter;
}

/* ---- columns ---- */

/* How many targets have come by this label. */
static unsigned with_label(const struct book *b, const char *label)
{
	unsigned i, n = 0;

	for (i = 0; i < b->n_places; i++)
		n += b->place[i].label && !strcmp(b->place[i].label, label);
	return n;
}

static const char *column_name(const struct book *b, const struct place *p)
{
	if (!p->label)
		return p->target ? p->target : p->fallback;
	if (with_label(b, p->label) == 1 || !p->target)
		return p->label;
	return arena_printf(b->base.arena, "%s %s", p->label, p->target);
}

static void name_columns(struct book *b)
{
	struct ledger *l = &b->base;
	unsigned i, k;

	l->column = arena_alloc(l->arena, (b->n_places + 1) * sizeof(*l->column));
	for (i = 0; i < b->n_places; i++) {
		const char *name = column_name(b, &b->place[i]);

		for (k = 0; k < l->n_columns && strcmp(l->column[k], name); k++)
			;
		if (k == l->n_columns)
			l->column[l->n_columns++] = name;
		b->place[i].column = k;
	}
	if (!l->n_columns)
		l->column[l->n_columns++] = l->has_results ? "no runs" : "scripts";
}

/* ---- standings ---- */

/* What a run alone says of the requirement. */
static enum standing standing_of(const struct ledger_run *r)
{
	switch (r->verdict) {
	case VERDICT_FAIL:
		return STANDING_FAILED;
	case VERDICT_XFAIL:
		return r->elsewhere ? STANDING_NOT_RUN : STANDING_DEVIATES;
	case VERDICT_PASS:
	case VERDICT_XPASS:
		return STANDING_PROVEN;
	default:
		return STANDING_NOT_RUN;
	}
}

static enum standing without_runs(const struct ledger *l, const struct ledger_row *row)
{
	if (row->scripts)
		return l->has_results ? STANDING_NOT_RUN : STANDING_TESTED;
	return row->requirement->testable == TESTABLE_NO ? STANDING_UNOBSERVABLE : STANDING_UNTESTED;
}

static const char *reason(const struct ledger *l, const struct ledger_run *r)
{
	if (r->elsewhere)
		return arena_printf(l->arena, "%s stops at a known deviation from something else: %s",
				    r->script, r->message);
	if (r->verdict == VERDICT_PASS)
		return "";
	if (r->verdict == VERDICT_XPASS)
		return arena_printf(l->arena, "%s passed, though it says that it should fail",
				    r->script);
	return arena_printf(l->arena, "%s%s%s%s: %s", r->script, *r->variant ? " (" : "", r->variant,
			    *r->variant ? ")" : "", r->message);
}

/* The first run that made the standing speaks for it. */
static void judge_cell(const struct ledger *l, const struct ledger_row *row, struct ledger_cell *c)
{
	const struct ledger_run *r, *first = NULL;

	c->standing = without_runs(l, row);
	c->why = c->standing == STANDING_UNOBSERVABLE ? row->requirement->note : "";
	for (r = c->runs; r; r = r->next) {
		if (first && standing_of(r) >= c->standing)
			continue;
		c->standing = standing_of(r);
		first = r;
	}
	if (first)
		c->why = reason(l, first);
}

static void judge_row(struct book *b, struct ledger_row *row)
{
	struct ledger *l = &b->base;
	struct entry *e;
	unsigned k;

	row->cell = arena_alloc(l->arena, l->n_columns * sizeof(*row->cell));
	for (e = b->entries[row - l->row]; e; e = e->next) {
		struct ledger_cell *c = &row->cell[b->place[e->place].column];

		e->run.next = c->runs;
		c->runs = &e->run;
		c->n++;
	}
	for (k = 0; k < l->n_columns; k++)
		judge_cell(l, row, &row->cell[k]);
}

void ledger_judge(struct ledger *l)
{
	struct book *b = (struct book *)l;
	size_t i;

	name_columns(b);
	for (i = 0; i < l->n; i++)
		judge_row(b, &l->row[i]);
}

struct ledger_count ledger_count(const struct ledger *l, unsigned column, const char *group,
				 enum strength s)
{
	struct ledger_count count = { 0 };
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct requirement *r = l->row[i].requirement;

		if ((group && strcmp(r->group, group)) || (s != STRENGTH_COUNT && r->strength != s))
			continue;
		count.all++;
		count.of[l->row[i].cell[column].standing]++;
	}
	return count;
}

bool ledger_disagrees(const struct ledger_row *r, unsigned column)
{
	enum standing s = r->cell[column].standing;

	switch (r->requirement->measured) {
	case MEASURED_CONFORMS:
		return s == STANDING_FAILED || s == STANDING_DEVIATES;
	case MEASURED_DEVIATES:
		return s == STANDING_PROVEN;
	default:
		return false;
	}
}

/* ---- the whole ---- */

struct ledger *ledger_new(const struct catalogue *c)
{
	struct book *b = xzalloc(sizeof(*b));
	struct ledger *l = &b->base;
	size_t i;

	l->arena = arena_new();
	l->catalogue = c;
	l->n = c->n;
	l->row = arena_alloc(l->arena, c->n * sizeof(*l->row));
	b->entries = arena_alloc(l->arena, c->n * sizeof(struct entry *));
	for (i = 0; i < c->n; i++)
		l->row[i].requirement = &c->row[i];
	return l;
}

void ledger_free(struct ledger *l)
{
	struct book *b = (struct book *)l;

	forget_begun(b);
	free(b->begun);
	free(b->place);
	arena_free(l->arena);
	free(b);
}
