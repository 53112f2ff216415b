/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/html_run.h"
#include "base/arena.h"
#include "base/buf.h"
#include "engine/result_codec.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/html_page.h"
#include "report/html_sections.h"
#include "report/run_log.h"

#include <string.h>

static const char home[] = "<a href=\"../index.html\">All runs</a>";

/* What the script tests, as it says itself. */
static void add_purpose(struct buf *b, const struct html_case *c)
{
	const struct record *begin = run_log_next(c->run, NULL, RES_BEGIN);

	if (!begin || !begin->r.text || !*begin->r.text)
		return;
	buf_adds(b, "<p>");
	html_text(b, c->run->arena, begin->r.text);
	buf_adds(b, "</p>\n");
}

static void add_facts(struct buf *b, const struct html_case *c)
{
	buf_adds(b, "<p class=\"dim small\"><span class=\"path\">");
	html_text(b, c->run->arena, *c->run->script ? c->run->script : "(no name)");
	buf_adds(b, "</span> \xc2\xb7 took ");
	format_wall(b, c->end->duration);
	buf_adds(b, " \xc2\xb7 tester late by ");
	format_duration(b, c->end->lateness);
	buf_adds(b, " at worst</p>\n");
}

static void add_environment(struct buf *b, const struct html_case *c)
{
	if (!c->end->environment)
		return;
	buf_adds(b, "<h2>What the stack ran on</h2>\n"
		 "<pre role=\"region\" tabindex=\"0\" aria-label=\"What the stack ran on\">");
	html_lines(b, c->end->environment, strlen(c->end->environment));
	buf_adds(b, "</pre>\n");
}

static void add_heading(struct buf *b, const struct html_case *c)
{
	const char *slash = strrchr(c->run->script, '/');

	buf_adds(b, "<h1>");
	html_badge(b, c->end->verdict);
	buf_addc(b, ' ');
	html_text(b, c->run->arena, run_log_title(c->run) + (slash ? slash + 1 - c->run->script : 0));
	buf_adds(b, "</h1>\n");
}

/* What failed as expected is told like any failure. */
static const struct result *reason(const struct run_log *run, const struct result *end)
{
	struct result failed = *end;
	const struct result *why;

	if (end->verdict != VERDICT_XFAIL)
		return failure_event(run, end);
	failed.verdict = VERDICT_FAIL;
	why = failure_event(run, &failed);
	return why == &failed ? end : why;
}

void html_run(struct buf *b, const struct run_log *run, const struct result *end)
{
	struct html_case c = { .run = run, .why = reason(run, end), .end = end };
	const struct html_head head = {
		.title = arena_printf(run->arena, "%s: %s - drillpress", verdict_name(end->verdict),
				      format_one_line(run->arena, run_log_title(run))),
		.up = "../", .skip = "Skip to the result", .right = home,
	};

	html_script_choose(&c);
	html_begin(b, &head);
	add_heading(b, &c);
	add_purpose(b, &c);
	add_facts(b, &c);
	html_failure(b, &c);
	html_ladder(b, &c);
	html_states(b, &c);
	html_notes(b, &c);
	html_script(b, &c);
	add_environment(b, &c);
}

static void add_link(struct buf *b, const char *page, const char *rel, const char *words)
{
	if (!page)
		return;
	buf_adds(b, "<li><a href=\"");
	html_url(b, page);
	buf_printf(b, "\" rel=\"%s\">%s</a></li>", rel, words);
}

void html_run_links(struct buf *b, const char *before, const char *after)
{
	buf_printf(b, "</main>\n<nav class=\"foot%s\" aria-label=\"Other runs\"><ul>",
		   before || after ? " stays" : "");
	add_link(b, before, "prev", "\xe2\x86\x90 Previous failure");
	buf_printf(b, "<li>%s</li>", home);
	add_link(b, after, "next", "Next failure \xe2\x86\x92");
	buf_adds(b, "</ul></nav>\n");
	html_end(b);
}
