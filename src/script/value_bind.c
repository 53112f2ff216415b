/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "script/value_bind.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"

#include <inttypes.h>
#include <math.h>

/* It fits everywhere. */
#define ANY_NUMBER 1

static void fail(struct value_binding *b, struct span at, const char *why)
{
	if (b->why)
		return;
	b->why = why;
	b->at = at;
}

static const char *shown_as(struct value_binding *b, const struct value_use *u, double x)
{
	struct buf text = { 0 };
	const char *kept;

	value_text(u->expr->kind == VALUE_SEQ ? VALUE_NUMBER : u->expr->kind, x, &text);
	kept = arena_strdup(b->arena, buf_str(&text));
	buf_free(&text);
	return kept;
}

/* The fraction of a quotient is dropped. */
static int64_t evaluate(const struct value_use *u, struct value_binding *b)
{
	const char *why;
	double x;

	if (u->expr->kind == VALUE_TIME) {
		fail(b, u->span, arena_printf(b->arena, "%s is a time; only assertions compare times",
					      u->shown.text));
		return ANY_NUMBER;
	}
	if (!b->values)
		return ANY_NUMBER;
	if (value_eval(u->expr, b->values, b->arena, &x, &why)) {
		fail(b, u->span, arena_printf(b->arena, "%s: %s", u->shown.text, why));
		return ANY_NUMBER;
	}
	x = trunc(x);
	if (fabs(x) >= 0x1p62 || (u->max && (x < 0 || x > (double)u->max))) {
		fail(b, u->span, arena_printf(b->arena, "%s out of range: %s is %s, which is not in "
					      "0..%" PRId64, u->what ? u->what : "value", u->shown.text,
					      shown_as(b, u, x), u->max ? u->max : INT64_MAX));
		return ANY_NUMBER;
	}
	return (int64_t)x;
}

/* Numbers of the sequence space count modulo 2^32, so 0 - 1 is its end. */
static uint32_t evaluate_seq(const struct value_use *u, struct value_binding *b)
{
	return (uint32_t)evaluate(u, b);
}

static const struct value_use *use_of(const struct spec_value *v)
{
	return (const struct value_use *)(const void *)v;
}

static bool is_seq(const struct spec_value *v)
{
	return v && use_of(v)->expr->kind == VALUE_SEQ;
}

/* ---- packets ---- */

static void bind_num(struct spec_num *n, void *ctx)
{
	if (!n->value)
		return;
	n->v = evaluate(use_of(n->value), ctx);
	n->value = NULL;
}

static void bind_ack(struct spec_tcp *t, struct value_binding *b)
{
	if (!t->ack.value)
		return;
	t->ack_absolute = is_seq(t->ack.value);
	t->ack.v = evaluate_seq(use_of(t->ack.value), b);
	t->ack.value = NULL;
}

static void bind_range(struct spec_tcp *t, struct value_binding *b)
{
	if (!t->seq_value && !t->end_value && !t->len_value)
		return;
	if (t->seq_value && t->end_value && is_seq(t->seq_value) != is_seq(t->end_value))
		fail(b, t->range_span, "one end of the range is as on the wire and the other is not");
	if (t->len_value)
		t->len = (uint16_t)evaluate(use_of(t->len_value), b);
	if (t->seq_value) {
		t->seq_absolute |= is_seq(t->seq_value);
		t->seq = evaluate_seq(use_of(t->seq_value), b);
	}
	if (t->end_value)
		t->end = evaluate_seq(use_of(t->end_value), b);
	if (t->no_end || !b->values)
		t->end = t->seq + t->len;
	if (t->seq + t->len != t->end)
		fail(b, t->range_span, arena_printf(b->arena, "inconsistent TCP sequence numbers and "
						    "payload size: %" PRIu32 " + %u is not %" PRIu32,
						    t->seq, t->len, t->end));
	t->seq_value = t->end_value = t->len_value = NULL;
	t->no_end = false;
}

static void bind_pair(struct opt_atom *a, struct value_binding *b)
{
	if (is_seq(a->a_value) != is_seq(a->b_value))
		fail(b, a->span, "one edge is as on the wire and the other is not");
	a->on_wire = is_seq(a->a_value);
	if (a->a_value)
		a->a = evaluate_seq(use_of(a->a_value), b);
	if (a->b_value)
		a->b = evaluate_seq(use_of(a->b_value), b);
	a->a_value = a->b_value = NULL;
}

