/* SPDX-License-Identifier: BSD-2-Clause */
/* Constructors of expression nodes. */
#include "config.h"

#include "script/ast.h"
#include "base/arena.h"

struct expr *expr_new(struct arena *a, enum expr_kind kind, struct span at)
{
	struct expr *e = arena_new_of(a, struct expr);

	e->kind = kind;
	e->span = at;
	return e;
}

const struct spec_conn *event_conn(const struct event *e)
{
	const struct spec_conn *c = NULL;

	if (e->kind == EVENT_PACKET)
		c = &e->pkt->conn;
	else if (e->kind == EVENT_SYSCALL)
		c = &e->call->conn;
	else if (e->kind == EVENT_ASSERT)
		c = &e->assertion->conn;
	return c && c->name ? c : NULL;
}

const struct spec_conn *states_conn(const struct event *e, const struct states_ast *s)
{
	return s->conn.name ? &s->conn : event_conn(e);
}

struct expr_list *expr_list_new(struct arena *a)
{
	struct expr_list *l = arena_new_of(a, struct expr_list);

	STAILQ_INIT(l);
	return l;
}

struct expr_list *expr_list_add(struct arena *a, struct expr_list *l, struct expr *e)
{
	if (!l)
		l = expr_list_new(a);
	STAILQ_INSERT_TAIL(l, e, next);
	return l;
}

int expr_list_count(const struct expr_list *l)
{
	const struct expr *e;
	int n = 0;

	if (l)
		STAILQ_FOREACH(e, l, next)
			n++;
	return n;
}

struct expr *expr_list_at(const struct expr_list *l, int n)
{
	struct expr *e;

	if (!l)
		return NULL;
	STAILQ_FOREACH(e, l, next)
		if (n-- == 0)
			return e;
	return NULL;
}
