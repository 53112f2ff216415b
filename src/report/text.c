/* SPDX-License-Identifier: BSD-2-Clause */
/* The report people read: a line for each script, and all about those that went wrong. */
#include "config.h"

#include "report/text.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "engine/result_codec.h"
#include "report/compare.h"
#include "report/excerpt.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/ladder.h"
#include "report/ladder_rows.h"
#include "report/observed.h"
#include "report/page.h"
#include "report/progress.h"
#include "report/run_log.h"
#include "report/states.h"
#include "report/tally.h"
#include "report/verbose.h"
#include "seam/reporter.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_HEIGHT 24

struct text_report {
	struct reporter base;	/* first */
	struct text_options o;
	struct page page;
	struct run_log *runs;	/* those under way, oldest first */
	struct tally tally;
	int total;		/* 0 = not known */
	unsigned failed;	/* runs that somebody has to look into, but for those without a result */
	struct progress progress;
	const struct comparison *comparison;	/* NULL without */
};

static struct text_report *of(struct reporter *r)
{
	return (struct text_report *)r;
}

/* ---- progress ---- */

static void draw_progress(struct text_report *t)
{
	const struct progress_state s = {
		.done = t->tally.runs, .failed = t->failed, .total = t->total, .runs = t->runs,
		.left = t->o.left ? t->o.left(t->o.left_arg) : -1,
	};

	/* One script at a time with -v scrolls by anyway. */
	if (t->o.tty && !(t->o.verbose && t->o.jobs <= 1))
		progress_draw(&t->progress, &s);
}

/* ---- one run's output ---- */

/* Lines of a script; its comments step back. */
static void print_script_lines(struct text_report *t, const char *text)
{
	struct page *p = &t->page;

	while (*text) {
		size_t n = strcspn(text, "\n");
		bool comment = p->colour && !strncmp(text, "//", 2);

		page_printf(p, "%s%.*s%s\n", comment ? page_ink(p, INK_DIM) : "", (int)n, text,
			    comment ? page_ink(p, INK_PLAIN) : "");
		text += n + (text[n] == '\n');
	}
}

static void add_verbose(struct text_report *t, struct run_log *run, const struct result *e)
{
	verbose_add(run, e, &run->pending);
	if (t->o.jobs > 1 || !run->pending.len)
		return;
	progress_erase(&t->progress);
	print_script_lines(t, run->pending.s);
	fflush(t->page.out);
	buf_clear(&run->pending);
}

/* The reason goes on the line of the verdict if there is room, else below; a hint below it. */
static void print_reason(struct page *p, struct run_log *run, const struct result *end, size_t used)
{
	const struct result *why = failure_event(run, end);
	const char *reason = failure_message(run, why, end);
	const char *hint = why->hint ? why->hint : end->hint;

	if (end->verdict == VERDICT_BADSCRIPT && why->span.line) {
		page_printf(p, "\n  %s: %s\n", failure_place(run, why), reason);
		excerpt_print(p, run, why);
	} else if (used + strlen(" -- ") + strlen(reason) <= (size_t)p->width) {
		page_printf(p, " -- %s\n", reason);
	} else {
		page_puts(p, "\n");
		page_wrapped(p, "      ", 6, INK_PLAIN, reason);
	}
	if (hint)
		page_wrapped(p, "      hint: ", 12, INK_PLAIN, format_one_line(run->arena, hint));
}

static void print_verdict(struct text_report *t, struct run_log *run, const struct result *end)
{
	const struct verdict_style *s = verdict_style(end->verdict);
	const char *word = verdict_name(end->verdict);
	struct page *p = &t->page;
	struct buf b = { 0 };

	page_printf(p, "%s%-5s%s", page_ink(p, s->ink), word, page_ink(p, INK_PLAIN));
	buf_printf(&b, " %s", run_log_title(run));
	if (end->duration > 0) {
		buf_adds(&b, "  ");
		format_wall(&b, end->duration);
	}
	page_puts(p, b.s);
	if (s->reason)
		print_reason(p, run, end, (strlen(word) < 5 ? 5 : strlen(word)) + b.len);
	else
		page_puts(p, "\n");
	buf_free(&b);
}

