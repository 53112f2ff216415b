/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/compare_trace.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "report/failure.h"
#include "report/format.h"
#include "report/ladder_rows.h"
#include "report/run_log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Options of TCP with a value that a stack makes up: a clock of its own, a secret. */
static const char *const made_up[] = { "TS val ", " ecr ", "FO ", "FOEXP ", "md5 " };

static size_t made_up_word(const char *at)
{
	size_t i;

	for (i = 0; i < sizeof(made_up) / sizeof(made_up[0]); i++)
		if (!strncmp(at, made_up[i], strlen(made_up[i])))
			return strlen(made_up[i]);
	return 0;
}

/* The text with '*' in place of what is made up. */
static const char *core_of(struct arena *a, const char *text)
{
	struct buf b = { 0 };
	const char *core;
	size_t n;

	for (; *text; text++) {
		n = made_up_word(text);
		if (!n) {
			buf_addc(&b, *text);
			continue;
		}
		buf_add(&b, text, n);
		buf_addc(&b, '*');
		text += n;
		text += strspn(text, "0123456789abcdefABCDEFx");
		text--;
	}
	core = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return core;
}

static const char *text_of(struct arena *a, const struct row *row)
{
	switch (row->shape) {
	case ROW_RIGHT:
		return arena_printf(a, "> %s", row->text);
	case ROW_LEFT:
		return arena_printf(a, "< %s", row->text);
	case ROW_MISSING:
		return "nothing came";
	case ROW_CALL:
		/* From when to when is the script's, and the tester's lateness. */
		if (row->r->event == EVK_SILENCE)
			return "nothing";
		/* Its line says that it blocks. */
		return arena_strdup(a, row->text + (strncmp(row->text, "... ", 4) ? 0 : 4));
	default:
		return arena_strdup(a, row->text);
	}
}

static enum step_kind kind_of(const struct result *r)
{
	if (r->kind == RES_STATE)
		return STEP_STATE;
	if (r->kind == RES_PACKET)
		return STEP_OTHER;
	if (r->event == EVK_INBOUND || r->event == EVK_OUTBOUND || r->event == EVK_SILENCE)
		return STEP_PACKET;
	return STEP_CALL;
}

static const char *asked_of(struct arena *a, const struct result *r)
{
	if (r->kind != RES_EVENT)
		return NULL;
	if (r->event == EVK_NONE && r->want)
		return arena_printf(a, "=> %s", format_one_line(a, r->want));
	if (r->written || r->want)
		return arena_strdup(a, format_event(a, r, r->written ? r->written : r->want));
	return r->text ? arena_strdup(a, format_event(a, r, r->text)) : NULL;
}

/* Only what the stack does by itself has a time that is its own. */
static nstime tolerance_of(const struct result *r)
{
	bool own = r->kind == RES_EVENT &&
		(r->event == EVK_CALL_RETURN || (r->event == EVK_OUTBOUND && r->text));

	return own && r->tolerance >= 0 && r->tolerance < NSTIME_NEVER ? r->tolerance : -1;
}

static void add_step(struct trace *t, const struct row *row)
{
	const struct result *r = row->r;
	struct step *s = &t->step[t->n++];

	s->kind = kind_of(r);
	/* In the order of times a call that returns late has an early line. */
	if (r->span.line > t->last_line)
		t->last_line = r->span.line;
	s->line = r->span.line ? r->span.line : t->last_line;
	s->failed = r->verdict != VERDICT_NONE && r->verdict != VERDICT_PASS;
	s->text = text_of(t->arena, row);
	s->core = core_of(t->arena, s->text);
	s->asked = asked_of(t->arena, r);
	s->t = row->t;
	s->off = nstime_diff(r->actual, r->planned);
	s->tolerance = tolerance_of(r);
	t->states |= s->kind == STEP_STATE;
}

/* The return of a call says all that its start did. */
static bool is_told_later(const struct rows *rows, size_t i)
{
	const struct result *r = rows->at[i].r, *later;

	if (!result_is_call_start(r) || !r->span.line)
		return false;
	for (i++; i < rows->n; i++) {
		later = rows->at[i].r;
		if (later->kind == RES_EVENT && later->event == EVK_CALL_RETURN &&
		    later->span.line == r->span.line && later->span.col == r->span.col)
			return true;
	}
	return false;
}

struct trace *trace_new(const struct run_log *run, const struct result *end)
{
	const struct result *why = failure_event(run, end);
	struct trace *t = xzalloc(sizeof(*t));
	struct rows rows;
	size_t i;

	t->arena = arena_new();
	t->verdict = end->verdict;
	if (end->verdict != VERDICT_PASS) {
		t->line = why->span.line;
		t->message = arena_strdup(t->arena, failure_message(run, why, end));
	} else {
		t->message = "";
	}
	ladder_rows(&rows, run, why, LADDER_ALL);
	t->step = arena_alloc(t->arena, (rows.n + 1) * sizeof(*t->step));
	for (i = 0; i < rows.n; i++)
		if (!is_told_later(&rows, i))
			add_step(t, &rows.at[i]);
	return t;
}

void trace_free(struct trace *t)
{
	if (!t)
		return;
	arena_free(t->arena);
	free(t);
}

bool verdict_is_pass(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_XPASS;
}

bool verdict_is_judged(enum verdict v)
{
	return verdict_is_pass(v) || v == VERDICT_FAIL || v == VERDICT_XFAIL;
}
