/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger for people to read. */
#include "config.h"

#include "base/arena.h"
#include "engine/result_codec.h"
#include "report/format.h"
#include "report/ledger.h"

#include <string.h>

#define GAP 2

static const enum ink inks[STANDING_COUNT] = {
	[STANDING_FAILED] = INK_RED, [STANDING_DEVIATES] = INK_YELLOW, [STANDING_PROVEN] = INK_GREEN,
	[STANDING_NOT_RUN] = INK_MAGENTA, [STANDING_TESTED] = INK_GREEN,
	[STANDING_UNOBSERVABLE] = INK_DIM, [STANDING_UNTESTED] = INK_MAGENTA,
};

struct sheet {
	struct page *page;
	const struct ledger_view *view;
	const struct ledger *l;
	struct arena *arena;
	int name, level, section, group, on;	/* widths */
	int *column;
};

static int columns_of(const char *s)
{
	return (int)format_columns(s, strlen(s));
}

static void widen(int *width, const char *s)
{
	if (columns_of(s) > *width)
		*width = columns_of(s);
}

static const char *column_name(const struct sheet *s, unsigned k)
{
	return format_one_line(s->arena, s->l->column[k]);
}

static void measure(struct sheet *s)
{
	const struct ledger *l = s->l;
	unsigned k;
	size_t i;

	s->column = arena_alloc(s->arena, l->n_columns * sizeof(*s->column));
	for (k = 0; k < l->n_columns; k++)
		widen(&s->column[k], column_name(s, k));
	for (k = 0; k < l->n_columns; k++)
		widen(&s->on, column_name(s, k));
	for (i = 0; i < l->n; i++) {
		widen(&s->name, l->row[i].requirement->name);
		widen(&s->level, l->row[i].requirement->level);
		widen(&s->section, l->row[i].requirement->section);
		widen(&s->group, l->row[i].requirement->group);
		for (k = 0; k < l->n_columns; k++)
			widen(&s->column[k], standing_name(l->row[i].cell[k].standing));
	}
}

/* A cell of a table and the gap after it. */
static void put(struct sheet *s, const char *text, int width, enum ink ink)
{
	page_printf(s->page, "%s%s%s%*s", ink ? page_ink(s->page, ink) : "", text,
		    ink ? page_ink(s->page, INK_PLAIN) : "", width - columns_of(text) + GAP, "");
}

/* ---- requirements ---- */

static void print_heading(struct sheet *s, const char *group)
{
	unsigned k;

	page_gap(s->page);
	page_printf(s->page, "%s%s%s\n", page_ink(s->page, INK_BOLD), group,
		    page_ink(s->page, INK_PLAIN));
	put(s, "  id", s->name + GAP, INK_DIM);
	put(s, "section", s->section, INK_DIM);
	put(s, "level", s->level, INK_DIM);
	for (k = 0; k < s->l->n_columns; k++)
		put(s, column_name(s, k), s->column[k], INK_DIM);
	page_printf(s->page, "%srequirement%s\n", page_ink(s->page, INK_DIM),
		    page_ink(s->page, INK_PLAIN));
}

static void remark(struct sheet *s, const char *who, const char *text)
{
	const char *start = arena_printf(s->arena, "      %s: ", who);

	page_wrapped(s->page, start, 8, INK_PLAIN, format_one_line(s->arena, text));
}

static void print_runs(struct sheet *s, const struct ledger_row *r, unsigned k)
{
	const struct ledger_run *run;

	for (run = r->cell[k].runs; run; run = run->next)
		remark(s, column_name(s, k),
		       arena_printf(s->arena, "%s %s%s%s%s", verdict_name(run->verdict), run->script,
				    *run->variant ? " (" : "", run->variant,
				    *run->variant ? ")" : ""));
}