static void print_story(struct text_report *t, struct run_log *run, const struct result *end)
{
	bool block = verdict_style(end->verdict)->block;

	if (block && t->o.whole)
		failure_print_whole(&t->page, run, end);
	else if (block)
		failure_print(&t->page, run, end);
	else if (end->verdict == VERDICT_PASS && !t->o.verbose)
		failure_print_others(&t->page, run, NULL, "but");
	if (end->verdict == VERDICT_PASS && !t->o.verbose)
		observed_print(&t->page, run);
	if (block || !t->o.whole)
		return;
	states_print(&t->page, run);
	page_gap(&t->page);
	ladder_print(&t->page, run, failure_event(run, end), LADDER_ALL);
	page_gap(&t->page);
}

static void end_run(struct text_report *t, struct run_log **at, const struct result *end)
{
	struct run_log *run = *at;
	const struct result *why = failure_event(run, end);

	progress_erase(&t->progress);
	if (run->pending.len)
		print_script_lines(t, run->pending.s);
	/* With -v the whole output stays a script: what is not one is a comment. */
	t->page.prefix = t->o.verbose ? "// " : NULL;
	print_verdict(t, run, end);
	print_story(t, run, end);
	t->page.prefix = NULL;
	t->failed += verdict_style(end->verdict)->bad && end->verdict != VERDICT_INCONCLUSIVE;
	tally_add(&t->tally, end, failure_place(run, why), failure_message(run, why, end));
	fflush(t->page.out);
	run_log_drop(at);
}

/* ---- the reporter ---- */

static void text_event(struct reporter *r, unsigned id, const struct result *e)
{
	struct text_report *t = of(r);
	struct run_log **at = run_log_open(&t->runs, id, e);
	const struct result *kept = run_log_add(*at, e);

	(*at)->script_at = t->o.script_at;
	if (t->o.verbose)
		add_verbose(t, *at, kept);
	if (e->kind == RES_END)
		end_run(t, at, kept);
	if (e->kind == RES_END || e->kind == RES_BEGIN)
		draw_progress(t);
}

static void end_orphans(struct text_report *t)
{
	while (t->runs)
		end_run(t, &t->runs, run_log_add_orphan_end(t->runs));
}

static int text_close(struct reporter *r)
{
	struct text_report *t = of(r);
	int screen = t->o.height > 0 ? t->o.height : DEFAULT_HEIGHT, lost;

	progress_erase(&t->progress);
	end_orphans(t);
	t->page.prefix = t->o.verbose ? "// " : NULL;
	if (t->comparison)
		comparison_print(t->comparison, &t->page, t->o.verbose);
	if (t->page.lines > (unsigned)screen && !t->o.whole)
		tally_print_bad(&t->page, &t->tally);
	if (!t->o.whole)
		tally_print(&t->page, &t->tally, t->o.jobs);
	lost = fflush(t->page.out) || ferror(t->page.out);
	tally_fini(&t->tally);
	free(t);
	return lost ? -1 : 0;
}

struct reporter *report_text_new(const struct text_options *o)
{
	static const struct reporter_ops ops = { .event = text_event, .close = text_close };
	struct text_report *t = xzalloc(sizeof(*t));

	t->base.ops = &ops;
	t->o = *o;
	t->page = (struct page){ .out = o->out, .colour = o->colour, .width = o->width };
	if (!o->width)
		t->page.width = PAGE_DEFAULT_WIDTH;
	else if (o->width < PAGE_MIN_WIDTH)
		t->page.width = PAGE_MIN_WIDTH;
	t->progress = (struct progress){ .out = o->out,
					 .width = o->width ? o->width : PAGE_DEFAULT_WIDTH };
	tally_init(&t->tally);
	return &t->base;
}

void report_text_total(struct reporter *r, int n)
{
	of(r)->total = n;
}

void report_text_wall(struct reporter *r, nstime d)
{
	of(r)->tally.wall = d;
}

void report_text_comparison(struct reporter *r, const struct comparison *c)
{
	of(r)->comparison = c;
}
