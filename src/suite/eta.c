/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/eta.h"
#include "base/xmem.h"
#include "suite/order.h"
#include "suite/record.h"
#include "suite/suite.h"

#include <stdlib.h>

struct running {
	unsigned id;
	nstime began, expected;
};

/* What the cases from one on add up to. */
struct rest {
	nstime sum, longest;
	int unknown;		/* cases without a past */
};

struct eta {
	struct reporter base;	/* first */
	struct reporter *next;
	const struct suite_config *cfg;
	int n;
	struct rest *rest;	/* n + 1 of them */
	unsigned begun;		/* cases, those of all rounds */
	struct running *running;
	int n_running, n_unknown;
};

/* Negative: not known. What is settled without a run takes no time. */
static nstime expected(const struct suite_case *c)
{
	if (suite_case_is_bad(c) || c->unsupported)
		return 0;
	if (!c->past)
		return -1;
	return c->past->verdict == VERDICT_SKIP ? 0 : c->past->duration + SUITE_CASE_COST;
}

struct eta *eta_new(const struct suite_config *cfg, struct suite_case *const *cases, int n)
{
	struct eta *e = xzalloc(sizeof(*e));
	nstime t;
	int i;

	e->cfg = cfg;
	e->n = n;
	e->rest = xzalloc((size_t)(n + 1) * sizeof(*e->rest));
	for (i = n; i--;) {
		t = expected(cases[i]);
		e->rest[i] = e->rest[i + 1];
		e->rest[i].unknown += t < 0;
		if (t > 0)
			e->rest[i].sum += t;
		if (t > e->rest[i].longest)
			e->rest[i].longest = t;
	}
	return e;
}

void eta_free(struct eta *e)
{
	if (!e)
		return;
	free(e->rest);
	free(e->running);
	free(e);
}

/* Numbers of runs follow the order of the cases, round by round. */
static nstime expected_of(const struct eta *e, unsigned id)
{
	const struct rest *r = &e->rest[id % (unsigned)e->n];

	return r[0].unknown > r[1].unknown ? -1 : r[0].sum - r[1].sum;
}

static struct running *find(const struct eta *e, unsigned id)
{
	int i;

	for (i = 0; i < e->n_running; i++)
		if (e->running[i].id == id)
			return &e->running[i];
	return NULL;
}

static void begin(struct eta *e, unsigned id)
{
	struct running *r = find(e, id);

	if (!r) {
		e->running = xrealloc(e->running, (size_t)(e->n_running + 1) * sizeof(*r));
		r = &e->running[e->n_running++];
		*r = (struct running){ .id = id, .expected = expected_of(e, id) };
		e->n_unknown += r->expected < 0;
	}
	r->began = clock_now(e->cfg->clock);
	if (id >= e->begun)
		e->begun = id + 1;
}

static void end(struct eta *e, unsigned id)
{
	struct running *r = find(e, id);

	if (!r)
		return;
	e->n_unknown -= r->expected < 0;
	*r = e->running[--e->n_running];
}

static void eta_event(struct reporter *r, unsigned id, const struct result *event)
{
	struct eta *e = (struct eta *)r;

	if (event->kind == RES_BEGIN && e->n)
		begin(e, id);
	else if (event->kind == RES_END)
		end(e, id);
	reporter_event(e->next, id, event);
}

struct reporter *eta_reporter(struct eta *e, struct reporter *next)
{
	static const struct reporter_ops ops = { .event = eta_event };

	e->base.ops = &ops;
	e->next = next;
	return &e->base;
}

static nstime later(nstime a, nstime b)
{
	return a > b ? a : b;
}

/* What is under way: all of it, what takes longest, and when the first will be done. */
static void look_at_running(const struct eta *e, nstime *sum, nstime *longest, nstime *first)
{
	nstime now = clock_now(e->cfg->clock), t;
	int i;

	*sum = *longest = 0;
	*first = e->n_running < e->cfg->jobs ? 0 : NSTIME_NEVER;
	for (i = 0; i < e->n_running; i++) {
		t = later(e->running[i].expected - (now - e->running[i].began), 0);
		*sum += t;
		*longest = later(*longest, t);
		*first = t < *first ? t : *first;
	}
}

/* No schedule is shorter than any of these, and the longest first comes close to that. */
static nstime this_round(const struct eta *e, const struct rest *rest)
{
	nstime sum, longest, first;

	look_at_running(e, &sum, &longest, &first);
	if (rest->longest)
		longest = later(longest, first + rest->longest);
	return later(longest, (sum + rest->sum) / e->cfg->jobs);
}

nstime eta_left(const struct eta *e)
{
	int round = e->n && e->begun ? (int)((e->begun - 1) / (unsigned)e->n) : 0;
	int at = (int)e->begun - round * e->n, more = e->cfg->repeat - 1 - round;
	const struct rest *rest = &e->rest[at];
	nstime left = -1, until;

	if (!rest->unknown && !e->n_unknown && e->cfg->repeat != REPEAT_FOREVER) {
		left = this_round(e, rest);
		if (more > 0 && e->rest[0].unknown)
			left = -1;
		else if (more > 0)
			left += more * later(e->rest[0].sum / e->cfg->jobs, e->rest[0].longest);
	}
	if (!e->cfg->deadline)
		return left;
	until = later(e->cfg->deadline - clock_now(e->cfg->clock), 0);
	return until < left ? until : left;
}
