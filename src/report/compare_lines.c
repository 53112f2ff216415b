/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Columns:
 *
 *	>>> 1234  script                target             target
 *	       7  +0 > S. 0:0(0) ack 1  0.100 ! > R. ...   0.100 > S. 0:0(0) ack 1
 */
#include "config.h"

#include "report/compare_lines.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "report/compare_script.h"
#include "report/excerpt.h"
#include "report/format.h"
#include "report/page.h"
#include "report/run_log.h"
#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

/* Lines before the first difference, and after it. */
#define BEFORE 7
#define AFTER 6
/* Columns of mark and number, and the least of each other one. */
#define MARGIN 10
#define COLUMN_MIN 12
#define GAP 2

struct sheet {
	struct page *page;
	struct arena *arena;
	const struct compared *all;
	const struct source *src;	/* NULL if the script cannot be read */
	struct alignment al;
	size_t from, to;		/* rows that are shown */
	int n;				/* columns: the script and the targets */
	size_t *width;
	const char **cell;		/* of the row under way */
};

const char *compare_title(const struct compared *all, const struct compared_script *s)
{
	const char *name = *s->path ? s->path : "(no name)";

	return *s->variant ? arena_printf(all->arena, "%s (%s)", name, s->variant) : name;
}

const char *compare_difference(const struct compared *all, const struct compared_script *s)
{
	static const char *const words[] = {
		[DIFFER_VERDICT] = "verdict", [DIFFER_CALLS] = "calls",
		[DIFFER_PACKETS] = "packets", [DIFFER_STATES] = "states",
		[DIFFER_TIMES] = "times", [DIFFER_DETAILS] = "details", [DIFFER_NOTHING] = "",
	};

	if (!s->line)
		return words[s->differs];
	return arena_printf(all->arena, "%s, from line %u", words[s->differs], s->line);
}

/* ---- cells ---- */

/* On all targets that got there the same thing happened, well. */
static const struct step *common(const struct sheet *t, const struct aligned *row)
{
	const struct step *first = NULL;
	int i;

	for (i = 0; i < t->all->n; i++) {
		const struct step *s = row->step[i];

		if (!s && row->over[i])
			continue;
		if (!s || s->failed || (first && strcmp(first->text, s->text)))
			return NULL;
		first = s;
	}
	return first;
}

static const char *script_line(const struct sheet *t, unsigned line)
{
	struct buf b = { 0 };
	size_t len, i;
	const char *text = t->src ? source_line(t->src, line, &len) : NULL;

	if (!text)
		return NULL;
	/* Without what makes columns of it. */
	for (i = 0; i < len; i++)
		if (!strchr(" \t", text[i]) || (i && i + 1 < len && !strchr(" \t", text[i + 1])))
			buf_addc(&b, text[i]);
	text = format_one_line(t->arena, arena_strdup(t->arena, buf_str(&b)));
	buf_free(&b);
	return text;
}

static const char *script_cell(const struct sheet *t, const struct aligned *row,
			       const struct step *same, unsigned above)
{
	const char *text = NULL;
	int i;

	if (row->kind == STEP_STATE || row->kind == STEP_OTHER)
		return same ? same->text : row->kind == STEP_OTHER ? "(no line asks for it)" : "";
	if (row->line != above)
		text = script_line(t, row->line);
	for (i = 0; i < t->all->n && !text; i++)
		if (row->step[i])
			text = row->step[i]->asked;
	return text ? text : "";
}

static const char *target_cell(const struct sheet *t, const struct aligned *row, int i, bool same)
{
	const struct step *s = row->step[i];
	struct buf b = { 0 };
	const char *text;

	if (!s)
		return row->over[i] ? "" : "-";
	format_seconds(&b, s->t, 6);
	if (s->failed)
		buf_adds(&b, " !");
	if (!same)
		buf_printf(&b, " %s", s->text);
	text = arena_strdup(t->arena, b.s);
	buf_free(&b);
	return text;
}

/* The cells of a row; above: the line of the row before. */
static void fill(struct sheet *t, const struct aligned *row, unsigned above)
{
	const struct step *same = common(t, row);
	int i;

	t->cell[0] = script_cell(t, row, same, above);
	for (i = 0; i < t->all->n; i++)
		t->cell[i + 1] = target_cell(t, row, i, same != NULL);
}

static unsigned line_above(const struct sheet *t, size_t i)
{
	return i > t->from ? t->al.row[i - 1].line : 0;
}

/* ---- widths ---- */

static void widen(size_t *width, const char *text)
{
	size_t n = format_columns(text, strlen(text));

	if (n > *width)
		*width = n;
}

/* What each would have, cut until all fit: the widest first. */
static void measure(struct sheet *t)
{
	size_t i, room = (size_t)t->page->width - MARGIN, sum;
	int c, most;

	for (c = 0; c < t->n; c++)
		widen(&t->width[c], c ? t->all->labels[c - 1] : "script");
	for (i = t->from; i < t->to; i++) {
		fill(t, &t->al.row[i], line_above(t, i));
		for (c = 0; c < t->n; c++)
			widen(&t->width[c], t->cell[c]);
	}
	for (;;) {
		for (c = most = 0, sum = 0; c < t->n; c++) {
			sum += t->width[c] + GAP;
			if (t->width[c] > t->width[most])
				most = c;
		}
		if (sum <= room || t->width[most] <= COLUMN_MIN)
			break;
		t->width[most]--;
	}
}

