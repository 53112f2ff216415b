/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything a reader needs about a run that did not go as its script says. */
#include "config.h"

#include "report/failure.h"
#include "base/arena.h"
#include "report/differences.h"
#include "report/excerpt.h"
#include "report/format.h"
#include "report/ladder.h"
#include "report/ladder_rows.h"
#include "report/page.h"
#include "report/run_log.h"
#include "report/states.h"
#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

/* Enough to see what led to the failure, and to fit on a screen. */
#define REPORT_ROWS 12
#define MOST_NOTES 5

const struct result *failure_event(const struct run_log *run, const struct result *end)
{
	const struct record *rec;

	for (rec = run->first; rec; rec = rec->next)
		if ((rec->r.kind == RES_EVENT || rec->r.kind == RES_STATE) &&
		    rec->r.verdict == end->verdict && end->verdict != VERDICT_PASS)
			return &rec->r;
	return end;
}

const char *failure_place(const struct run_log *run, const struct result *r)
{
	const char *name = *run->script ? run->script : "(no name)";

	if (!r->span.line)
		return name;
	if (!r->span.col)
		return arena_printf(run->arena, "%s:%u", name, r->span.line);
	return arena_printf(run->arena, "%s:%u:%u", name, r->span.line, r->span.col);
}

const char *failure_message(const struct run_log *run, const struct result *r,
			    const struct result *end)
{
	static const char *const unsaid[VERDICT_COUNT] = {
		[VERDICT_FAIL] = "the stack does not do what the script expects",
		[VERDICT_INCONCLUSIVE] = "the tester was too late to judge",
		[VERDICT_XPASS] = "passed, though the script says that it should fail",
		[VERDICT_NONE] = "the run ended without a verdict",
	};

	if (end->verdict == VERDICT_XPASS && end->message)
		return arena_printf(run->arena, "%s: %s", unsaid[VERDICT_XPASS],
				    format_one_line(run->arena, end->message));
	if (r->message)
		return format_one_line(run->arena, r->message);
	if (end->message)
		return format_one_line(run->arena, end->message);
	return unsaid[end->verdict] ? unsaid[end->verdict] : "";
}

static void print_head(struct page *p, const struct run_log *run, const struct result *r,
		       const struct result *end)
{
	const char *place = failure_place(run, r), *message = failure_message(run, r, end);
	enum ink ink = verdict_style(end->verdict)->ink;

	/* A path has no blanks to break at: a long one gets a line of its own. */
	if ((int)(format_columns(place, strlen(place)) + strlen(message)) + 4 > p->width) {
		page_printf(p, "  %s%s:%s\n", page_ink(p, INK_BOLD), place, page_ink(p, INK_PLAIN));
		page_wrapped(p, "    ", 4, ink, message);
	} else {
		page_printf(p, "  %s%s:%s %s%s%s\n", page_ink(p, INK_BOLD), place,
			    page_ink(p, INK_PLAIN), page_ink(p, ink), message,
			    page_ink(p, INK_PLAIN));
	}
	excerpt_print(p, run, r);
}

/* What the end says beyond the event, unless it is the same in other words. */
static void print_end_message(struct page *p, const struct run_log *run, const struct result *r,
			      const struct result *end)
{
	if (r == end || !r->message || !end->message || strstr(end->message, r->message) ||
	    strstr(r->message, end->message))
		return;
	page_labelled(p, "verdict", format_one_line(run->arena, end->message));
}

static void print_notes(struct page *p, const struct run_log *run)
{
	const struct record *rec = NULL;
	int n = 0;

	while ((rec = run_log_next(run, rec, RES_NOTE)))
		if (rec->r.message && ++n <= MOST_NOTES)
			page_labelled(p, "note", format_one_line(run->arena, rec->r.message));
	if (n > MOST_NOTES)
		page_printf(p, "  note      ... and %d more (-v shows them)\n", n - MOST_NOTES);
}

void failure_print_others(struct page *p, const struct run_log *run, const struct result *but,
			  const char *label)
{
	const struct record *rec = NULL;
	int n = 0;

	while ((rec = run_log_next(run, rec, RES_EVENT))) {
		const struct result *r = &rec->r;

		if (r == but || (r->verdict != VERDICT_FAIL && !result_is_warning(r)) ||
		    ++n > MOST_NOTES)
			continue;
		page_labelled(p, label, arena_printf(run->arena, "line %u%s%s", r->span.line,
						     r->message ? ": " : "",
						     format_one_line(run->arena, r->message)));
	}
	if (n > MOST_NOTES)
		page_printf(p, "  %-10s... and %d more\n", label, n - MOST_NOTES);
}

static void print_block(struct page *p, const struct run_log *run, const struct result *end,
			unsigned rows)
{
	const struct result *r = failure_event(run, end);
	const char *hint = r->hint ? r->hint : end->hint;

	page_gap(p);
	print_head(p, run, r, end);
	differences_print(p, run->arena, r);
	page_gap(p);
	timing_print(p, r);
	states_print(p, run);
	if (r->kept)
		page_labelled(p, "kept", format_one_line(run->arena, r->kept));
	print_end_message(p, run, r, end);
	if (hint)
		page_labelled(p, "hint", format_one_line(run->arena, hint));
	print_notes(p, run);
	failure_print_others(p, run, r, "also");
	page_gap(p);
	ladder_print(p, run, r, rows);
	page_gap(p);
}

void failure_print(struct page *p, const struct run_log *run, const struct result *end)
{
	print_block(p, run, end, REPORT_ROWS);
}

void failure_print_whole(struct page *p, const struct run_log *run, const struct result *end)
{
	print_block(p, run, end, LADDER_ALL);
}

const char *failure_text(const struct run_log *run, const struct result *end, int width)
{
	struct page p = { .width = width };
	char *text = NULL;
	const char *kept;
	size_t len;

	p.out = open_memstream(&text, &len);
	if (!p.out)
		return "";
	failure_print(&p, run, end);
	fclose(p.out);
	kept = arena_strdup(run->arena, text);
	free(text);
	return kept;
}
