/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/compare_table.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/compare_lines.h"
#include "report/compare_script.h"
#include "report/format.h"
#include "report/page.h"
#include "report/tally.h"

#include <string.h>

#define GAP 2
/* A name that is cut has at least this much left. */
#define NAME_MIN 20

/* What a row of the table is about, in the order of the table. */
enum section { OTHER_VERDICT, OTHER_STEPS, OTHER_DETAILS, NOT_EVERYWHERE, THE_SAME, SECTIONS };

struct table {
	struct page *page;
	const struct compared *all;
	unsigned count[SECTIONS];
	enum section shown;	/* those up to this one have rows */
	int *width;		/* of the name, the targets, what differs */
	unsigned *unjudged;	/* on each target, of those not judged everywhere */
};

static enum section section_of(const struct compared_script *s)
{
	if (s->differs < DIFFER_DETAILS)
		return s->differs == DIFFER_VERDICT ? OTHER_VERDICT : OTHER_STEPS;
	if (s->differs == DIFFER_DETAILS)
		return s->everywhere ? OTHER_DETAILS : NOT_EVERYWHERE;
	return s->everywhere ? THE_SAME : NOT_EVERYWHERE;
}

/* "FAIL line 7", "FAIL 2/5" of repetitions that differ, "-" if it was not run. */
static const char *verdict_cell(const struct table *t, const struct compared_runs *on)
{
	const char *name = verdict_name(on->verdict);
	unsigned as_bad = on->count[on->verdict];

	if (!on->n)
		return "-";
	if (as_bad < on->n)
		return arena_printf(t->all->arena, "%s %u/%u", name, as_bad, on->n);
	if (on->line && (on->verdict == VERDICT_FAIL || on->verdict == VERDICT_XFAIL))
		return arena_printf(t->all->arena, "%s line %u", name, on->line);
	return name;
}

static void widen(int *width, const char *text)
{
	int n = (int)format_columns(text, strlen(text));

	if (n > *width)
		*width = n;
}

static void measure(struct table *t)
{
	int i, k, used = 0, last = t->all->n + 1;
	size_t n;

	for (n = 0; n < t->all->n_scripts; n++) {
		const struct compared_script *s = t->all->script[n];

		t->count[section_of(s)]++;
		for (k = 0; k < t->all->n && section_of(s) == NOT_EVERYWHERE; k++)
			t->unjudged[k] += !verdict_is_judged(s->on[k].verdict);
		if (section_of(s) > t->shown)
			continue;
		widen(&t->width[0], compare_title(t->all, s));
		for (k = 0; k < t->all->n; k++)
			widen(&t->width[k + 1], verdict_cell(t, &s->on[k]));
		widen(&t->width[last], compare_difference(t->all, s));
	}
	for (k = 0; k < t->all->n; k++)
		widen(&t->width[k + 1], t->all->labels[k]);
	widen(&t->width[last], "differs in");
	widen(&t->width[0], "script");
	for (i = 1; i <= last; i++)
		used += t->width[i] + GAP;
	if (t->width[0] > t->page->width - used)
		t->width[0] = t->page->width - used > NAME_MIN ? t->page->width - used : NAME_MIN;
}

/* The end of a path says more than its start. */
static const char *cut(const struct table *t, const char *name)
{
	size_t room = (size_t)t->width[0], n = strlen(name);

	if (format_columns(name, n) <= room)
		return name;
	while (*name && format_columns(name, strlen(name)) > room - 3)
		name++;
	while (((unsigned char)*name & 0xc0) == 0x80)
		name++;
	return arena_printf(t->all->arena, "...%s", name);
}

static void put(struct table *t, int column, const char *text, enum ink ink)
{
	bool last = column == t->all->n + 1;
	int pad = t->width[column] - (int)format_columns(text, strlen(text)) + GAP;

	page_printf(t->page, "%s%s%s%*s", ink ? page_ink(t->page, ink) : "", text,
		    ink ? page_ink(t->page, INK_PLAIN) : "", last ? 0 : pad, "");
}

static void print_header(struct table *t)
{
	int k;

	put(t, 0, "script", INK_DIM);
	for (k = 0; k < t->all->n; k++)
		put(t, k + 1, t->all->labels[k], INK_DIM);
	put(t, k + 1, "differs in", INK_DIM);
	page_puts(t->page, "\n");
}

static void print_script(struct table *t, const struct compared_script *s)
{
	int k;

	put(t, 0, cut(t, compare_title(t->all, s)), INK_PLAIN);
	for (k = 0; k < t->all->n; k++)
		put(t, k + 1, verdict_cell(t, &s->on[k]),
		    s->on[k].n ? verdict_style(s->on[k].verdict)->ink : INK_PLAIN);
	put(t, k + 1, compare_difference(t->all, s), INK_PLAIN);
	page_puts(t->page, "\n");
}

static void print_meanings(const struct table *t)
{
	int k;

	for (k = 0; k < t->all->n; k++)
		if (t->all->meanings[k])
			page_printf(t->page, "%s is %s\n", t->all->labels[k], t->all->meanings[k]);
}

static void print_rest(struct table *t)
{
	unsigned details = t->count[OTHER_DETAILS], same = t->count[THE_SAME] + details;
	unsigned unclear = t->count[NOT_EVERYWHERE];
	unsigned differ = t->count[OTHER_VERDICT] + t->count[OTHER_STEPS];
	struct buf b = { 0 };
	const char *sep = ": ";
	int k;

	buf_printf(&b, "%u script%s", differ, differ == 1 ? " differs" : "s differ");
	buf_printf(&b, ", %u agree%s", same, same == 1 ? "s" : "");
	if (details)
		buf_printf(&b, " (%u but for what the script leaves open; -v shows it)", details);
	if (unclear) {
		buf_printf(&b, ", %u not judged on all targets", unclear);
		for (k = 0; k < t->all->n; k++) {
			if (!t->unjudged[k])
				continue;
			buf_printf(&b, "%s%u not on %s", sep, t->unjudged[k], t->all->labels[k]);
			sep = ", ";
		}
	}
	page_wrapped(t->page, "", 2, INK_PLAIN, buf_str(&b));
	buf_free(&b);
}

void compare_table_print(struct page *p, const struct compared *all, bool whole)
{
	size_t columns = (size_t)all->n + 2, i;
	struct table t = { .page = p, .all = all, .shown = whole ? THE_SAME : OTHER_STEPS,
			   .width = arena_alloc(all->arena, columns * sizeof(*t.width)),
			   .unjudged = arena_alloc(all->arena, columns * sizeof(*t.unjudged)) };
	enum section section;

	measure(&t);
	page_gap(p);
	if (all->n_scripts && (whole || t.count[OTHER_VERDICT] + t.count[OTHER_STEPS]))
		print_header(&t);
	for (section = 0; section <= t.shown; section++)
		for (i = 0; i < all->n_scripts; i++)
			if (section_of(all->script[i]) == section)
				print_script(&t, all->script[i]);
	print_meanings(&t);
	print_rest(&t);
}
