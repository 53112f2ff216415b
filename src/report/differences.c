/* SPDX-License-Identifier: BSD-2-Clause */
/* How an event differs from what the script wants: in its text, its fields, its time. */
#include "config.h"

#include "report/differences.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/page.h"
#include "report/run_log.h"
#include "report/worddiff.h"

#include <string.h>

/* ---- expected and actual ---- */

static void print_texts(struct page *p, struct arena *a, const struct result *r)
{
	if (!r->want && !r->got)
		return;
	page_gap(p);
	if (r->want && r->got && !result_is_absence(r)) {
		worddiff_print(p, a, format_value(a, r, r->want), format_value(a, r, r->got));
		return;
	}
	page_labelled(p, "expected", r->want ? format_value(a, r, r->want) : "nothing");
	page_labelled(p, "actual", result_is_absence(r) || !r->got ? "nothing came" :
		      format_value(a, r, r->got));
}

/* ---- the table of fields ---- */

enum { COL_FIELD, COL_WANT, COL_GOT, COL_COUNT };

static const char *const heading[COL_COUNT] = { "field", "expected", "actual" };

struct table {
	struct page *page;
	struct arena *arena;
	int width[COL_COUNT];
	int most;	/* a value wider than this does not stand beside another */
};

static int width_of(const char *s)
{
	return (int)format_columns(s, strlen(s));
}

static void cells_of(const struct table *t, const struct mismatch *m, const char *text[COL_COUNT])
{
	text[COL_FIELD] = format_one_line(t->arena, m->field);
	text[COL_WANT] = m->want ? format_one_line(t->arena, m->want) : "-";
	text[COL_GOT] = m->got ? format_one_line(t->arena, m->got) : "-";
}

static bool is_long(const struct table *t, const char *const text[COL_COUNT])
{
	return width_of(text[COL_WANT]) > t->most || width_of(text[COL_GOT]) > t->most;
}

static void print_cells(const struct table *t, const char *const text[COL_COUNT], enum ink ink)
{
	struct buf b = { 0 };
	int i;

	for (i = 0; i < COL_GOT; i++) {
		buf_adds(&b, text[i]);
		buf_pad(&b, ' ', t->width[i] + 2 - width_of(text[i]));
	}
	page_printf(t->page, "  %s%s%s%s\n", ink ? page_ink(t->page, ink) : "", buf_str(&b),
		    text[COL_GOT], ink ? page_ink(t->page, INK_PLAIN) : "");
	buf_free(&b);
}

/* Long values stand below each other. */
static void print_stacked(const struct table *t, const char *const text[COL_COUNT])
{
	int indent = t->width[COL_FIELD] + 4, inner = indent + 10;

	page_wrapped(t->page, arena_printf(t->arena, "  %-*s%-10s", indent - 2, text[COL_FIELD],
					   heading[COL_WANT]), inner, INK_PLAIN, text[COL_WANT]);
	page_wrapped(t->page, arena_printf(t->arena, "%*s%-10s", indent, "", heading[COL_GOT]),
		     inner, INK_PLAIN, text[COL_GOT]);
}

static void measure(struct table *t, const struct mismatch *list)
{
	const char *text[COL_COUNT];
	const struct mismatch *m;
	int i;

	/* The fields' names line up with the labels of the block when they are short. */
	t->width[COL_FIELD] = PAGE_LABEL - 4;
	for (m = list; m; m = m->next) {
		cells_of(t, m, text);
		if (width_of(text[COL_FIELD]) > t->width[COL_FIELD])
			t->width[COL_FIELD] = width_of(text[COL_FIELD]);
	}
	t->most = (t->page->width - t->width[COL_FIELD] - 6) / 2;
	t->width[COL_WANT] = width_of(heading[COL_WANT]);
	for (m = list; m; m = m->next) {
		cells_of(t, m, text);
		for (i = COL_WANT; i < COL_COUNT && !is_long(t, text); i++)
			if (width_of(text[i]) > t->width[i])
				t->width[i] = width_of(text[i]);
	}
}

