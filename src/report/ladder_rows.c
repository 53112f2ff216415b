/* SPDX-License-Identifier: BSD-2-Clause */
/* Which events of a run make the rows of its ladder, and in which order. */
#include "config.h"

#include "report/ladder_rows.h"
#include "base/arena.h"
#include "base/buf.h"
#include "report/format.h"
#include "report/run_log.h"
#include "report/states.h"

#include <stdlib.h>
#include <string.h>

/* What happened after the failure is rarely of use; this many rows of it are. */
#define AFTERMATH 3
/* How far the two records of one packet can be apart among rows of equal time. */
#define LOOK_AHEAD 16

static bool has_text(const struct result *r)
{
	return (r->text && *r->text) || result_is_absence(r) || r->event == EVK_SILENCE;
}

/* What has no text of its own (a state that is not as expected) shows if it is what failed. */
static bool makes_row(const struct result *r, const struct result *failed)
{
	if (r->kind == RES_EVENT)
		return has_text(r) || (r == failed && r->message);
	return r->kind == RES_PACKET || r->kind == RES_STATE;
}

static enum row_shape shape_of(const struct result *r)
{
	if (r->kind == RES_STATE)
		return ROW_STATE;
	if (r->kind == RES_EVENT && (r->event == EVK_NONE || !has_text(r)))
		return ROW_REMARK;
	if (r->event == EVK_INBOUND)
		return ROW_LEFT;
	if (result_is_absence(r))
		return ROW_MISSING;
	/* A silence that was broken shows what broke it. */
	if (r->event == EVK_OUTBOUND || (r->event == EVK_SILENCE && r->got))
		return ROW_RIGHT;
	return ROW_CALL;
}

static const char *silence_text(struct arena *a, const struct result *r)
{
	struct buf b = { 0 };
	const char *text;

	buf_adds(&b, "nothing");
	if (r->planned_end > r->planned) {
		buf_adds(&b, " from ");
		format_seconds(&b, r->planned, 6);
		buf_adds(&b, " to ");
		format_seconds(&b, r->planned_end, 6);
	}
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* A call that blocks: first without its result, then after dots with it. */
static const char *call_text(struct arena *a, const struct result *r)
{
	const char *text = format_event(a, r, r->text), *result = call_result(text);

	if (r->event == EVK_CALL_RETURN)
		return arena_printf(a, "... %s", text);
	if (result_is_call_start(r))
		return arena_printf(a, "%.*s ...",
				    result ? (int)(result - text) : (int)strlen(text), text);
	return text;
}

/* A packet with the name of its connection. */
static const char *of_conn(struct arena *a, const struct result *r, const char *text)
{
	return format_conn(a, r, format_one_line(a, text));
}

static const char *text_of(struct arena *a, const struct result *r, enum row_shape shape)
{
	switch (shape) {
	case ROW_STATE:
		return arena_printf(a, "[%s]", state_change_text(a, r));
	case ROW_MISSING:
		return arena_printf(a, "%s (never came)", of_conn(a, r, r->want));
	case ROW_REMARK:
		return arena_printf(a, "(%s)", format_one_line(a, r->message));
	case ROW_RIGHT:
		return of_conn(a, r, r->event == EVK_SILENCE ? r->got : r->text);
	case ROW_LEFT:
		return of_conn(a, r, r->text);
	case ROW_CALL:
		break;
	}
	return r->event == EVK_SILENCE ? format_conn(a, r, silence_text(a, r)) : call_text(a, r);
}

static int by_time(const void *x, const void *y)
{
	const struct row *a = x, *b = y;

	if (a->t != b->t)
		return a->t < b->t ? -1 : 1;
	return a->nth < b->nth ? -1 : a->nth > b->nth;
}

static bool counts_as_event(const struct row *row)
{
	return row->shape != ROW_STATE && row->shape != ROW_REMARK;
}

static bool is_packet(const struct row *row)
{
	return row->shape == ROW_RIGHT || row->shape == ROW_LEFT;
}

/* A packet that came before its event was due is in the stream twice: as seen, then as judged. */
static bool is_told_again(const struct rows *rows, size_t i)
{
	const struct row *row = &rows->at[i];
	size_t j;

	if (row->r->kind != RES_PACKET)
		return false;
	for (j = i + 1; j < rows->n && j <= i + LOOK_AHEAD && rows->at[j].t == row->t; j++)
		if (rows->at[j].r->kind == RES_EVENT && is_packet(&rows->at[j]) &&
		    !strcmp(rows->at[j].text, row->text))
			return true;
	return false;
}

static void drop_duplicates(struct rows *rows)
{
	size_t i, kept = 0;

	for (i = 0; i < rows->n; i++)
		if (!is_told_again(rows, i))
			rows->at[kept++] = rows->at[i];
	rows->n = kept;
}

static void collect(struct rows *rows, const struct run_log *run, const struct result *failed)
{
	const struct record *rec;
	nstime now = 0;
	size_t n = 0;

	for (rec = run->first; rec; rec = rec->next)
		n += makes_row(&rec->r, failed);
	rows->at = arena_alloc(run->arena, n * sizeof(*rows->at));
	for (rec = run->first; rec; rec = rec->next) {
		struct row *row = &rows->at[rows->n];

		if (!makes_row(&rec->r, failed))
			continue;
		*row = (struct row){ .r = &rec->r, .shape = shape_of(&rec->r), .nth = rows->n };
		row->text = text_of(run->arena, row->r, row->shape);
		row->failed = row->r == failed;
		/* No time was given: it happened when the stream says so. */
		row->t = row->r->actual ? row->r->actual : now;
		if (row->t > now)
			now = row->t;
		rows->n++;
	}
}

/* The window ends a little after the failure and reaches back far enough. */
static void choose(struct rows *rows, unsigned most)
{
	unsigned after = 0;
	bool failed = false;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		bool counts = counts_as_event(&rows->at[i]);

		rows->total += counts;
		if (failed && counts && ++after > AFTERMATH && most != LADDER_ALL)
			continue;
		failed |= rows->at[i].failed;
		if (after <= AFTERMATH || most == LADDER_ALL)
			rows->end = i + 1;
	}
	for (i = rows->end; i > 0 && rows->drawn < most; i--)
		rows->drawn += counts_as_event(&rows->at[i - 1]);
	/* A change of state right above belongs to what is no longer shown. */
	rows->first = rows->drawn < most ? 0 : i;
}

void ladder_rows(struct rows *rows, const struct run_log *run, const struct result *failed,
		 unsigned most)
{
	*rows = (struct rows){ 0 };
	collect(rows, run, failed);
	qsort(rows->at, rows->n, sizeof(*rows->at), by_time);
	drop_duplicates(rows);
	choose(rows, most);
}