static void print_remarks(struct sheet *s, const struct ledger_row *r)
{
	const struct ledger_script *script;
	const char *why, *before = NULL;
	unsigned k;

	for (k = 0; k < s->l->n_columns; k++) {
		why = r->cell[k].why;
		/* What cannot be tested cannot be tested on any target. */
		if (*why && r->cell[k].standing == STANDING_UNOBSERVABLE)
			if (!before || strcmp(before, why))
				remark(s, "unobservable", why);
		if (*why && r->cell[k].standing != STANDING_UNOBSERVABLE)
			remark(s, column_name(s, k), why);
		before = why;
	}
	if (!s->view->verbose)
		return;
	for (script = r->scripts; script; script = script->next)
		remark(s, "script", script->path);
	for (k = 0; k < s->l->n_columns; k++)
		print_runs(s, r, k);
}

static void print_row(struct sheet *s, const struct ledger_row *r)
{
	const struct requirement *q = r->requirement;
	unsigned k;

	page_puts(s->page, "  ");
	put(s, q->name, s->name, INK_PLAIN);
	put(s, q->section, s->section, INK_PLAIN);
	put(s, q->level, s->level, INK_PLAIN);
	for (k = 0; k < s->l->n_columns; k++)
		put(s, standing_name(r->cell[k].standing), s->column[k], inks[r->cell[k].standing]);
	page_printf(s->page, "%s\n", format_one_line(s->arena, q->text));
	print_remarks(s, r);
}

/* The groups as the catalogue has them first; their rows need not be together there. */
static void print_group(struct sheet *s, const char *group)
{
	size_t i;

	print_heading(s, group);
	for (i = 0; i < s->l->n; i++)
		if (!strcmp(s->l->row[i].requirement->group, group))
			print_row(s, &s->l->row[i]);
}

/* ---- totals ---- */

static void print_count(struct sheet *s, const struct ledger_share *share, unsigned k)
{
	struct ledger_count c = share ? ledger_count(s->l, k, share->group, share->strength) :
				ledger_count(s->l, k, NULL, STRENGTH_COUNT);
	unsigned i;

	put(s, share ? share->group : "all", s->group, INK_PLAIN);
	put(s, share ? strength_name(share->strength) : "", 6, INK_PLAIN);
	put(s, column_name(s, k), s->on, INK_PLAIN);
	page_printf(s->page, "%5u", c.all);
	for (i = 0; i < STANDING_COUNT; i++)
		if (ledger_has(s->l, (enum standing)i))
			page_printf(s->page, "%*s%s%*u%s", GAP, "",
				    c.of[i] ? page_ink(s->page, inks[i]) : "",
				    columns_of(standing_name((enum standing)i)), c.of[i],
				    c.of[i] ? page_ink(s->page, INK_PLAIN) : "");
	page_puts(s->page, "\n");
}

static void print_totals(struct sheet *s, const struct ledger_share *share, unsigned n)
{
	unsigned i, k;

	page_gap(s->page);
	put(s, "totals", s->group, INK_DIM);
	put(s, "level", 6, INK_DIM);
	put(s, "on", s->on, INK_DIM);
	page_printf(s->page, "%s%5s", page_ink(s->page, INK_DIM), "all");
	for (i = 0; i < STANDING_COUNT; i++)
		if (ledger_has(s->l, (enum standing)i))
			page_printf(s->page, "%*s%s", GAP, "", standing_name((enum standing)i));
	page_printf(s->page, "%s\n", page_ink(s->page, INK_PLAIN));
	for (i = 0; i < n; i++)
		for (k = 0; k < s->l->n_columns; k++)
			print_count(s, &share[i], k);
	for (k = 0; k < s->l->n_columns; k++)
		print_count(s, NULL, k);
}

void ledger_print(struct page *p, const struct ledger_view *v)
{
	struct sheet s = { .page = p, .view = v, .l = v->ledger, .arena = arena_new(), .section = 7,
			   .group = 6, .on = 2 };
	const struct ledger_share *share;
	unsigned n, i;

	measure(&s);
	share = ledger_shares(s.l, s.arena, &n);
	for (i = 0; i < n; i++)
		if (i == 0 || strcmp(share[i].group, share[i - 1].group))
			print_group(&s, share[i].group);
	print_totals(&s, share, n);
	arena_free(s.arena);
}
