/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "report/compare_align.h"
#include "base/arena.h"
#include "report/format.h"

#include <stdlib.h>
#include <string.h>

/* What changes so long after a line changes of itself, not because of the line. */
#define WAITING (5 * NS_PER_MS)

struct aligning {
	struct alignment *al;
	const struct trace *const *trace;
	int n;
	bool times;
	struct arena *arena;
	size_t begun;		/* rows there were before the trace under way */
};

/* What the script asks for, which has the same line in every run. */
static bool is_asked(const struct step *s)
{
	return s->kind == STEP_CALL || s->kind == STEP_PACKET;
}

/* A change of state that came of itself, while the run waited for the next line. */
static bool came_in_wait(const struct trace *t, const struct step *s)
{
	const struct step *before = s;

	while (before > t->step && !is_asked(before))
		before--;
	return is_asked(before) && s->t - before->t > WAITING;
}

/* The line after this one of which the run did anything; 0: there is none. */
static unsigned next_line(const struct trace *t, unsigned line)
{
	unsigned next = 0;
	size_t i;

	for (i = 0; i < t->n; i++)
		if (is_asked(&t->step[i]) && t->step[i].line > line &&
		    (!next || t->step[i].line < next))
			next = t->step[i].line;
	return next;
}

/*
 * One target tells of states whenever they change, another one when the next line
 * is done: what changes in between is the same. x is the earlier one.
 */
static bool is_told_later(const struct trace *tx, const struct step *x, const struct trace *ty,
			  const struct step *y)
{
	return came_in_wait(tx, x) && next_line(ty, x->line) == y->line;
}

/* The same step, told at another line by no doing of the stack's. */
static bool is_near(const struct aligning *g, int i, const struct step *x, int k,
		    const struct step *y)
{
	if (x->kind == STEP_STATE)
		return x->line < y->line ? is_told_later(g->trace[i], x, g->trace[k], y) :
			is_told_later(g->trace[k], y, g->trace[i], x);
	/* A packet that comes as a line is due may be seen before it or after it. */
	return x->line <= y->line + 1 && y->line <= x->line + 1;
}

/* How a step finds its row, the best first. */
enum finding {
	SAME_AT_LINE, SAME_NEAR,	/* what nothing in the script asks for */
	AT_LINE,			/* in its place */
	NOWHERE,			/* nobody else has it */
};

static bool fits(const struct aligning *g, const struct aligned *row, int trace,
		 const struct step *s, enum finding how)
{
	int k;

	if (row->kind != s->kind || row->step[trace])
		return false;
	if (how == AT_LINE)
		return row->line == s->line;
	for (k = 0; k < trace; k++)
		if (row->step[k] && !strcmp(row->step[k]->core, s->core) &&
		    (row->step[k]->line == s->line ||
		     (how == SAME_NEAR && is_near(g, k, row->step[k], trace, s))))
			return true;
	return false;
}

/* A row that has no step of this trace yet. */
static struct aligned *find_row(struct aligning *g, int trace, const struct step *s,
				enum finding how)
{
	size_t i;

	for (i = 0; i < g->begun; i++)
		if (fits(g, &g->al->row[i], trace, s, how))
			return &g->al->row[i];
	return NULL;
}

static struct aligned *new_row(struct aligning *g, const struct step *s)
{
	struct aligned *row = &g->al->row[g->al->n];

	*row = (struct aligned){ .line = s->line, .kind = s->kind, .differs = DIFFER_NOTHING,
				 .nth = g->al->n++ };
	row->step = arena_alloc(g->arena, (size_t)g->n * sizeof(struct step *));
	row->over = arena_alloc(g->arena, (size_t)g->n * sizeof(bool));
	return row;
}

static void add_trace(struct aligning *g, int k)
{
	const struct trace *t = g->trace[k];
	bool *placed = arena_alloc(g->arena, t->n + 1);
	struct aligned *row;
	enum finding how;
	size_t i;

	g->begun = g->al->n;
	for (how = SAME_AT_LINE; how <= NOWHERE; how++) {
		for (i = 0; i < t->n; i++) {
			const struct step *s = &t->step[i];

			if (placed[i] || (how < AT_LINE && is_asked(s)))
				continue;
			row = how == NOWHERE ? new_row(g, s) : find_row(g, k, s, how);
			if (!row)
				continue;
			row->step[k] = s;
			placed[i] = true;
		}
	}
}

