/* SPDX-License-Identifier: BSD-2-Clause */
/* Collects the runs of a script on all targets, and keeps no more of them than will be told. */
#include "config.h"

#include "report/compare.h"
#include "base/arena.h"
#include "base/xmem.h"
#include "report/compare_lines.h"
#include "report/compare_script.h"
#include "report/compare_table.h"
#include "report/page.h"
#include "report/run_log.h"
#include "seam/reporter.h"

#include <stdlib.h>
#include <string.h>

/* Whole traces of more scripts than this are for who asks for them. */
#define TOLD 10

struct comparison {
	struct reporter base;	/* first */
	struct reporter *next;
	struct compared all;
	size_t size;		/* of all.script */
	bool keep_all, details;
	int target;		/* whose runs come */
	struct run_log *runs;	/* under way */
};

/* Which of two verdicts on the same target says more of it. */
static int weight(enum verdict v)
{
	static const int table[VERDICT_COUNT] = {
		[VERDICT_NONE] = 0, [VERDICT_SKIP] = 1, [VERDICT_INCONCLUSIVE] = 2,
		[VERDICT_ENVIRONMENT] = 3, [VERDICT_BADSCRIPT] = 4, [VERDICT_PASS] = 5,
		[VERDICT_XFAIL] = 6, [VERDICT_XPASS] = 7, [VERDICT_FAIL] = 8,
	};

	return table[(unsigned)v < VERDICT_COUNT ? v : VERDICT_NONE];
}

/* By path, then by variant. */
static int order(const char *path, const char *variant, const struct compared_script *s)
{
	int by_path = strcmp(path, s->path);

	return by_path ? by_path : strcmp(variant, s->variant);
}

static struct compared_script *new_script(struct comparison *c, const struct run_log *run)
{
	struct compared_script *s = arena_new_of(c->all.arena, struct compared_script);

	s->path = arena_strdup(c->all.arena, run->script);
	s->variant = arena_strdup(c->all.arena, run->variant);
	s->on = arena_alloc(c->all.arena, (size_t)c->all.n * sizeof(*s->on));
	s->differs = DIFFER_NOTHING;
	return s;
}

/* That of the run; a new one in its place if there is none. */
static struct compared_script *script_of(struct comparison *c, const struct run_log *run)
{
	size_t low = 0, high = c->all.n_scripts, middle;
	int by;

