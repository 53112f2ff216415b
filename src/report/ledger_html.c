/* SPDX-License-Identifier: BSD-2-Clause */
/* A ledger as a page, in the style of the pages of runs. */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "ledger/choice.h"
#include "report/format.h"
#include "report/html_folder.h"
#include "report/html_page.h"
#include "report/ledger.h"

#include <errno.h>
#include <string.h>

/* How a standing looks; the word stands beside it. */
static const struct html_verdict looks[STANDING_COUNT] = {
	[STANDING_FAILED] = { "bad", "\xe2\x9c\x97" },		/* a cross */
	[STANDING_DEVIATES] = { "odd", "\xe2\x89\x88" },	/* almost equal */
	[STANDING_PROVEN] = { "good", "\xe2\x9c\x93" },		/* a tick */
	[STANDING_NOT_RUN] = { "off", "?" },
	[STANDING_TESTED] = { "good", "\xe2\x9c\x93" },
	[STANDING_UNOBSERVABLE] = { "off", "\xe2\x80\x93" },	/* a dash */
	[STANDING_UNTESTED] = { "odd", "!" },
};

struct sheet {
	struct buf *b;
	struct arena *arena;
	const struct ledger_view *view;
	const struct ledger *l;
};

static void text(const struct sheet *s, const char *words)
{
	html_text(s->b, s->arena, words);
}

static void badge(const struct sheet *s, enum standing is)
{
	buf_printf(s->b, "<span class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
		   looks[is].css, looks[is].sign, standing_name(is));
}

/* ---- totals ---- */

static void add_tally(const struct sheet *s, unsigned k)
{
	struct ledger_count c = ledger_count(s->l, k, NULL, STRENGTH_COUNT);
	unsigned i;

	if (s->l->has_results) {
		buf_adds(s->b, "<h3>");
		text(s, s->l->column[k]);
		buf_adds(s->b, "</h3>\n");
	}
	buf_adds(s->b, "<ul class=\"tally\">\n");
	for (i = 0; i < STANDING_COUNT; i++)
		if (c.of[i])
			buf_printf(s->b, "<li class=\"%s\"><b>%u</b> %s</li>\n", looks[i].css,
				   c.of[i], standing_name((enum standing)i));
	buf_adds(s->b, "</ul>\n");
}

static void add_count(const struct sheet *s, const struct ledger_share *share, unsigned k)
{
	struct ledger_count c = ledger_count(s->l, k, share->group, share->strength);
	unsigned i;

	buf_adds(s->b, "<tr><th scope=\"row\">");
	text(s, share->group);
	buf_printf(s->b, " %s</th><td>", strength_name(share->strength));
	text(s, s->l->column[k]);
	buf_printf(s->b, "</td><td class=\"number\">%u</td>", c.all);
	for (i = 0; i < STANDING_COUNT; i++)
		if (ledger_has(s->l, (enum standing)i))
			buf_printf(s->b, "<td class=\"number\">%u</td>", c.of[i]);
	buf_adds(s->b, "</tr>\n");
}

static void add_totals(const struct sheet *s)
{
	const struct ledger_share *share;
	unsigned n, i, k;

	share = ledger_shares(s->l, s->arena, &n);
	buf_adds(s->b, "<h2 id=\"totals\">Totals</h2>\n");
	html_wide(s->b, "wide", "Totals");
	buf_adds(s->b, "<table>\n<caption>Requirements by RFC and level</caption>\n<thead><tr>"
		 "<th scope=\"col\">Of</th><th scope=\"col\">On</th>"
		 "<th scope=\"col\" class=\"number\">All</th>");
	for (i = 0; i < STANDING_COUNT; i++)
		if (ledger_has(s->l, (enum standing)i))
			buf_printf(s->b, "<th scope=\"col\" class=\"number\">%s</th>",
				   standing_name((enum standing)i));
	buf_adds(s->b, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < n; i++)
		for (k = 0; k < s->l->n_columns; k++)
			add_count(s, &share[i], k);
	buf_adds(s->b, "</tbody>\n</table>\n");
	html_wide_end(s->b);
}

/* ---- what was demanded ---- */