static void print_table(struct page *p, struct arena *a, const struct mismatch *list)
{
	struct table t = { .page = p, .arena = a };
	const char *text[COL_COUNT];
	const struct mismatch *m;
	bool headed = false;

	measure(&t, list);
	page_gap(p);
	for (m = list; m; m = m->next) {
		cells_of(&t, m, text);
		if (is_long(&t, text)) {
			print_stacked(&t, text);
			continue;
		}
		if (!headed)
			print_cells(&t, heading, INK_DIM);
		headed = true;
		print_cells(&t, text, INK_PLAIN);
	}
}

void differences_print(struct page *p, struct arena *a, const struct result *r)
{
	print_texts(p, a, r);
	if (r->mismatches)
		print_table(p, a, r->mismatches);
}

/* ---- time ---- */

static void print_time_row(struct page *p, const char *label, const char *who, struct buf *text)
{
	page_printf(p, "  %-10s%-10s%s\n", label, who, buf_str(text));
	buf_clear(text);
}

static void add_expected(struct buf *b, const struct result *r)
{
	if (r->tolerance == NSTIME_NEVER) {
		buf_adds(b, "at any time");
		return;
	}
	if (r->event == EVK_SILENCE)
		buf_adds(b, "nothing from ");
	format_seconds(b, r->planned, 6);
	if (r->planned_end > r->planned) {
		buf_adds(b, " to ");
		format_seconds(b, r->planned_end, 6);
	}
	buf_adds(b, " s");
	if (r->event == EVK_SILENCE)
		return;
	if (r->tolerance > 0) {
		buf_adds(b, " +/- ");
		format_duration(b, r->tolerance);
	} else {
		buf_adds(b, " exactly");
	}
}

/* How far outside of the expected time or range: negative is early. */
static nstime offset_of(const struct result *r)
{
	nstime end = r->planned_end > r->planned ? r->planned_end : r->planned;

	if (r->actual < r->planned)
		return nstime_diff(r->actual, r->planned);
	return r->actual > end ? nstime_diff(r->actual, end) : 0;
}

static void add_offset(const struct page *p, struct buf *b, const struct result *r)
{
	nstime off = offset_of(r), size = off < 0 ? nstime_diff(0, off) : off;
	bool within = size <= r->tolerance;

	if (!off || r->tolerance == NSTIME_NEVER) {
		buf_adds(b, "on time");
		return;
	}
	buf_adds(b, within ? "" : page_ink(p, INK_RED));
	format_duration(b, off);
	buf_printf(b, " %s%s", off < 0 ? "early" : "late",
		   within ? ", within the tolerance" : page_ink(p, INK_PLAIN));
}

static void add_actual(const struct page *p, struct buf *b, const struct result *r)
{
	bool absent = result_is_absence(r);

	if (absent)
		buf_adds(b, "nothing until ");
	else if (r->event == EVK_SILENCE)
		buf_adds(b, "a packet at ");
	format_seconds(b, r->actual, 6);
	buf_adds(b, " s");
	if (!absent && r->event != EVK_SILENCE) {
		buf_adds(b, ", ");
		add_offset(p, b, r);
	}
}

static void add_tester(struct buf *b, const struct result *r)
{
	if (r->lateness > 0) {
		format_duration(b, r->lateness);
		buf_adds(b, " late itself");
	} else {
		buf_adds(b, "on time itself");
	}
}

bool timing_known(const struct result *r)
{
	return r->kind == RES_EVENT && r->event != EVK_NONE;
}

void timing_words(struct buf *b, const struct page *p, const struct result *r, enum timing what)
{
	switch (what) {
	case TIMING_EXPECTED:
		add_expected(b, r);
		break;
	case TIMING_ACTUAL:
		add_actual(p, b, r);
		break;
	case TIMING_TESTER:
		add_tester(b, r);
		break;
	}
}

void timing_print(struct page *p, const struct result *r)
{
	static const struct {
		const char *label, *who;
		enum timing what;
	} row_table[] = {
		{ "time", "expected", TIMING_EXPECTED },
		{ "", "actual", TIMING_ACTUAL },
		{ "", "tester", TIMING_TESTER },
	};
	struct buf b = { 0 };
	size_t i;

	for (i = 0; timing_known(r) && i < sizeof(row_table) / sizeof(row_table[0]); i++) {
		timing_words(&b, p, r, row_table[i].what);
		print_time_row(p, row_table[i].label, row_table[i].who, &b);
	}
	buf_free(&b);
}
