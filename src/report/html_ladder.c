/* SPDX-License-Identifier: BSD-2-Clause */
/* What happened in a run, in the order of its times. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/html_page.h"
#include "report/html_sections.h"
#include "report/ladder_rows.h"
#include "report/ladder_svg.h"
#include "report/run_log.h"
#include "report/states.h"

#include <string.h>

/* A picture of more is of no use, and slow: then it is what led to the end. */
#define MOST_ROWS 400

static void add_time(struct buf *b, nstime t)
{
	format_seconds(b, t, 6);
	buf_adds(b, " s");
}

static void add_picture(struct buf *b, const struct html_case *c, const struct rows *rows,
			bool narrow)
{
	struct arena *a = c->run->arena;

	html_wide(b, narrow ? "ladder phone" : "ladder desk", "Ladder");
	ladder_svg_inline(b, rows, arena_printf(a, "Ladder of %s: %s", run_log_title(c->run),
						verdict_name(c->end->verdict)),
			  "Packets, calls and states between the stack under test (left) and "
			  "drillpress (right), in the order of their times. The table below the "
			  "picture has the same.", narrow);
	html_wide_end(b);
}

static void add_step(struct buf *b, const struct html_case *c, const struct row *row)
{
	buf_printf(b, "<tr%s><td>", row->failed ? " class=\"at\"" : "");
	add_time(b, row->t);
	buf_adds(b, "</td><td>");
	html_line_link(b, c, row->r);
	buf_printf(b, "</td><td>%s%s</td><td>", row->failed ? "<b>deviates:</b> " : "",
		   ladder_row_words(row));
	html_text(b, c->run->arena, row->text);
	buf_adds(b, "</td></tr>\n");
}

static void add_table(struct buf *b, const struct html_case *c, const struct rows *rows)
{
	size_t i;

	buf_adds(b, "<details>\n<summary>The same as a table</summary>\n");
	html_wide(b, "wide", "Ladder as a table");
	buf_adds(b, "<table class=\"steps\">\n<caption>What happened, in the order of time</caption>\n"
		 "<thead><tr><th scope=\"col\">Time</th><th scope=\"col\">Script</th>"
		 "<th scope=\"col\">Who</th><th scope=\"col\">What</th></tr></thead>\n<tbody>\n");
	for (i = rows->first; i < rows->end; i++)
		add_step(b, c, &rows->at[i]);
	buf_adds(b, "</tbody>\n</table>\n");
	html_wide_end(b);
	buf_adds(b, "</details>\n");
}

/* Packets that no line of the script asked for. */
static void add_strays(struct buf *b, const struct html_case *c, const struct rows *rows)
{
	size_t i, n = 0;

	for (i = rows->first; i < rows->end; i++) {
		const struct row *row = &rows->at[i];

		if (row->r->kind != RES_PACKET)
			continue;
		if (!n++)
			buf_adds(b, "<h3>Packets that no line of the script asked for</h3>\n"
				 "<ul class=\"notes\">\n");
		buf_adds(b, "<li>");
		add_time(b, row->t);
		buf_adds(b, ": <code>");
		html_text(b, c->run->arena, row->text);
		buf_adds(b, "</code></li>\n");
	}
	if (n)
		buf_adds(b, "</ul>\n");
}

void html_ladder(struct buf *b, const struct html_case *c)
{
	struct rows rows;

	ladder_rows(&rows, c->run, c->why, LADDER_ALL);
	if (rows.total > MOST_ROWS)
		ladder_rows(&rows, c->run, c->why, MOST_ROWS);
	if (rows.first == rows.end)
		return;
	buf_adds(b, "<h2>Ladder</h2>\n");
	if (rows.drawn < rows.total)
		buf_printf(b, "<p class=\"dim\">%u of %u packets and calls.</p>\n", rows.drawn,
			   rows.total);
	add_picture(b, c, &rows, false);
	add_picture(b, c, &rows, true);
	add_table(b, c, &rows);
	add_strays(b, c, &rows);
}

static void add_state(struct buf *b, const struct html_case *c, const struct result *r)
{
	buf_printf(b, "<li%s><b>", r->verdict == VERDICT_FAIL ? " class=\"at\"" : "");
	html_text(b, c->run->arena,
		  format_conn(c->run->arena, r, r->state_from ? r->state_from : "?"));
	buf_adds(b, " \xe2\x86\x92 ");
	if (r->unobservable)
		buf_adds(b, "(?) \xe2\x86\x92 ");
	html_text(b, c->run->arena, r->state_to ? r->state_to : "?");
	buf_adds(b, "</b><span>");
	add_time(b, r->actual);
	if (r->span.line)
		buf_adds(b, ", ");
	html_line_link(b, c, r);
	if (r->message) {
		buf_adds(b, r->verdict == VERDICT_FAIL ? ", deviates: " : ": ");
		html_text(b, c->run->arena, r->message);
	}
	buf_adds(b, "</span></li>\n");
}

void html_states(struct buf *b, const struct html_case *c)
{
	const struct record *rec = run_log_next(c->run, NULL, RES_STATE);
	bool hidden = false;

	if (!rec)
		return;
	buf_adds(b, "<h2>States</h2>\n<ol class=\"states\">\n");
	for (; rec; rec = run_log_next(c->run, rec, RES_STATE)) {
		add_state(b, c, &rec->r);
		hidden |= rec->r.unobservable;
	}
	buf_adds(b, "</ol>\n");
	if (hidden)
		buf_adds(b, "<p class=\"dim\">(?) is a state in between that could not be observed."
			 "</p>\n");
}

/* What did not decide the verdict and is worth a word. */
static bool is_note(const struct html_case *c, const struct result *r)
{
	if (r == c->why || !(r->message || r->printed))
		return false;
	return r->kind == RES_NOTE ||
	       (r->kind == RES_EVENT && (r->verdict == VERDICT_FAIL || result_is_warning(r)));
}

static void add_note(struct buf *b, const struct html_case *c, const struct result *r)
{
	buf_adds(b, "<li>");
	html_line_link(b, c, r);
	buf_adds(b, r->span.line && r->message ? ": " : "");
	html_text(b, c->run->arena, r->message);
	buf_adds(b, "</li>\n");
	if (!r->printed)
		return;
	buf_adds(b, "<li>printed: <code>");
	html_text(b, c->run->arena, r->printed);
	buf_adds(b, "</code></li>\n");
}

void html_notes(struct buf *b, const struct html_case *c)
{
	const struct record *rec;
	bool any = false;

	for (rec = c->run->first; rec; rec = rec->next) {
		if (!is_note(c, &rec->r))
			continue;
		if (!any)
			buf_adds(b, "<h2>Notes</h2>\n<ul class=\"notes\">\n");
		any = true;
		add_note(b, c, &rec->r);
	}
	if (any)
		buf_adds(b, "</ul>\n");
}