static void bind_atom(struct opt_atom *a, struct value_binding *b)
{
	struct opt_atom *item;

	STAILQ_FOREACH(item, &a->items, next)
		bind_atom(item, b);
	if (a->value)
		bind_atom(a->value, b);
	if (a->kind == ATOM_PAIR && (a->a_value || a->b_value))
		bind_pair(a, b);
	else if (a->a_value) {
		a->on_wire = is_seq(a->a_value);
		a->a = evaluate(use_of(a->a_value), b);
		a->text = arena_printf(b->arena, "%" PRId64, a->a);
		a->a_value = NULL;
	}
}

static struct pkt_spec *bind_packet(const struct pkt_spec *s, struct value_binding *b)
{
	struct pkt_spec *copy = spec_copy(s, b->arena);
	struct opt_atom *a;
	struct spec_opt *o;

	if (s->kind == SPEC_TCP) {
		bind_ack(&copy->tcp, b);
		bind_range(&copy->tcp, b);
		STAILQ_FOREACH(o, &copy->tcp.opts, next)
			STAILQ_FOREACH(a, &o->atoms, next)
				bind_atom(a, b);
	}
	spec_each_num(copy, bind_num, b);
	return copy;
}

/* ---- calls and assertions ---- */

static struct expr_list *bind_list(const struct expr_list *l, struct value_binding *b);

static struct expr *bind_expr(const struct expr *e, struct value_binding *b)
{
	struct expr *copy = arena_memdup(b->arena, e, sizeof(*e));

	if (e->kind == EXPR_VALUE) {
		copy->kind = EXPR_INT;
		copy->num = evaluate(e->use, b);
	}
	if (e->items)
		copy->items = bind_list(e->items, b);
	if (e->value)
		copy->value = bind_expr(e->value, b);
	return copy;
}

static struct expr_list *bind_list(const struct expr_list *l, struct value_binding *b)
{
	struct expr_list *copy = expr_list_new(b->arena);
	const struct expr *e;

	STAILQ_FOREACH(e, l, next)
		expr_list_add(b->arena, copy, bind_expr(e, b));
	return copy;
}

static struct syscall_ast *bind_call(const struct syscall_ast *c, struct value_binding *b)
{
	struct syscall_ast *copy = arena_memdup(b->arena, c, sizeof(*c));

	if (c->args)
		copy->args = bind_list(c->args, b);
	copy->result = bind_expr(c->result, b);
	return copy;
}

static struct assert_ast *bind_assert(const struct assert_ast *a, struct value_binding *b)
{
	struct assert_ast *copy = arena_memdup(b->arena, a, sizeof(*a));
	const struct condition *c;

	if (a->fd)
		copy->fd = bind_expr(a->fd, b);
	STAILQ_INIT(&copy->conditions);
	STAILQ_FOREACH(c, &a->conditions, next) {
		struct condition *bound = arena_memdup(b->arena, c, sizeof(*c));

		if (!c->left) {
			bound->value = bind_expr(c->value, b);
			bound->high = c->high ? bind_expr(c->high, b) : NULL;
		}
		STAILQ_INSERT_TAIL(&copy->conditions, bound, next);
	}
	return copy;
}

static struct group_ast *bind_group(const struct group_ast *g, struct value_binding *b)
{
	struct group_ast *copy = arena_memdup(b->arena, g, sizeof(*g));
	const struct event *e;

	STAILQ_INIT(&copy->events);
	STAILQ_FOREACH(e, &g->events, next) {
		struct event *member = arena_memdup(b->arena, e, sizeof(*e));

		if (e->uses_values)
			member->pkt = bind_packet(e->pkt, b);
		STAILQ_INSERT_TAIL(&copy->events, member, next);
	}
	return copy;
}

const struct event *value_bind(const struct event *e, struct value_binding *b)
{
	struct event *copy;

	b->why = NULL;
	if (!e->uses_values)
		return e;
	copy = arena_memdup(b->arena, e, sizeof(*e));
	if (e->kind == EVENT_GROUP)
		copy->group = bind_group(e->group, b);
	if (e->kind == EVENT_PACKET)
		copy->pkt = bind_packet(e->pkt, b);
	else if (e->kind == EVENT_SYSCALL)
		copy->call = bind_call(e->call, b);
	else if (e->kind == EVENT_ASSERT)
		copy->assertion = bind_assert(e->assertion, b);
	return b->why ? NULL : copy;
}

const struct event *value_bind_any(const struct event *e, struct arena *a, struct diag_sink *d)
{
	struct value_binding b = { .arena = a };
	const struct event *bound = value_bind(e, &b);

	if (!bound)
		diag_error(d, b.at, "%s", b.why);
	return bound;
}
