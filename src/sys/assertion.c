/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "sys/assertion.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "sys/args.h"
#include "sys/eval.h"
#include "sys/symbols.h"
#include "sys/tcp_names.h"
#include "sys/value_condition.h"

#include <inttypes.h>
#include <string.h>

/* The one field that is a text. */
static bool is_text_field(const char *name)
{
	return !strcmp(name, "cc_name");
}

/* ---- checking ---- */

static int find_symbol(const char *name, int64_t *v)
{
	int i;

	for (i = 0; tcp_name_tables[i]; i++)
		if (names_find(tcp_name_tables[i], name, v))
			return 0;
	return names_find(symbol_table, name, v) ? 0 : -1;
}

static const char *nearest_symbol(const char *name)
{
	const char *near = NULL;
	int i;

	for (i = 0; tcp_name_tables[i] && !near; i++)
		near = names_nearest(tcp_name_tables[i], name);
	return near ? near : names_nearest(symbol_table, name);
}

static int unknown(struct diag_sink *d, struct span at, const char *what, const char *name,
		   const char *near)
{
	return diag_error(d, at, "unknown %s: '%s'%s%s%s", what, name, near ? "; did you mean " : "",
			  near ? near : "", near ? "?" : "");
}

static int check_field(const struct condition *c, struct diag_sink *d)
{
	const char *near = tcp_field_nearest(c->field);

	if (is_text_field(c->field) || tcp_field_find(c->field))
		return 0;
	if (!near && names_near(c->field, "cc_name"))
		near = "cc_name";
	return unknown(d, c->field_span, "field", c->field, near);
}

static int check_word(const struct expr *e, bool alone, struct diag_sink *d)
{
	const char *near = alone ? tcp_field_nearest(e->text) : NULL;
	int64_t v;

	if (find_symbol(e->text, &v) == 0 || (alone && tcp_field_find(e->text)))
		return 0;
	return unknown(d, e->span, alone ? "field or symbol" : "symbol", e->text,
		       near ? near : nearest_symbol(e->text));
}

static int check_number(const struct expr *e, bool alone, struct diag_sink *d)
{
	const struct expr *part;
	int err = 0;

	switch (e->kind) {
	case EXPR_INT:
		if (e->num < 0 && !e->hex)
			return diag_error(d, e->span, "no field is ever negative");
		return 0;
	case EXPR_WORD:
		return check_word(e, alone, d);
	case EXPR_OR:
		STAILQ_FOREACH(part, e->items, next)
			err |= check_number(part, false, d);
		return err;
	default:
		return diag_error(d, e->span, "a number, a symbol or a field is expected here");
	}
}

static int check_text(const struct condition *c, struct diag_sink *d)
{
	if (c->op != CONDITION_EQ && c->op != CONDITION_NE)
		return diag_error(d, c->span, "%s is a text: only == and != compare it", c->field);
	if (c->value->kind != EXPR_STRING)
		return diag_error(d, c->value->span, "%s is a text: write \"reno\"", c->field);
	return 0;
}

static int check_range(const struct condition *c, struct diag_sink *d)
{
	if (check_number(c->value, true, d) | check_number(c->high, true, d))
		return -1;
	if (c->value->kind == EXPR_INT && c->high->kind == EXPR_INT &&
	    (uint64_t)c->value->num > (uint64_t)c->high->num)
		return diag_error(d, span_join(c->value->span, c->high->span), "the range is backwards");
	return 0;
}

static int check_condition(const struct condition *c, struct diag_sink *d)
{
	int err;

	if (c->left)
		return value_condition_check(c, d);
	err = check_field(c, d);
	if (is_text_field(c->field))
		return check_text(c, d);
	if (c->op == CONDITION_RANGE)
		return err | check_range(c, d);
	return err | check_number(c->value, true, d);
}

bool assertion_wants_sample(const struct assert_ast *a)
{
	const struct condition *c;

	STAILQ_FOREACH(c, &a->conditions, next)
		if (!c->left)
			return true;
	return a->fd != NULL;
}

int assertion_check(const struct assert_ast *a, struct diag_sink *d)
{
	const struct condition *c;
	int32_t fd;
	int err = a->fd ? eval_s32(a->fd, &fd, d) : 0;

	STAILQ_FOREACH(c, &a->conditions, next)
		err |= check_condition(c, d);
	return err;
}

/* ---- comparing ---- */

/* What one comparison works with. */
struct comparison {
	struct sys_ctx *x;
	const struct tcp_sample *sample;
	const char *unknown;	/* the first field that is not in the sample */
};

static bool is_cc_field(const struct tcp_field *f)
{
	return f->source == TCP_FIELD_BBR || f->source == TCP_FIELD_DCTCP ||
		f->source == TCP_FIELD_VEGAS;
}

