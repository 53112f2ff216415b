/* SPDX-License-Identifier: BSD-2-Clause */
/* Nodes of what concerns several connections: names, groups of packets, annotations. */
#include "config.h"

#include "parse_state.h"

#include "base/arena.h"

struct spec_conn conn_name(const struct token *t)
{
	return t->text ? (struct spec_conn){ t->text, t->span } : (struct spec_conn){ 0 };
}

struct states_ast *states_add(struct states_ast *all, struct states_ast *s)
{
	struct states_ast *last = all;

	if (!all)
		return s;
	while (last->more)
		last = last->more;
	last->more = s;
	return all;
}

struct group_ast *group_add(struct parse *p, struct group_ast *g, struct pkt_spec *pkt,
			    struct keep_list *keep, struct span at)
{
	struct event *e = arena_new_of(p->arena, struct event);

	if (!g) {
		g = arena_new_of(p->arena, struct group_ast);
		STAILQ_INIT(&g->events);
	}
	e->kind = EVENT_PACKET;
	e->pkt = pkt;
	e->span = at;
	e->keep = keep;
	e->uses_values = p->uses_values;
	p->uses_values = false;
	STAILQ_INSERT_TAIL(&g->events, e, next);
	g->n++;
	return g;
}

struct event *group_event(struct parse *p, struct group_ast *g)
{
	struct event *e = arena_new_of(p->arena, struct event), *member;

	e->kind = EVENT_GROUP;
	e->group = g;
	/* Of packets in any order none is before the others: what one keeps is known behind all. */
	STAILQ_FOREACH(member, &g->events, next) {
		p->uses_values |= member->uses_values;
		keep_attach(p, member, member->keep, member->span);
	}
	return e;
}

void group_time(struct group_ast *g, const struct when *w)
{
	struct event *e;

	STAILQ_FOREACH(e, &g->events, next)
		e->when = *w;
}
