/* SPDX-License-Identifier: BSD-2-Clause */
/* Why a run did not go as its script says: what was expected, what came, and when. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "report/differences.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/html_page.h"
#include "report/html_sections.h"
#include "report/page.h"
#include "report/run_log.h"
#include "report/worddiff.h"

#include <string.h>

static void add_paragraph(struct buf *b, const struct html_case *c, const char *open,
			  const char *text)
{
	if (!text || !*text)
		return;
	buf_adds(b, open);
	html_text(b, c->run->arena, text);
	buf_adds(b, "</p>\n");
}

/* What the end says beyond the event. */
static const char *end_message(const struct html_case *c, const char *said)
{
	const char *more = c->end->message;

	return c->why == c->end || !more || strstr(more, said) || strstr(said, more) ? NULL : more;
}

static void add_call(struct buf *b, const struct html_case *c, const char *message)
{
	buf_printf(b, "<div class=\"call %s\">\n", html_verdict(c->end->verdict)->css);
	add_paragraph(b, c, "<p class=\"message\">", message);
	add_paragraph(b, c, "<p>", end_message(c, message));
	if (c->why->span.line)
		add_paragraph(b, c, "<p class=\"path\">", failure_place(c->run, c->why));
	add_paragraph(b, c, "<p><b>Hint:</b> ", c->why->hint ? c->why->hint : c->end->hint);
	buf_adds(b, "</div>\n");
}

/* ---- expected and actual ---- */

static void add_word(struct buf *b, const char *s, size_t n, size_t width, bool same)
{
	if (n && !same)
		buf_adds(b, "<mark>");
	html_lines(b, s ? s : "", n);
	if (n && !same)
		buf_adds(b, "</mark>");
	buf_pad(b, ' ', (int)(width - format_columns(s ? s : "", n)));
}

/*
 * Both lines word by word, so that what they share stands in the same columns.
 * False if they share all.
 */
static bool add_words(struct buf *want, struct buf *got, struct arena *a, const char *x,
		      const char *y)
{
	size_t n, i, width, other;
	bool differ = false;
	const struct diff_cell *cell = worddiff(a, x, y, &n);

	for (i = 0; i < n; i++) {
		width = cell[i].want ? format_columns(cell[i].want, cell[i].n_want) : 0;
		other = cell[i].got ? format_columns(cell[i].got, cell[i].n_got) : 0;
		width = width > other ? width : other;
		if (cell[i].space && i) {
			buf_addc(want, ' ');
			buf_addc(got, ' ');
		}
		add_word(want, cell[i].want, cell[i].n_want, width, cell[i].same);
		add_word(got, cell[i].got, cell[i].n_got, width, cell[i].same);
		differ |= !cell[i].same;
	}
	return differ;
}

static void add_pair(struct buf *b, const struct html_case *c)
{
	struct arena *a = c->run->arena;
	const struct result *r = c->why;
	struct buf want = { 0 }, got = { 0 };
	bool differ = true;

	if (!r->want && !r->got)
		return;
	if (r->want && r->got && !result_is_absence(r)) {
		differ = add_words(&want, &got, a, format_value(a, r, r->want), format_value(a, r, r->got));
	} else {
		format_xml(&want, r->want ? format_value(a, r, r->want) : "nothing");
		format_xml(&got, result_is_absence(r) || !r->got ? "nothing came" :
			   format_value(a, r, r->got));
	}
	/* What differs may be no part of either text. */
	if (differ)
		buf_printf(b, "<h3>Expected and actual</h3>\n<dl class=\"pair\">\n"
			   "<dt>Expected</dt><dd class=\"want\">%s</dd>\n"
			   "<dt>Actual</dt><dd class=\"got\">%s</dd>\n</dl>\n", buf_str(&want),
			   buf_str(&got));
	buf_free(&want);
	buf_free(&got);
}

static void add_cell(struct buf *b, const struct html_case *c, const char *text)
{
	buf_adds(b, "<td>");
	html_text(b, c->run->arena, text ? text : "-");
	buf_adds(b, "</td>");
}

static void add_fields(struct buf *b, const struct html_case *c)
{
	const struct mismatch *m;

	if (!c->why->mismatches)
		return;
	html_wide(b, "wide", "Differences");
	buf_adds(b, "<table class=\"differ\">\n<caption>What differs, field by field</caption>\n"
		 "<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Expected</th>"
		 "<th scope=\"col\">Actual</th></tr></thead>\n<tbody>\n");
	for (m = c->why->mismatches; m; m = m->next) {
		buf_adds(b, "<tr><th scope=\"row\">");
		html_text(b, c->run->arena, m->field);
		buf_adds(b, "</th>");
		add_cell(b, c, m->want);
		add_cell(b, c, m->got);
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "</tbody>\n</table>\n");
	html_wide_end(b);
}

/* ---- time ---- */

static void add_timing(struct buf *b, const struct html_case *c)
{
	static const char *const name[] = {
		[TIMING_EXPECTED] = "Expected",
		[TIMING_ACTUAL] = "Actual",
		[TIMING_TESTER] = "Tester",
	};
	const struct page plain = { 0 };
	struct buf value = { 0 }, words = { 0 };
	unsigned i;

	if (!timing_known(c->why))
		return;
	buf_adds(b, "<h3>Time</h3>\n<dl class=\"facts\">\n");
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		timing_words(&words, &plain, c->why, (enum timing)i);
		format_xml(&value, buf_str(&words));
		html_fact(b, name[i], buf_str(&value));
		buf_clear(&words);
		buf_clear(&value);
	}
	buf_adds(b, "</dl>\n");
	buf_free(&words);
	buf_free(&value);
}

/* ---- values ---- */

static void add_kept(struct buf *b, const struct html_case *c)
{
	struct buf value = { 0 };

	if (!c->why->kept)
		return;
	format_xml(&value, c->why->kept);
	buf_adds(b, "<h3>Values</h3>\n<dl class=\"facts\">\n");
	html_fact(b, "Kept", buf_str(&value));
	buf_adds(b, "</dl>\n");
	buf_free(&value);
}

void html_failure(struct buf *b, const struct html_case *c)
{
	const char *message = failure_message(c->run, c->why, c->end);

	if (c->end->verdict == VERDICT_PASS || !*message)
		return;
	buf_printf(b, "<h2>%s</h2>\n", c->end->verdict == VERDICT_SKIP ? "Why" : "What went wrong");
	add_call(b, c, message);
	html_excerpt(b, c);
	add_pair(b, c);
	add_fields(b, c);
	add_timing(b, c);
	add_kept(b, c);
}