static void add_lacking(const struct sheet *s, const struct ledger_row *row, unsigned k)
{
	const struct ledger_cell *c = &row->cell[k];

	buf_printf(s->b, "<li class=\"is-%s\"><h3>", looks[c->standing].css);
	badge(s, c->standing);
	buf_addc(s->b, ' ');
	text(s, row->requirement->id);
	buf_adds(s->b, " <span class=\"dim small\">");
	text(s, s->l->has_results ? s->l->column[k] : "");
	buf_adds(s->b, "</span></h3>\n<p>");
	text(s, row->requirement->text);
	buf_adds(s->b, "</p>\n");
	if (*c->why) {
		buf_adds(s->b, "<p class=\"dim small\">");
		text(s, c->why);
		buf_adds(s->b, "</p>\n");
	}
	buf_adds(s->b, "</li>\n");
}

static void add_required(const struct sheet *s, const char *words)
{
	unsigned k, n = 0;
	size_t i;

	buf_adds(s->b, "<h2>Required: ");
	text(s, words);
	buf_adds(s->b, "</h2>\n");
	for (i = 0; i < s->l->n; i++)
		for (k = 0; k < s->l->n_columns; k++) {
			const struct ledger_row *row = &s->l->row[i];

			if (!choice_has(words, row->requirement) ||
			    !standing_is_lacking(row->cell[k].standing))
				continue;
			buf_adds(s->b, n++ ? "" : "<ol class=\"cards\">\n");
			add_lacking(s, row, k);
		}
	buf_adds(s->b, n ? "</ol>\n" : "<p>Nothing is lacking.</p>\n");
}

/* ---- all of them ---- */

/* Shown by report.js, which does what it says. */
static void add_filter(const struct sheet *s)
{
	unsigned i;

	buf_adds(s->b, "<div class=\"filter\" id=\"filter\" hidden=\"hidden\">\n"
		 "<div><label for=\"words\">Find</label>"
		 "<input type=\"search\" id=\"words\" autocomplete=\"off\"/></div>\n"
		 "<div><label for=\"verdict\">Standing</label>"
		 "<select id=\"verdict\"><option value=\"\">all</option>");
	for (i = 0; i < STANDING_COUNT; i++)
		if (ledger_has(s->l, (enum standing)i))
			buf_printf(s->b, "<option value=\"s%u\">%s</option>", i,
				   standing_name((enum standing)i));
	buf_adds(s->b, "</select></div>\n<p id=\"shown\" role=\"status\" data-what=\"requirement\">"
		 "</p>\n</div>\n");
}

static void add_run(const struct sheet *s, unsigned k, const struct ledger_run *r)
{
	buf_adds(s->b, "<li>");
	text(s, s->l->column[k]);
	buf_adds(s->b, ": ");
	html_badge(s->b, r->verdict);
	buf_adds(s->b, " <span class=\"path\">");
	text(s, r->script);
	buf_adds(s->b, "</span> ");
	text(s, r->variant);
	if (*r->message) {
		buf_adds(s->b, "<br/><span class=\"dim\">");
		text(s, r->message);
		buf_adds(s->b, "</span>");
	}
	buf_adds(s->b, "</li>\n");
}

/* The scripts, unless they had runs: those say more. */
static void add_scripts(const struct sheet *s, const struct ledger_row *row)
{
	const struct ledger_script *script;
	const struct ledger_run *r;
	unsigned k, runs = 0;

	for (k = 0; k < s->l->n_columns; k++)
		runs += row->cell[k].n;
	if (!runs && !row->scripts)
		return;
	if (runs)
		buf_printf(s->b, "<details><summary>%u run%s</summary>\n<ul class=\"notes small\">\n",
			   runs, runs == 1 ? "" : "s");
	else
		buf_printf(s->b, "<details><summary>%u script%s</summary>\n<ul class=\"notes small\">\n",
			   row->n_scripts, row->n_scripts == 1 ? "" : "s");
	for (k = 0; k < s->l->n_columns; k++)
		for (r = row->cell[k].runs; r; r = r->next)
			add_run(s, k, r);
	for (script = runs ? NULL : row->scripts; script; script = script->next) {
		buf_adds(s->b, "<li class=\"path\">");
		text(s, script->path);
		buf_adds(s->b, "</li>\n");
	}
	buf_adds(s->b, "</ul></details>");
}

