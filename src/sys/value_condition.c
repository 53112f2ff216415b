/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/value_condition.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/args.h"
#include "sys/eval.h"

#include <math.h>

/* ---- checking ---- */

static enum value_kind kind_of(const struct expr *e)
{
	return e->kind == EXPR_VALUE ? e->use->expr->kind : VALUE_NUMBER;
}

static bool is_seq_and_time(enum value_kind a, enum value_kind b)
{
	return (a == VALUE_SEQ && b == VALUE_TIME) || (a == VALUE_TIME && b == VALUE_SEQ);
}

static int check_operand(const struct condition *c, const struct expr *e, struct diag_sink *d)
{
	int64_t v;

	if (is_seq_and_time(c->left->expr->kind, kind_of(e)))
		return diag_error(d, e->span, "a %s is compared with a %s",
				  value_kind_name(c->left->expr->kind), value_kind_name(kind_of(e)));
	switch (e->kind) {
	case EXPR_VALUE:
		return 0;
	case EXPR_INT:
	case EXPR_WORD:
	case EXPR_OR:
		return eval_int(e, &v, d);
	default:
		return diag_error(d, e->span, "a number, a symbol or a $value is expected here");
	}
}

static bool is_literal(const struct expr *e)
{
	return e->kind == EXPR_INT || (e->kind == EXPR_VALUE && e->use->expr->op == VALUE_LITERAL);
}

static double literal(const struct expr *e)
{
	return e->kind == EXPR_INT ? (double)e->num : e->use->expr->number;
}

int value_condition_check(const struct condition *c, struct diag_sink *d)
{
	int err = check_operand(c, c->value, d);

	if (c->high)
		err |= check_operand(c, c->high, d);
	if (c->op == CONDITION_BITS && c->left->expr->kind == VALUE_TIME)
		return diag_error(d, c->span, "a time has no bits");
	if (!err && c->high && is_literal(c->value) && is_literal(c->high) &&
	    literal(c->value) > literal(c->high))
		return diag_error(d, span_join(c->value->span, c->high->span), "the range is backwards");
	return err;
}

/* ---- comparing ---- */

/* What one comparison works with. */
struct comparison {
	struct sys_ctx *x;
	const struct values *values;
	const char *why;
	struct span at;
};

struct side {
	double v;
	enum value_kind kind;
};

static struct side side_of_use(struct comparison *k, const struct value_use *u)
{
	struct side s = { .kind = u->expr->kind };
	const char *why;

	if (value_eval(u->expr, k->values, k->x->arena, &s.v, &why) && !k->why) {
		k->why = arena_printf(k->x->arena, "%s: %s", u->shown.text, why);
		k->at = u->span;
	}
	return s;
}

static struct side side_of(struct comparison *k, const struct expr *e)
{
	int64_t v = 0;

	if (e->kind == EXPR_VALUE)
		return side_of_use(k, e->use);
	/* It was checked. */
	eval_int(e, &v, k->x->diag);
	return (struct side){ (double)v, VALUE_NUMBER };
}

static bool has_bits(double got, double want)
{
	int64_t bits = (int64_t)want;

	return fabs(got) < 0x1p62 && fabs(want) < 0x1p62 && ((int64_t)got & bits) == bits;
}

static bool holds(enum condition_op op, struct side got, struct side want, struct side high)
{
	int order = value_compare(got.v, got.kind, want.v, want.kind);

	switch (op) {
	case CONDITION_EQ:
		return order == 0;
	case CONDITION_NE:
		return order != 0;
	case CONDITION_LT:
		return order < 0;
	case CONDITION_LE:
		return order <= 0;
	case CONDITION_GT:
		return order > 0;
	case CONDITION_GE:
		return order >= 0;
	case CONDITION_BITS:
		return has_bits(got.v, want.v);
	case CONDITION_RANGE:
		return order >= 0 && value_compare(got.v, got.kind, high.v, high.kind) <= 0;
	}
	return false;
}

static const char *take(struct arena *a, struct buf *b)
{
	const char *text = arena_strdup(a, buf_str(b));

	buf_free(b);
	return text;
}

/* What the names of a formula stand for; of one that is but a name, that was just said. */
static void add_names(const struct comparison *k, const struct value_use *u, const char *before,
		      const char *after, struct buf *out)
{
	struct buf names = { 0 };

	if (u->expr->op != VALUE_NAME)
		value_names_text(u->expr, k->values, &names);
	if (names.len)
		buf_printf(out, "%s%s%s", before, buf_str(&names), after);
	buf_free(&names);
}

static const char *got_text(const struct comparison *k, const struct condition *c, struct side got)
{
	struct buf b = { 0 };

	value_text(got.kind, got.v, &b);
	add_names(k, c->left, " (", ")", &b);
	return take(k->x->arena, &b);
}

/* As written, and what a formula there comes to. */
static const char *want_text(const struct comparison *k, const struct condition *c, struct side want)
{
	struct buf b = { 0 };

	condition_print_want(c, &b);
	if (c->op != CONDITION_RANGE && c->value->kind == EXPR_VALUE && !is_literal(c->value)) {
		buf_adds(&b, " (");
		value_text(want.kind, want.v, &b);
		add_names(k, c->value->use, "; ", "", &b);
		buf_addc(&b, ')');
	}
	return take(k->x->arena, &b);
}

/* How far a time is from holding; times may be written as plain seconds. */
static int64_t distance(struct side got, struct side want, struct side high, bool range)
{
	double low = want.kind == VALUE_TIME ? want.v : want.v * NS_PER_SEC, top = low;

	if (range)
		top = high.kind == VALUE_TIME ? high.v : high.v * NS_PER_SEC;
	return (int64_t)fabs(got.v < low ? low - got.v : got.v - top);
}

static void compare(struct comparison *k, const struct condition *c, struct mismatch ***tail,
		    int64_t *off)
{
	struct side got = side_of_use(k, c->left), want = side_of(k, c->value);
	struct side high = c->high ? side_of(k, c->high) : want;
	int64_t by;

	if (k->why || holds(c->op, got, want, high))
		return;
	mismatch_add(k->x, tail, c->field, want_text(k, c, want), got_text(k, c, got));
	by = got.kind == VALUE_TIME ? distance(got, want, high, c->high != NULL) : 0;
	if (off && by > *off)
		*off = by;
}

int value_conditions_compare(struct sys_ctx *x, const struct assert_ast *a,
			     const struct values *v, struct mismatch ***tail, int64_t *off,
			     const char **why, struct span *at)
{
	struct comparison k = { .x = x, .values = v };
	const struct condition *c;

	STAILQ_FOREACH(c, &a->conditions, next)
		if (c->left)
			compare(&k, c, tail, off);
	*why = k.why;
	*at = k.at;
	return k.why ? -1 : 0;
}
