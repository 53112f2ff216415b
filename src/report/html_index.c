/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/html_index.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/html_folder.h"
#include "report/html_page.h"
#include "report/run_log.h"
#include "report/tally.h"

#include <string.h>
#include <time.h>

/* What needs a look first. */
static const enum verdict order[] = {
	VERDICT_FAIL, VERDICT_XPASS, VERDICT_INCONCLUSIVE, VERDICT_BADSCRIPT, VERDICT_ENVIRONMENT,
	VERDICT_NONE, VERDICT_PASS, VERDICT_XFAIL, VERDICT_SKIP,
};
#define ORDERED (sizeof(order) / sizeof(order[0]))

struct html_entry *html_entry_new(struct arena *a, const struct run_log *run,
				  const struct result *end)
{
	const struct record *begin = run_log_next(run, NULL, RES_BEGIN);
	const struct result *why = failure_event(run, end);
	struct html_entry *e = arena_new_of(a, struct html_entry);

	e->script = arena_strdup(a, *run->script ? run->script : "(no name)");
	e->variant = arena_strdup(a, run->variant);
	e->purpose = arena_strdup(a, begin && begin->r.text ? begin->r.text : "");
	e->message = arena_strdup(a, failure_message(run, why, end));
	e->line = why->span.line;
	e->verdict = (unsigned)end->verdict < VERDICT_COUNT ? end->verdict : VERDICT_NONE;
	e->duration = end->duration;
	e->lateness = end->lateness;
	return e;
}

int html_entry_compare(const void *x, const void *y)
{
	const struct html_entry *a = *(const struct html_entry *const *)x;
	const struct html_entry *b = *(const struct html_entry *const *)y;
	int d = strverscmp(a->script, b->script);

	d = d ? d : strcmp(a->variant, b->variant);
	/* Repetitions, in the order they ended. */
	return d ? d : strverscmp(a->page, b->page);
}

bool html_entry_is_bad(const struct html_entry *e)
{
	return verdict_style(e->verdict)->bad;
}

/* An index under construction. */
struct index {
	struct buf *b;
	struct arena *arena;
	const struct html_totals *t;
	unsigned count[VERDICT_COUNT], bad;
	nstime lateness, duration;
};