/* The answers of congestion controls look alike; the name tells whose it is. */
static bool fits_cc(const struct tcp_field *f, const char *cc_name)
{
	enum tcp_field_source told = TCP_FIELD_VEGAS;

	if (!is_cc_field(f) || !cc_name)
		return true;
	if (!strncmp(cc_name, "bbr", 3))
		told = TCP_FIELD_BBR;
	else if (!strcmp(cc_name, "dctcp"))
		told = TCP_FIELD_DCTCP;
	return f->source == told;
}

static uint64_t field_value(struct comparison *k, const char *name)
{
	const struct tcp_field *f = tcp_field_find(name);
	uint64_t v = 0;

	if ((!fits_cc(f, k->sample->cc_name) || !tcp_sample_read(k->sample, f, &v)) && !k->unknown)
		k->unknown = f->name;
	return v;
}

static uint64_t value_of(struct comparison *k, const struct expr *e)
{
	const struct expr *part;
	int64_t v = 0;

	if (e->kind == EXPR_WORD)
		return find_symbol(e->text, &v) == 0 ? (uint64_t)v : field_value(k, e->text);
	if (e->kind != EXPR_OR)
		return (uint64_t)e->num;
	STAILQ_FOREACH(part, e->items, next)
		v |= (int64_t)value_of(k, part);
	return (uint64_t)v;
}

static bool holds(enum condition_op op, uint64_t got, uint64_t want, uint64_t high)
{
	switch (op) {
	case CONDITION_EQ:
		return got == want;
	case CONDITION_NE:
		return got != want;
	case CONDITION_LT:
		return got < want;
	case CONDITION_LE:
		return got <= want;
	case CONDITION_GT:
		return got > want;
	case CONDITION_GE:
		return got >= want;
	case CONDITION_BITS:
		return (got & want) == want;
	case CONDITION_RANGE:
		return got >= want && got <= high;
	}
	return false;
}

static const char *keep(struct arena *a, struct buf *b)
{
	const char *text = arena_strdup(a, buf_str(b));

	buf_free(b);
	return text;
}

static bool is_field(const struct expr *e)
{
	return e->kind == EXPR_WORD && tcp_field_find(e->text);
}

/* As written; a field named there with its value. */
static const char *want_text(struct comparison *k, const struct condition *c)
{
	struct buf b = { 0 };

	condition_print_want(c, &b);
	if (c->op != CONDITION_RANGE && is_field(c->value))
		buf_printf(&b, " (%" PRIu64 ")", value_of(k, c->value));
	return keep(k->x->arena, &b);
}

static const char *got_text(struct comparison *k, const struct condition *c, uint64_t got)
{
	struct buf b = { 0 };

	tcp_value_print(c->field, got, &b);
	return keep(k->x->arena, &b);
}

static void compare_text(struct comparison *k, const struct condition *c, struct mismatch ***tail)
{
	const char *got = k->sample->cc_name;
	bool same = got && strlen(got) == c->value->len && !strcmp(got, c->value->text);

	if (!got && !k->unknown)
		k->unknown = c->field;
	if (got && same != (c->op == CONDITION_EQ))
		mismatch_add(k->x, tail, c->field, want_text(k, c),
			     arena_printf(k->x->arena, "\"%s\"", got));
}

static void compare(struct comparison *k, const struct condition *c, struct mismatch ***tail)
{
	uint64_t got, want, high;

	if (is_text_field(c->field)) {
		compare_text(k, c, tail);
		return;
	}
	got = field_value(k, c->field);
	want = value_of(k, c->value);
	high = c->high ? value_of(k, c->high) : 0;
	if (!k->unknown && !holds(c->op, got, want, high))
		mismatch_add(k->x, tail, c->field, want_text(k, c), got_text(k, c, got));
}

struct mismatch *assertion_compare(struct sys_ctx *x, const struct assert_ast *a,
				   const struct tcp_sample *s, const char **unknown_field)
{
	struct mismatch *first = NULL, **tail = &first;
	struct comparison k = { .x = x, .sample = s };
	const struct condition *c;

	*unknown_field = NULL;
	STAILQ_FOREACH(c, &a->conditions, next) {
		if (c->left)
			continue;
		k.unknown = NULL;
		compare(&k, c, &tail);
		if (!*unknown_field)
			*unknown_field = k.unknown;
	}
	return first;
}

const char *tcp_field_missing(const struct tcp_sample *s, const char *field, struct arena *a)
{
	const struct tcp_field *f = tcp_field_find(field);

	if (f && is_cc_field(f))
		return arena_printf(a, "%s: congestion control %s does not tell it", field,
				    s->cc_name ? s->cc_name : "(unknown)");
	return arena_printf(a, "%s: this kernel does not tell it", field);
}