	while (low < high) {
		middle = low + (high - low) / 2;
		by = order(run->script, run->variant, c->all.script[middle]);
		if (!by)
			return c->all.script[middle];
		if (by > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (c->all.n_scripts == c->size) {
		c->size = c->size ? 2 * c->size : 64;
		c->all.script = xrealloc(c->all.script, c->size * sizeof(*c->all.script));
	}
	memmove(c->all.script + low + 1, c->all.script + low,
		(c->all.n_scripts - low) * sizeof(*c->all.script));
	c->all.n_scripts++;
	return c->all.script[low] = new_script(c, run);
}

/* What the verdicts say; *everywhere: all of them say something of the stack. */
static bool verdicts_differ(const struct comparison *c, const struct compared_script *s,
			    bool *everywhere)
{
	int i, pass = 0, fail = 0;

	for (i = 0; i < c->all.n; i++) {
		if (!verdict_is_judged(s->on[i].verdict))
			continue;
		pass += verdict_is_pass(s->on[i].verdict);
		fail += !verdict_is_pass(s->on[i].verdict);
	}
	*everywhere = pass + fail == c->all.n;
	return pass && fail;
}

static bool is_told(const struct comparison *c, const struct compared_script *s)
{
	return s->differs < DIFFER_DETAILS || (c->details && s->differs == DIFFER_DETAILS);
}

static void settle(struct comparison *c, struct compared_script *s)
{
	const struct trace **trace = xzalloc((size_t)c->all.n * sizeof(*trace));
	struct arena *a = arena_new();
	struct alignment al;
	int i;

	for (i = 0; i < c->all.n; i++)
		trace[i] = s->on[i].trace;
	alignment_make(&al, trace, c->all.n, c->all.times, a);
	s->differs = al.first < al.n ? al.row[al.first].differs : DIFFER_NOTHING;
	s->line = al.first < al.n ? al.row[al.first].line : 0;
	if (verdicts_differ(c, s, &s->everywhere))
		s->differs = DIFFER_VERDICT;
	s->settled = true;
	arena_free(a);
	free(trace);
	for (i = 0; i < c->all.n && !is_told(c, s); i++) {
		trace_free(s->on[i].trace);
		s->on[i].trace = NULL;
	}
}

static bool is_complete(const struct comparison *c, const struct compared_script *s)
{
	int i = 0;

	while (i < c->all.n && s->on[i].n)
		i++;
	return i == c->all.n && !c->keep_all;
}

static void add_run(struct comparison *c, const struct run_log *run, const struct result *end)
{
	struct compared_script *s = script_of(c, run);
	struct compared_runs *on = &s->on[c->target];

	on->count[(unsigned)end->verdict < VERDICT_COUNT ? end->verdict : VERDICT_NONE]++;
	if (!on->n++ || weight(end->verdict) > weight(on->verdict)) {
		trace_free(on->trace);
		on->trace = trace_new(run, end);
		on->verdict = end->verdict;
		on->line = on->trace->line;
		s->settled = false;
	}
	if (!s->settled && is_complete(c, s))
		settle(c, s);
}

static void comparison_event(struct reporter *r, unsigned id, const struct result *e)
{
	struct comparison *c = (struct comparison *)r;
	struct run_log **at = run_log_open(&c->runs, id, e);
	const struct result *kept = run_log_add(*at, e);

	if (e->kind == RES_END) {
		add_run(c, *at, kept);
		run_log_drop(at);
	}
	reporter_event(c->next, id, e);
}

struct comparison *comparison_new(const struct compare_options *o)
{
	static const struct reporter_ops ops = { .event = comparison_event };
	struct comparison *c = xzalloc(sizeof(*c));

	c->base.ops = &ops;
	c->all = (struct compared){ .labels = o->labels, .meanings = o->meanings, .n = o->n,
				    .times = o->times, .arena = arena_new() };
	c->keep_all = o->keep_all;
	c->details = o->details;
	return c;
}

void comparison_free(struct comparison *c)
{
	size_t i;
	int k;

	if (!c)
		return;
	for (i = 0; i < c->all.n_scripts; i++)
		for (k = 0; k < c->all.n; k++)
			trace_free(c->all.script[i]->on[k].trace);
	while (c->runs)
		run_log_drop(&c->runs);
	arena_free(c->all.arena);
	free(c->all.script);
	free(c);
}

struct reporter *comparison_reporter(struct comparison *c, int target, struct reporter *next)
{
	while (c->runs)
		run_log_drop(&c->runs);
	c->target = target;
	c->next = next;
	return &c->base;
}

void comparison_end(struct comparison *c)
{
	size_t i;

	for (i = 0; i < c->all.n_scripts; i++)
		if (!c->all.script[i]->settled)
			settle(c, c->all.script[i]);
}

void comparison_print(const struct comparison *c, struct page *p, bool verbose)
{
	unsigned told = 0, untold = 0;
	int later;
	size_t i;

	/* Other verdicts first. */
	for (i = 0; i < 2 * c->all.n_scripts; i++) {
		const struct compared_script *s = c->all.script[i % c->all.n_scripts];

		later = i >= c->all.n_scripts;
		if (!is_told(c, s) || (s->differs != DIFFER_VERDICT) != later)
			continue;
		if (told < TOLD || verbose)
			compare_lines_print(p, &c->all, s, verbose);
		else
			untold++;
		told++;
	}
	if (untold)
		page_printf(p, "... and %u more script%s (-v shows all)\n", untold,
			    untold == 1 ? " that differs" : "s that differ");
	compare_table_print(p, &c->all, verbose);
}