static void add_up(struct index *x)
{
	size_t i;

	for (i = 0; i < x->t->n; i++) {
		const struct html_entry *e = x->t->entry[i];

		x->count[e->verdict]++;
		x->bad += html_entry_is_bad(e);
		x->duration = nstime_sum(x->duration, e->duration);
		if (e->lateness > x->lateness)
			x->lateness = e->lateness;
	}
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static const char *headline(const struct index *x)
{
	size_t n = x->t->n;

	if (!n)
		return "No script was run";
	if (x->count[VERDICT_FAIL])
		return arena_printf(x->arena, "%u of %zu run%s failed", x->count[VERDICT_FAIL], n,
				    plural(n));
	if (x->bad)
		return arena_printf(x->arena, "%u of %zu run%s ended without a clear result", x->bad,
				    n, plural(n));
	if (x->count[VERDICT_PASS] == n)
		return n == 1 ? "The run passed" : arena_printf(x->arena, "All %zu runs passed", n);
	return arena_printf(x->arena, "%zu run%s, no failure", n, plural(n));
}

/* ---- how it went ---- */

static void add_missing(struct index *x)
{
	if (!x->t->missing)
		return;
	buf_adds(x->b, "<div class=\"call odd\"><p class=\"message\">This report is not complete: ");
	html_text(x->b, x->arena, x->t->missing);
	buf_adds(x->b, "</p></div>\n");
}

static void add_tally(struct index *x)
{
	size_t i;

	buf_adds(x->b, "<ul class=\"tally\">\n");
	for (i = 0; i < ORDERED; i++) {
		const struct html_verdict *look = html_verdict(order[i]);

		if (x->count[order[i]])
			buf_printf(x->b, "<li class=\"%s\"><b>%u</b><span aria-hidden=\"true\">%s"
				   "</span> %s</li>\n", look->css, x->count[order[i]], look->sign,
				   verdict_style(order[i])->counted);
	}
	buf_adds(x->b, "</ul>\n");
}

/* The tally as a bar; it says nothing that the tally does not. */
static void add_share(struct index *x)
{
	unsigned at = 0;
	size_t i;

	if (!x->t->n)
		return;
	buf_printf(x->b, "<svg class=\"share\" aria-hidden=\"true\" viewBox=\"0 0 %zu 1\" "
		   "preserveAspectRatio=\"none\">", x->t->n);
	for (i = 0; i < ORDERED; i++) {
		if (x->count[order[i]])
			buf_printf(x->b, "<rect class=\"%s\" x=\"%u\" width=\"%u\" height=\"1\"/>",
				   html_verdict(order[i])->css, at, x->count[order[i]]);
		at += x->count[order[i]];
	}
	buf_adds(x->b, "</svg>\n");
}

static void add_machines(struct index *x)
{
	const char *line = x->t->options->machine;
	size_t n;

	for (; line && *line; line += n + (line[n] == '\n')) {
		struct buf value = { 0 };

		n = strcspn(line, "\n");
		html_lines(&value, line, n);
		html_fact(x->b, "Machine", value.s);
		buf_free(&value);
	}
}

static void add_facts(struct index *x)
{
	const struct report_options *o = x->t->options;
	struct timespec ts = nstime_to_timespec(o->began);
	nstime took = x->t->wall ? x->t->wall : o->jobs <= 1 ? x->duration : 0;
	struct buf value = { 0 };
	char text[48];
	struct tm tm;

	buf_adds(x->b, "<dl class=\"facts\">\n");
	if (o->began > 0 && gmtime_r(&ts.tv_sec, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		html_fact(x->b, "Began", text);
	if (took) {
		format_wall(&value, took);
		html_fact(x->b, "Took", value.s);
		buf_clear(&value);
	}
	format_duration(&value, x->lateness);
	buf_adds(&value, " at worst");
	html_fact(x->b, "Tester's lateness", value.s);
	add_machines(x);
	html_fact(x->b, "Tester", PACKAGE_STRING);
	buf_adds(x->b, "</dl>\n");
	buf_free(&value);
}

/* ---- what failed ---- */

static void add_link(struct index *x, const struct html_entry *e)
{
	buf_adds(x->b, "<a href=\"" HTML_RUNS "/");
	html_url(x->b, e->page);
	buf_adds(x->b, "\">");
	html_text(x->b, x->arena, e->script);
	buf_adds(x->b, "</a>");
}

static void add_card(struct index *x, const struct html_entry *e)
{
	buf_printf(x->b, "<li class=\"is-%s\"><h3>", html_verdict(e->verdict)->css);
	html_badge(x->b, e->verdict);
	buf_addc(x->b, ' ');
	add_link(x, e);
	if (*e->variant) {
		buf_adds(x->b, " <span class=\"dim small\">");
		html_text(x->b, x->arena, e->variant);
		buf_adds(x->b, "</span>");
	}
	buf_adds(x->b, "</h3>\n");
	buf_adds(x->b, "<p>");
	if (e->line)
		buf_printf(x->b, "<span class=\"dim\">line %u:</span> ", e->line);
	html_text(x->b, x->arena, e->message);
	buf_adds(x->b, "</p>\n");
	if (*e->purpose) {
		buf_adds(x->b, "<p class=\"dim small\">");
		html_text(x->b, x->arena, e->purpose);
		buf_adds(x->b, "</p>\n");
	}
	buf_adds(x->b, "</li>\n");
}

static void add_failures(struct index *x)
{
	size_t i;

	if (!x->bad)
		return;
	buf_printf(x->b, "<h2 id=\"failures\">%s (%u)</h2>\n<ol class=\"cards\">\n",
		   x->bad == x->count[VERDICT_FAIL] ? "Failures" : "Failures and other problems",
		   x->bad);
	for (i = 0; i < x->t->n; i++)
		if (html_entry_is_bad(x->t->entry[i]))
			add_card(x, x->t->entry[i]);
	buf_adds(x->b, "</ol>\n");
}

/* ---- all of them ---- */

/* Shown by report.js, which does what it says. */
static void add_filter(struct index *x)
{
	size_t i;

	buf_adds(x->b, "<div class=\"filter\" id=\"filter\" hidden=\"hidden\">\n"
		 "<div><label for=\"words\">Find</label>"
		 "<input type=\"search\" id=\"words\" autocomplete=\"off\"/></div>\n"
		 "<div><label for=\"verdict\">Verdict</label>"
		 "<select id=\"verdict\"><option value=\"\">all</option>");
	for (i = 0; i < ORDERED; i++)
		if (x->count[order[i]])
			buf_printf(x->b, "<option value=\"%s\">%s</option>", verdict_name(order[i]),
				   verdict_name(order[i]));
	buf_adds(x->b, "</select></div>\n<p id=\"shown\" role=\"status\"></p>\n</div>\n");
}

static void add_number(struct index *x, const char *name, const struct buf *value)
{
	buf_printf(x->b, "<td class=\"number\" data-is=\"%s\">%s</td>", name, buf_str(value));
}

static void add_row(struct index *x, const struct html_entry *e)
{
	/* Of a failure, what went wrong is in its card above. */
	const char *more = *e->purpose ? e->purpose : e->message;
	struct buf value = { 0 };

	buf_printf(x->b, "<tr data-verdict=\"%s\"><td>", verdict_name(e->verdict));
	html_badge(x->b, e->verdict);
	buf_adds(x->b, "</td><th scope=\"row\">");
	add_link(x, e);
	if (*more) {
		buf_adds(x->b, "<br/><span class=\"dim small\">");
		html_text(x->b, x->arena, more);
		buf_adds(x->b, "</span>");
	}
	buf_adds(x->b, "</th><td>");
	html_text(x->b, x->arena, e->variant);
	buf_adds(x->b, "</td>");
	format_wall(&value, e->duration);
	add_number(x, "took", &value);
	buf_clear(&value);
	format_duration(&value, e->lateness);
	add_number(x, "late", &value);
	buf_adds(x->b, "</tr>\n");
	buf_free(&value);
}

static void add_all(struct index *x)
{
	size_t i;

	if (!x->t->n)
		return;
	buf_adds(x->b, "<h2 id=\"all\">All runs</h2>\n");
	add_filter(x);
	buf_printf(x->b, "<table class=\"runs\">\n<caption>%zu run%s, by path</caption>\n"
		   "<thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">Script</th>"
		   "<th scope=\"col\">Variant</th><th scope=\"col\" class=\"number\">Took</th>"
		   "<th scope=\"col\" class=\"number\">Tester late by</th></tr></thead>\n<tbody>\n",
		   x->t->n, plural(x->t->n));
	for (i = 0; i < x->t->n; i++)
		add_row(x, x->t->entry[i]);
	buf_adds(x->b, "</tbody>\n</table>\n");
}

void html_index(struct buf *b, const struct html_totals *t)
{
	struct index x = { .b = b, .arena = arena_new(), .t = t };
	struct html_head head = { .up = "", .skip = "Skip to the results" };

	add_up(&x);
	if (t->n)
		head.right = "<a href=\"#all\">All runs</a>";
	head.title = arena_printf(x.arena, "%s - drillpress", headline(&x));
	html_begin(b, &head);
	buf_printf(b, "<h1>%s</h1>\n", headline(&x));
	add_missing(&x);
	add_share(&x);
	add_tally(&x);
	add_facts(&x);
	add_failures(&x);
	add_all(&x);
	buf_adds(b, "</main>\n");
	html_end(b);
	arena_free(x.arena);
}

void html_index_pending(struct buf *b, const struct report_options *o)
{
	const struct html_head head = { .title = "Not over yet - drillpress", .up = "",
					.skip = "Skip to the results" };

	html_begin(b, &head);
	buf_adds(b, "<h1>Not over yet</h1>\n<div class=\"call odd\"><p class=\"message\">The runs of "
		 "this report are under way, or drillpress was killed before their end.</p>\n<p>");
	if (o->total > 0)
		buf_printf(b, "There are to be %d. ", o->total);
	buf_adds(b, "The pages of those that are over are in the folder <code>" HTML_RUNS
		 "</code>.</p></div>\n</main>\n");
	html_end(b);
}
