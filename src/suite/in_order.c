/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "suite/in_order.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/xmem.h"
#include "engine/result_codec.h"

#include <stdlib.h>
#include <sys/queue.h>

/* A run whose turn has not come. */
struct waiting {
	unsigned run;
	struct buf events;
	bool ended;
	TAILQ_ENTRY(waiting) next;
};

struct in_order {
	struct reporter base;
	struct reporter *next;
	unsigned turn;
	TAILQ_HEAD(waiting_list, waiting) waiting;	/* by their numbers */
};

static struct waiting *place_of(struct in_order *o, unsigned run)
{
	struct waiting *w, *fresh;

	TAILQ_FOREACH_REVERSE(w, &o->waiting, waiting_list, next)
		if (w->run <= run)
			break;
	if (w && w->run == run)
		return w;
	fresh = xzalloc(sizeof(*fresh));
	fresh->run = run;
	if (w)
		TAILQ_INSERT_AFTER(&o->waiting, w, fresh, next);
	else
		TAILQ_INSERT_HEAD(&o->waiting, fresh, next);
	return fresh;
}

/* Hands on what the first of those who wait has said, and forgets it. */
static void release_first(struct in_order *o)
{
	struct waiting *w = TAILQ_FIRST(&o->waiting);
	struct arena *a = arena_new();
	size_t at = 0, used;
	struct result e;

	while (result_decode((const uint8_t *)buf_str(&w->events) + at, w->events.len - at, &used, a,
			     &e) == 1) {
		at += used;
		reporter_event(o->next, w->run, &e);
	}
	TAILQ_REMOVE(&o->waiting, w, next);
	buf_free(&w->events);
	free(w);
	arena_free(a);
}

static void in_order_event(struct reporter *r, unsigned run, const struct result *e)
{
	struct in_order *o = (struct in_order *)r;
	struct waiting *w;
	bool ended;

	if (run != o->turn) {
		w = place_of(o, run);
		w->ended |= e->kind == RES_END;
		result_encode(e, &w->events);
		return;
	}
	reporter_event(o->next, run, e);
	for (ended = e->kind == RES_END; ended;) {
		o->turn++;
		w = TAILQ_FIRST(&o->waiting);
		if (!w || w->run != o->turn)
			break;
		ended = w->ended;
		release_first(o);
	}
}

static const struct reporter_ops in_order_ops = { .event = in_order_event };

struct reporter *in_order_new(struct reporter *next)
{
	struct in_order *o = xzalloc(sizeof(*o));

	o->base.ops = &in_order_ops;
	o->next = next;
	TAILQ_INIT(&o->waiting);
	return &o->base;
}

void in_order_end(struct reporter *r)
{
	struct in_order *o = (struct in_order *)r;

	while (!TAILQ_EMPTY(&o->waiting))
		release_first(o);
	free(o);
}