/* ---- rows ---- */

/* As many lines as the longest cell takes. */
static void print_cells(struct sheet *t, const char *margin, enum ink ink)
{
	struct buf b = { 0 };
	bool more = true;
	size_t n, used;
	int c;

	while (more) {
		more = false;
		buf_clear(&b);
		buf_printf(&b, "%-*s", MARGIN, margin);
		for (c = 0; c < t->n; c++) {
			n = format_break(t->cell[c], t->width[c]);
			used = format_columns(t->cell[c], n);
			buf_add(&b, t->cell[c], n);
			buf_pad(&b, ' ', (int)(t->width[c] - used) + GAP);
			t->cell[c] += n + strspn(t->cell[c] + n, " ");
			more |= *t->cell[c] != '\0';
		}
		while (b.len && b.s[b.len - 1] == ' ')
			b.s[--b.len] = '\0';
		page_printf(t->page, "%s%s%s\n", ink ? page_ink(t->page, ink) : "", b.s,
			    ink ? page_ink(t->page, INK_PLAIN) : "");
		margin = "";
	}
	buf_free(&b);
}

static void print_row(struct sheet *t, size_t i)
{
	const struct aligned *row = &t->al.row[i];
	unsigned above = line_above(t, i);
	bool numbered = row->line && row->line != above && row->kind != STEP_OTHER;
	char margin[MARGIN + 16];
	enum ink ink = INK_PLAIN;

	snprintf(margin, sizeof(margin), "%-3s %4.0u", i == t->al.first ? ">>>" : "",
		 numbered ? row->line : 0);
	if (row->differs < DIFFER_DETAILS)
		ink = INK_RED;
	else if (row->kind == STEP_STATE)
		ink = INK_CYAN;
	fill(t, row, above);
	print_cells(t, margin, ink);
}

static void print_rows(struct sheet *t)
{
	char margin[MARGIN + 1];
	size_t i;
	int c;

	if (t->to - t->from < t->al.n)
		page_printf(t->page, "  %zu of %zu lines:\n", t->to - t->from, t->al.n);
	measure(t);
	t->cell[0] = "script";
	for (c = 1; c < t->n; c++)
		t->cell[c] = t->all->labels[c - 1];
	snprintf(margin, sizeof(margin), "%8s", "line");
	print_cells(t, margin, INK_DIM);
	for (i = t->from; i < t->to; i++)
		print_row(t, i);
}

/* ---- above them ---- */

static void print_verdicts(struct sheet *t, const struct compared_script *s)
{
	size_t width = 0;
	char start[256];
	int i;

	for (i = 0; i < t->all->n; i++)
		widen(&width, t->all->labels[i]);
	for (i = 0; i < t->all->n; i++) {
		const struct compared_runs *on = &s->on[i];
		const char *why = on->trace ? on->trace->message : "";

		snprintf(start, sizeof(start), "  %-*.60s  %s%s", (int)width, t->all->labels[i],
			 on->n ? verdict_name(on->verdict) : "not run", *why ? ": " : "");
		page_wrapped(t->page, start, 6, INK_PLAIN, why);
	}
}

static void choose(struct sheet *t, bool whole)
{
	t->to = t->al.n;
	if (whole)
		return;
	if (t->al.first > BEFORE && t->al.n > BEFORE + AFTER + 1)
		t->from = t->al.first - BEFORE;
	if (t->from + BEFORE + AFTER + 1 < t->to)
		t->to = t->from + BEFORE + AFTER + 1;
}

static const struct source *read_script(struct sheet *t, const char *path)
{
	struct run_log run = { .arena = t->arena, .script = path, .variant = "" };

	return excerpt_script(&run);
}

void compare_lines_print(struct page *p, const struct compared *all,
			 const struct compared_script *s, bool whole)
{
	struct sheet t = { .page = p, .arena = arena_new(), .all = all, .n = all->n + 1 };
	const struct trace **trace = arena_alloc(t.arena, (size_t)all->n * sizeof(*trace));
	int i;

	for (i = 0; i < all->n; i++)
		trace[i] = s->on[i].trace;
	t.width = arena_alloc(t.arena, (size_t)t.n * sizeof(*t.width));
	t.cell = arena_alloc(t.arena, (size_t)t.n * sizeof(*t.cell));
	t.src = read_script(&t, s->path);
	alignment_make(&t.al, trace, all->n, all->times, t.arena);
	choose(&t, whole);
	page_gap(p);
	page_printf(p, "%sDIFFER%s %s: %s\n", page_ink(p, INK_MAGENTA), page_ink(p, INK_PLAIN),
		    compare_title(all, s), compare_difference(all, s));
	print_verdicts(&t, s);
	page_gap(p);
	if (t.al.n)
		print_rows(&t);
	page_gap(p);
	arena_free(t.arena);
}
