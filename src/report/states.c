/* SPDX-License-Identifier: BSD-2-Clause */
/* The states a run's connections went through, on a few lines. */
#include "config.h"

#include "report/states.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/page.h"
#include "report/run_log.h"

#include <string.h>

/* More than this are rarely about the event that failed. */
#define STATES_MAX 12

static const char *name_of(const char *state)
{
	return state ? state : "?";
}

const char *state_change_text(struct arena *a, const struct result *r)
{
	return format_conn(a, r, arena_printf(a, "%s -> %s%s",
					      format_one_line(a, name_of(r->state_from)),
					      r->unobservable ? "(?) -> " : "",
					      format_one_line(a, name_of(r->state_to))));
}

/* Chains of changes that are being printed; a change is never broken over two lines. */
struct chain {
	struct page *page;
	const char *label;
	struct buf line;
	const char *last;	/* the state it has come to; NULL before the first */
	int left_out;		/* changes before those that are shown */
};

static void chain_flush(struct chain *c)
{
	if (!c->line.len)
		return;
	page_printf(c->page, "  %-*s%s\n", PAGE_LABEL - 2, c->label, c->line.s);
	buf_clear(&c->line);
	c->label = "";
}

static void chain_add(struct chain *c, const char *text)
{
	size_t room = (size_t)c->page->width - PAGE_LABEL;

	if (c->line.len && c->line.len + 1 + strlen(text) > room)
		chain_flush(c);
	buf_printf(&c->line, "%s%s", c->line.len ? " " : "", text);
}

/* "-> LISTEN (line 7, 0.000)" */
static const char *change_with_place(struct arena *a, const struct result *r)
{
	struct buf b = { 0 };
	const char *text;

	buf_printf(&b, "-> %s%s (", r->unobservable ? "(?) -> " : "",
		   format_one_line(a, name_of(r->state_to)));
	if (r->span.line)
		buf_printf(&b, "line %u, ", r->span.line);
	format_seconds(&b, r->actual, 3);
	buf_printf(&b, ")%s", r->verdict == VERDICT_FAIL ? " !" : "");
	text = arena_strdup(a, b.s);
	buf_free(&b);
	return text;
}

/*
 * A change that does not start where the last one ended starts a line of its
 * own: it is another connection's.
 */
static void add_change(struct chain *c, struct arena *a, const struct result *r)
{
	const char *from = format_one_line(a, name_of(r->state_from));

	if (!c->last || strcmp(c->last, from)) {
		chain_flush(c);
		chain_add(c, format_conn(a, r, from));
	}
	chain_add(c, change_with_place(a, r));
	c->last = format_one_line(a, name_of(r->state_to));
}

static bool is_first_of_conn(const struct run_log *run, const struct record *rec)
{
	const struct record *old = NULL;

	while ((old = run_log_next(run, old, RES_STATE)) != rec)
		if (result_same_conn(&old->r, &rec->r))
			return false;
	return true;
}

/* All changes of one connection, but for the oldest of the run. Returns if one hid a state. */
static bool add_conn(struct chain *c, const struct run_log *run, const struct result *of)
{
	const struct record *rec = NULL;
	bool hidden = false;
	int n = 0;

	if (c->last)
		chain_flush(c);
	c->last = NULL;
	while ((rec = run_log_next(run, rec, RES_STATE))) {
		if (n++ < c->left_out || !result_same_conn(&rec->r, of))
			continue;
		add_change(c, run->arena, &rec->r);
		hidden |= rec->r.unobservable;
	}
	return hidden;
}

void states_print(struct page *p, const struct run_log *run)
{
	struct chain c = { .page = p, .label = "states" };
	const struct record *rec = NULL;
	bool hidden = false;
	int n = 0;

	while ((rec = run_log_next(run, rec, RES_STATE)))
		n++;
	c.left_out = n > STATES_MAX ? n - STATES_MAX : 0;
	if (c.left_out)
		chain_add(&c, arena_printf(run->arena, "(%d changes before these)", c.left_out));
	while ((rec = run_log_next(run, rec, RES_STATE)))
		if (is_first_of_conn(run, rec))
			hidden |= add_conn(&c, run, &rec->r);
	chain_flush(&c);
	if (hidden)
		page_labelled(p, "", "(?) a state in between that could not be observed");
	buf_free(&c.line);
}
