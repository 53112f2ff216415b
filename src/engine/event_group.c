/* SPDX-License-Identifier: BSD-2-Clause */
/* `any order { ... }`: packets that must all come, in whatever order. */
#include "config.h"

#include "base/arena.h"
#include "engine/expect.h"
#include "engine/seen.h"

struct member {
	struct expected x;
	bool quoted;		/* an ICMP message about its flow */
	bool came;
};

struct group {
	struct run *r;
	const struct event *e;
	struct plan plan;
	struct member *member;
	int n, left;
};

static int prepare(struct group *g)
{
	struct member *m = g->member;
	const struct event *e;

	STAILQ_FOREACH(e, &g->e->group->events, next) {
		/* All iterations of a repeat share the lines of a group. */
		struct event *line = arena_memdup(g->r->arena, e, sizeof(*e));

		line->loop = g->e->loop;
		if (expect_prepare(g->r, line, &g->plan, true, &m->x))
			return -1;
		m->x.in_group = true;
		m->quoted = expect_quoted(e, m->x.flow);
		m++;
	}
	return 0;
}

/* The oldest packet of those that are next on their connections; NULL if there is none. */
static struct seen *oldest(struct group *g)
{
	struct seen *s, *first = NULL;
	int i;

	for (i = 0; i < g->n; i++) {
		const struct member *m = &g->member[i];

		s = m->came ? NULL : seen_first(g->r, m->x.flow, m->quoted);
		if (s && (!first || s->pkt->stamp < first->pkt->stamp))
			first = s;
	}
	return first;
}

static struct seen *await(struct group *g, nstime until)
{
	const nstime slice = 100 * NS_PER_MS;
	struct run *r = g->r;
	struct seen *s;

	while (!(s = oldest(g))) {
		nstime look = run_next_look(r, slice), step = look < until ? look : until;

		if (seen_pump(r, step) > 0)
			continue;
		if (r->capture_broken || step >= until)
			return oldest(g);
		if (run_look(r, NULL) || calls_finish(r, false))
			return NULL;
	}
	return s;
}

/*
 * The line that a packet differs from least, the first of several. It is rather
 * the whole of one line than a piece of another, of which it is the beginning, too.
 */
static struct member *nearest(struct group *g, const struct seen *s)
{
	struct member *best = NULL;
	int i, n, least = 0;
	bool piece;

	for (i = 0; i < g->n; i++) {
		struct member *m = &g->member[i];

		if (m->came || m->x.flow != s->flow || m->quoted != s->quoted)
			continue;
		n = 2 * expect_try(g->r, &m->x, s, &piece);
		n += !n && piece;
		if (!best || n < least) {
			best = m;
			least = n;
		}
	}
	return best;
}

/* "lines 7, 9" of those that came or did not, but for one. */
static const char *lines(struct group *g, bool came, const struct member *but)
{
	const char *text = "";
	int i, n = 0;

	for (i = 0; i < g->n; i++)
		if (g->member[i].came == came && &g->member[i] != but)
			text = arena_printf(g->r->arena, "%s%s%u", text, n++ ? ", " : "",
					    g->member[i].x.e->span.line);
	return n ? arena_printf(g->r->arena, "%s %s", n > 1 ? "lines" : "line", text) : "none";
}

static int missing(struct group *g)
{
	struct run *r = g->r;
	const struct member *m = g->member;
	struct result res;

	if (r->verdict != VERDICT_NONE)
		return -1;
	if (r->capture_broken)
		return run_stop(r, g->e, VERDICT_ENVIRONMENT, r->capture_broken, NULL);
	while (m->came)
		m++;
	res = run_result(r, m->x.e, EVK_OUTBOUND, &g->plan);
	res.actual = clock_now(r->clock);
	res.want = run_spec_text(r, m->x.e->pkt);
	res.got = "no packet";
	res.message = arena_printf(r->arena, "the stack did not send %d of the %d packets of this group",
				   g->left, g->n);
	res.hint = arena_printf(r->arena, "of the group came: %s; did not come: %s",
				lines(g, true, NULL), lines(g, false, NULL));
	return run_fail_time(r, &res);
}

static int take_one(struct group *g, nstime *last)
{
	struct seen *s = await(g, collect_patience(g->r, &g->plan));
	struct member *m;

	if (!s)
		return missing(g);
	m = nearest(g, s);
	m->x.hint = arena_printf(g->r->arena, "of the group this line is the nearest; came before: %s; "
				 "not yet: %s", lines(g, true, NULL), lines(g, false, m));
	if (expect_take(g->r, &m->x))
		return -1;
	m->came = true;
	g->left--;
	if (m->x.stamp > *last)
		*last = m->x.stamp;
	return 0;
}

int event_group(struct run *r, const struct event *e)
{
	struct group g = { .r = r, .e = e, .n = e->group->n, .left = e->group->n };
	nstime last = 0;

	g.plan = timeline_plan(&r->time, e);
	g.member = arena_alloc(r->arena, (size_t)g.n * sizeof(*g.member));
	if (prepare(&g))
		return -1;
	while (g.left)
		if (take_one(&g, &last))
			return -1;
	timeline_saw(&r->time, e, &g.plan, last);
	return run_observe(r, e);
}
