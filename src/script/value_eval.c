/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every operand is a list: of one value, or of all that a name kept. Doubles
 * hold what there is exactly: 32 bits, and nanoseconds of a hundred days.
 */
#include "config.h"

#include "script/value_eval.h"
#include "base/arena.h"
#include "base/nstime.h"
#include "script/value_reduce.h"

#include <math.h>
#include <string.h>

#define SEQ_MODULUS 4294967296.0

void values_init(struct values *v, struct arena *a)
{
	*v = (struct values){ .arena = a, .last = &v->first };
}

const struct kept *values_find(const struct values *v, const char *name)
{
	const struct kept *k;

	for (k = v->first; k; k = k->next)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

void values_add(struct values *v, const char *name, enum value_kind kind, double x)
{
	struct kept *k = (struct kept *)values_find(v, name);
	double *more;

	if (!k) {
		k = arena_new_of(v->arena, struct kept);
		k->name = name;
		k->kind = kind;
		*v->last = k;
		v->last = &k->next;
	}
	if (k->n == k->room) {
		k->room = k->room ? 2 * k->room : 4;
		more = arena_alloc(v->arena, k->room * sizeof(*more));
		if (k->n)
			memcpy(more, k->v, k->n * sizeof(*more));
		k->v = more;
	}
	k->v[k->n++] = x;
}

struct evaluation {
	const struct values *values;
	struct arena *arena;
	const char *why;
};

static double modulo(double x, double m)
{
	double rest = fmod(x, m);

	/* As mathematicians have it: the sign is the divisor's. */
	return rest != 0 && (rest < 0) != (m < 0) ? rest + m : rest;
}

/* The difference of two sequence numbers, from -2^31 on. */
static double seq_distance(double a, double b)
{
	double d = modulo(a - b, SEQ_MODULUS);

	return d >= SEQ_MODULUS / 2 ? d - SEQ_MODULUS : d;
}

/* A plain number beside a time is seconds. */
static double as_kind(double x, enum value_kind from, enum value_kind to)
{
	return from == VALUE_NUMBER && to == VALUE_TIME ? rint(x * NS_PER_SEC) : x;
}

static double sum(const struct value_expr *e, double l, double r)
{
	const struct value_expr *a = e->left, *b = e->right;

	if (a->kind == VALUE_SEQ && b->kind == VALUE_SEQ)
		return seq_distance(l, r);
	l = as_kind(l, a->kind, e->kind);
	r = as_kind(r, b->kind, e->kind);
	l = e->op == VALUE_ADD ? l + r : l - r;
	return e->kind == VALUE_SEQ ? modulo(floor(l), SEQ_MODULUS) : l;
}

static double combine(const struct value_expr *e, double l, double r, struct evaluation *ev)
{
	if (e->op == VALUE_ADD || e->op == VALUE_SUB)
		return sum(e, l, r);
	if (e->op == VALUE_MUL)
		return l * r;
	if (e->left->kind == VALUE_TIME && e->right->kind != VALUE_TIME && e->op == VALUE_MOD)
		r = as_kind(r, VALUE_NUMBER, VALUE_TIME);
	else if (e->right->kind == VALUE_TIME && e->left->kind != VALUE_TIME)
		r /= NS_PER_SEC;
	if (r == 0) {
		ev->why = "something is divided by 0";
		return 0;
	}
	return e->op == VALUE_DIV ? l / r : modulo(l, r);
}

static struct value_list make_list(struct evaluation *ev, size_t n)
{
	return (struct value_list){ .n = n, .v = arena_alloc(ev->arena, (n ? n : 1) * sizeof(double)) };
}

static struct value_list eval(const struct value_expr *e, struct evaluation *ev);

static struct value_list eval_name(const struct value_expr *e, struct evaluation *ev)
{
	const struct kept *k = values_find(ev->values, e->text);
	struct value_list l = { 0 };

	if (!k && !e->many)
		ev->why = arena_printf(ev->arena, "%s was not kept yet", e->text);
	else if (k)
		l = e->many ? (struct value_list){ .n = k->n, .v = k->v } :
			(struct value_list){ .n = 1, .v = k->v + k->n - 1 };
	return l;
}

static struct value_list eval_call(const struct value_expr *e, struct evaluation *ev)
{
	const struct value_function *f = e->function;
	struct value_list arg = eval(e->left, ev), l;

	if (ev->why)
		return arg;
	if (arg.n < f->least) {
		ev->why = arena_printf(ev->arena, "%s() needs %zu value%s, but has %zu", f->name, f->least,
				       f->least == 1 ? "" : "s", arg.n);
		return arg;
	}
	if (f->reduce != REDUCE_DIFF) {
		l = make_list(ev, 1);
		l.v[0] = value_reduce(f->reduce, arg, ev->arena);
		return l;
	}
	l = make_list(ev, arg.n - 1);
	for (size_t i = 0; i < l.n; i++)
		l.v[i] = e->left->kind == VALUE_SEQ ? seq_distance(arg.v[i + 1], arg.v[i]) :
			arg.v[i + 1] - arg.v[i];
	return l;
}

static struct value_list eval_binary(const struct value_expr *e, struct evaluation *ev)
{
	struct value_list a = eval(e->left, ev), b, l;
	size_t i;

	if (ev->why)
		return a;
	b = eval(e->right, ev);
	if (ev->why)
		return a;
	/* One value goes with each of many. */
	if (e->left->many && e->right->many && a.n != b.n) {
		ev->why = arena_printf(ev->arena, "a list of %zu and one of %zu values do not go "
				       "together", a.n, b.n);
		return a;
	}
	l = make_list(ev, e->left->many ? a.n : b.n);
	for (i = 0; i < l.n && !ev->why; i++)
		l.v[i] = combine(e, a.v[e->left->many ? i : 0], b.v[e->right->many ? i : 0], ev);
	return l;
}

static struct value_list eval(const struct value_expr *e, struct evaluation *ev)
{
	struct value_list l, operand;
	size_t i;

	switch (e->op) {
	case VALUE_LITERAL:
		l = make_list(ev, 1);
		l.v[0] = e->number;
		return l;
	case VALUE_NAME:
		return eval_name(e, ev);
	case VALUE_CALL:
		return eval_call(e, ev);
	case VALUE_NEGATE:
		operand = eval(e->left, ev);
		l = make_list(ev, operand.n);
		for (i = 0; i < l.n; i++)
			l.v[i] = -operand.v[i];
		return l;
	default:
		return eval_binary(e, ev);
	}
}

int value_eval(const struct value_expr *e, const struct values *v, struct arena *a, double *x,
	       const char **why)
{
	struct evaluation ev = { .values = v, .arena = a };
	struct value_list l = eval(e, &ev);

	*why = ev.why;
	if (ev.why)
		return -1;
	*x = l.v[0];
	return 0;
}

int value_compare(double a, enum value_kind a_kind, double b, enum value_kind b_kind)
{
	double d;

	if (a_kind == VALUE_SEQ && b_kind == VALUE_SEQ)
		d = seq_distance(a, b);
	else
		d = as_kind(a, a_kind, b_kind) - as_kind(b, b_kind, a_kind);
	return (d > 0) - (d < 0);
}