/* Line by line; within one as the enum has it, and as they came. */
static int in_order(const void *x, const void *y)
{
	const struct aligned *a = x, *b = y;
	enum step_kind ka = a->kind == STEP_PACKET ? STEP_CALL : a->kind;
	enum step_kind kb = b->kind == STEP_PACKET ? STEP_CALL : b->kind;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (ka != kb)
		return ka < kb ? -1 : 1;
	return a->nth < b->nth ? -1 : a->nth > b->nth;
}

/* What comes after a failure is missing because of it. */
static bool is_over(const struct trace *t, const struct aligned *row)
{
	if (row->kind == STEP_STATE && !t->states)
		return true;
	if (verdict_is_pass(t->verdict))
		return false;
	return row->line > t->last_line ||
		(row->line == t->last_line && row->kind > STEP_PACKET);
}

static bool other_time(const struct aligning *g, const struct step *a, const struct step *b)
{
	nstime most = a->tolerance > b->tolerance ? a->tolerance : b->tolerance;
	nstime apart = nstime_diff(a->off, b->off);

	if (!g->times || a->tolerance < 0 || b->tolerance < 0)
		return false;
	return apart > most || apart < -most;
}

static enum difference compare(const struct aligning *g, const struct aligned *row, int i, int k)
{
	static const enum difference by_kind[STEP_KINDS] = {
		[STEP_CALL] = DIFFER_CALLS, [STEP_PACKET] = DIFFER_PACKETS,
		[STEP_STATE] = DIFFER_STATES, [STEP_OTHER] = DIFFER_PACKETS,
	};
	const struct step *a = row->step[i], *b = row->step[k];

	if (!a || !b)
		return row->over[i] || row->over[k] ? DIFFER_NOTHING : by_kind[row->kind];
	if (a->failed != b->failed)
		return DIFFER_VERDICT;
	if (other_time(g, a, b))
		return DIFFER_TIMES;
	if (!strcmp(a->core, b->core))
		return DIFFER_NOTHING;
	return a->failed || !a->asked || !b->asked ? by_kind[row->kind] : DIFFER_DETAILS;
}

/* Each against the first that is judged; the worst counts. */
static void judge(const struct aligning *g, struct aligned *row)
{
	enum difference d;
	int first = -1, k;

	for (k = 0; k < g->n; k++) {
		if (!g->trace[k] || !verdict_is_judged(g->trace[k]->verdict))
			continue;
		row->over[k] = !row->step[k] && is_over(g->trace[k], row);
		if (first < 0 && !row->over[k])
			first = k;
		if (first < 0 || first == k)
			continue;
		d = compare(g, row, first, k);
		if (d < row->differs)
			row->differs = d;
	}
}

/* The first row that differs in more than this. */
static size_t first_of(const struct alignment *al, enum difference than)
{
	size_t i = 0;

	while (i < al->n && al->row[i].differs >= than)
		i++;
	return i;
}

void alignment_make(struct alignment *al, const struct trace *const *trace, int n, bool times,
		    struct arena *a)
{
	struct aligning g = { al, trace, n, times, a, 0 };
	size_t most = 1, i;
	int k;

	for (k = 0; k < n; k++)
		most += trace[k] ? trace[k]->n : 0;
	*al = (struct alignment){ .row = arena_alloc(a, most * sizeof(*al->row)) };
	for (k = 0; k < n; k++)
		if (trace[k])
			add_trace(&g, k);
	for (i = 0; i < al->n; i++)
		judge(&g, &al->row[i]);
	qsort(al->row, al->n, sizeof(*al->row), in_order);
	al->first = first_of(al, DIFFER_DETAILS);
	if (al->first == al->n)
		al->first = first_of(al, DIFFER_NOTHING);
}