static void add_cell(const struct sheet *s, const struct ledger_row *row, unsigned k)
{
	const struct ledger_cell *c = &row->cell[k];

	buf_adds(s->b, "<td data-is=\"");
	text(s, s->l->has_results ? s->l->column[k] : "");
	buf_adds(s->b, "\">");
	badge(s, c->standing);
	if (ledger_view_disagrees(s->view, row, k))
		buf_printf(s->b, "<br/><span class=\"small\">measured: %s</span>",
			   measured_name(row->requirement->measured));
	buf_adds(s->b, "</td>");
}

static void add_why(const struct sheet *s, const struct ledger_row *row, unsigned k)
{
	const struct ledger_cell *c = &row->cell[k];

	/* Why it cannot be tested is its note. */
	if (!*c->why || c->standing == STANDING_UNOBSERVABLE)
		return;
	buf_adds(s->b, "<br/><span class=\"dim small\">");
	text(s, s->l->column[k]);
	buf_adds(s->b, ": ");
	text(s, c->why);
	buf_adds(s->b, "</span>");
}

static void add_row(const struct sheet *s, const struct ledger_row *row)
{
	const struct requirement *q = row->requirement;
	unsigned k;

	buf_adds(s->b, "<tr data-verdict=\"");
	for (k = 0; k < s->l->n_columns; k++)
		buf_printf(s->b, "%ss%u", k ? " " : "", row->cell[k].standing);
	buf_adds(s->b, "\"><th scope=\"row\"><b>");
	text(s, q->id);
	buf_adds(s->b, "</b> <span class=\"dim small\">");
	text(s, q->level);
	buf_addc(s->b, ' ');
	text(s, q->section);
	buf_adds(s->b, "</span><br/>");
	text(s, q->text);
	if (*q->note) {
		buf_adds(s->b, "<br/><span class=\"dim small\">");
		text(s, q->note);
		buf_adds(s->b, "</span>");
	}
	for (k = 0; k < s->l->n_columns; k++)
		add_why(s, row, k);
	add_scripts(s, row);
	buf_adds(s->b, "</th>");
	for (k = 0; k < s->l->n_columns; k++)
		add_cell(s, row, k);
	buf_adds(s->b, "</tr>\n");
}

static void add_all(const struct sheet *s)
{
	unsigned k;
	size_t i;

	buf_adds(s->b, "<h2 id=\"all\">All requirements</h2>\n");
	add_filter(s);
	buf_printf(s->b, "<table class=\"runs\">\n<caption>%zu requirements</caption>\n"
		   "<thead><tr><th scope=\"col\">Requirement</th>", s->l->n);
	for (k = 0; k < s->l->n_columns; k++) {
		buf_adds(s->b, "<th scope=\"col\">");
		text(s, s->l->column[k]);
		buf_adds(s->b, "</th>");
	}
	buf_adds(s->b, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < s->l->n; i++)
		add_row(s, &s->l->row[i]);
	buf_adds(s->b, "</tbody>\n</table>\n");
}

void ledger_html(struct buf *b, const struct ledger_view *v)
{
	const struct html_head head = { .title = "Requirements - drillpress", .up = "",
					.skip = "Skip to the requirements",
					.right = "<a href=\"#totals\">Totals</a> "
						 "<a href=\"#all\">All requirements</a>" };
	struct sheet s = { .b = b, .arena = arena_new(), .view = v, .l = v->ledger };
	unsigned k;
	int i;

	html_begin(b, &head);
	buf_adds(b, "<h1>Requirements</h1>\n");
	for (k = 0; k < s.l->n_columns; k++)
		add_tally(&s, k);
	for (i = 0; i < v->n_required; i++)
		add_required(&s, v->required[i]);
	add_totals(&s);
	add_all(&s);
	buf_adds(b, "</main>\n");
	html_end(b);
	arena_free(s.arena);
}

int ledger_write_html(const char *folder, const struct ledger_view *v, const char **why)
{
	struct html_folder f;
	struct buf b = { 0 };
	int err;

	if (html_folder_open(&f, folder, false, why))
		return -1;
	ledger_html(&b, v);
	err = html_folder_style(&f) || html_folder_write(f.top, LEDGER_PAGE, &b);
	*why = !err ? NULL : errno == EEXIST ? "it has files that are of no such report" :
	       strerror(errno);
	html_folder_close(&f);
	buf_free(&b);
	return err ? -1 : 0;
}
